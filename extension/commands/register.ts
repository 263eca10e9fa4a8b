// Registers every command of the list.

import { commands, Disposable } from "vscode";
import type { Command, Services } from "./command.js";
import * as list from "./list.js";

export function registerCommands(services: Services): Disposable {
  const all: readonly Command[] = Object.values(list);
  return Disposable.from(...all.map(({ id, run }) => commands.registerCommand(id, (...args: unknown[]) => run(services, ...args))));
}
