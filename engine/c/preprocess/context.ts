// The part of a run that its directives, pragmas and built-in macros read and change. An interface, so that they do not
// import the run that calls them.
import type { Expander } from "./expand.js";
import type { Frame } from "./frame.js";
import type { FoundFile } from "./includes.js";
import type { PreprocessOptions } from "./options.js";
import type { TokenOutput } from "./output.js";
import type { Sharing } from "./sharing.js";

export interface Header {
  readonly name: string;
  /** Written with quotes: searched next to the including file first. */
  readonly quoted: boolean;
}

export interface RunContext {
  readonly options: PreprocessOptions;
  readonly output: TokenOutput;
  readonly expander: Expander;
  readonly sharing: Sharing;
  /** The open files, outermost first. */
  readonly frames: readonly Frame[];
  /** Paths of files with #pragma once. */
  readonly once: Set<string>;
  report(severity: "error" | "warning", code: string, message: string, loc: number): void;
  /** `next`: search as #include_next does. */
  find(header: Header, frame: Frame, next: boolean): FoundFile | undefined;
  /** Opens a file unless its include guard or #pragma once makes it empty. `loc`: of the #include. */
  include(found: FoundFile, loc: number): void;
}
