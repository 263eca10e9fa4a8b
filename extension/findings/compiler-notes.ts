// How a compile error came about, for the editor to show beneath it: each macro and each #include on the way. Text that
// is in no file of the tree cannot be shown and is left out. Knows nothing of vscode.

import type { Reason } from "../../engine/protocol.js";

/** Lines and columns are 1-based; `to` is the column after the last character meant. */
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

/** The columns of what the compiler means on its line; undefined where it did not say. */
export function meantColumns({ column, endColumn }: Reason): { readonly from: number; readonly to: number } | undefined {
  return column === undefined || endColumn === undefined ? undefined : { from: column, to: endColumn };
}
