// The origin of a compile error, for the editor to show beneath it: each macro expansion and #include on the path to it.
// Text that is in no file of the tree cannot be shown and is left out. Must not depend on vscode.

import type { Reason } from "../../engine/protocol.js";

/** Lines and columns are 1-based; `to` is the column after the last character. */
export interface CompilerNote {
  readonly file: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** Macros from the outermost inwards, then #includes from the innermost outwards. */
export function compilerNotes({ trail = [] }: Reason): readonly CompilerNote[] {
  return trail
    .filter(({ file }) => !file.startsWith("<") && !file.startsWith("tcescope/"))
    .map(({ file, line, column, endColumn, message }) => ({ file, line, from: column, to: endColumn, message }));
}

/** The columns that the error refers to; undefined if the compiler did not report them. */
export function errorColumns({ column, endColumn }: Reason): { readonly from: number; readonly to: number } | undefined {
  return column === undefined || endColumn === undefined ? undefined : { from: column, to: endColumn };
}
