// An open file of the preprocessor: its read position and the tokens and text of its lines. Obeys no directive.
import type { LexedFile } from "./lexed-file.js";
import { STRIDE } from "../lex/index.js";

export interface Frame {
  readonly file: LexedFile;
  /** For `__FILE__`; #line may change it. */
  name: string;
  /** Position in the chain of directories; see FoundFile. */
  readonly dir: number;
  /** Next token, first token past the text or directive line being read, next directive. */
  pos: number;
  limit: number;
  next: number;
  /** Offset that #line added to the line numbers. */
  lineShift: number;
  /** A segment begins at `pos`. */
  atSegmentStart: boolean;
}

export function openFrame(file: LexedFile, name: string, dir: number): Frame {
  const limit = file.dirCount > 0 ? (file.dirHash[0] ?? 0) : file.count;
  return { file, name, dir, pos: 0, limit, next: 0, lineShift: 0, atSegmentStart: true };
}

/** Continues after a directive. */
export function moveAfter(frame: Frame, directive: number): void {
  const { file } = frame;
  frame.next = directive + 1;
  frame.pos = file.dirEnd[directive] ?? file.count;
  frame.limit = frame.next < file.dirCount ? (file.dirHash[frame.next] ?? file.count) : file.count;
}

/** Location of a token of the file. */
export function locOf({ file }: Frame, token: number): number {
  return token < file.count ? file.base + (file.offset[token] ?? 0) : file.base + file.text.length;
}

/** A line's text as written, comments included: for messages. */
export function lineText({ file }: Frame, from: number, end: number): string {
  if (from >= end) return "";
  const last = end - 1;
  return file.text.slice(file.offset[from] ?? 0, (file.offset[last] ?? 0) + file.atoms.text(file.value[last] ?? 0).length);
}

/** The tokens of a directive's line as records (see lex/pp-token.ts). */
export function lineRecords({ file }: Frame, from: number, end: number): Int32Array {
  const records = new Int32Array(Math.max(0, end - from) * STRIDE);
  for (let i = from, at = 0; i < end; i++, at += STRIDE) {
    records[at] = file.kind[i] ?? 0;
    records[at + 1] = file.value[i] ?? 0;
    records[at + 2] = file.base + (file.offset[i] ?? 0);
  }
  return records;
}
