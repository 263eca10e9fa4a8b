// What a subcommand of the command line is. Must not know a subcommand.

import type { Arguments } from "./cli-input.js";

export interface Command {
  readonly name: string;
  /** Its lines of the help: arguments and purpose. */
  readonly usage: string;
  /** Arguments after its name that are not options, at most. */
  readonly maxArguments: number;
  /** Resolves to the exit status; throws BadInput. */
  readonly run: (args: Arguments) => Promise<number>;
}
