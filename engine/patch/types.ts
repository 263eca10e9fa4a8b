// The shapes between reading a patch and applying it: plain data that survives structured cloning.
// Lines are kept as in the mail, with the repairs recorded next to them.

import type { Problem } from "../base/index.js";

/** A line of text with its place in the input (1-based), through MIME decoding. */
export interface TextLine {
  readonly text: string;
  readonly line: number;
}

/** A line of a diff's region. */
export interface RawLine extends TextLine {
  /** Not of the diff's quote depth: reply text between quoted lines, or the rest of a wrapped quoted line. */
  readonly outside: boolean;
}

/**
 * Repair of a line: `blank` leading blank restored, `empty` context line without any character, `joined` from wrapped
 * lines, `inserted` empty line that the text had lost, `sign` context line that begins with + or - and had lost its blank.
 */
export type LineRepair = "blank" | "empty" | "joined" | "inserted" | "sign";

export interface HunkLine {
  readonly kind: "context" | "add" | "delete";
  /** Without the diff's sign. */
  readonly text: string;
  /** Line in the input. */
  readonly line: number;
  readonly repair?: LineRepair;
  /** `\ No newline at end of file` follows. */
  readonly noNewline?: true;
}

/** A reading of a hunk's body that agrees with the counts in its header. */
export interface Reading {
  readonly lines: readonly HunkLine[];
  /** Reply lines between the hunk's lines that were left out. */
  readonly skipped: number;
  /** The counts allow no other reading; otherwise the tree must confirm it. */
  readonly sure: boolean;
  /** The header's counts are wrong; the signs decided. */
  readonly corrected?: true;
}

export interface Hunk {
  /** Number in the patch set, from 0; selections use it. */
  readonly index: number;
  /** The line `@@ -a,b +c,d @@ …`. */
  readonly header: string;
  readonly line: number;
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** What follows the second `@@`: usually the function's first line, maybe cut. */
  readonly section: string;
  readonly reading: Reading;
  /** All lines up to the next header, for other readings. */
  readonly raw: readonly RawLine[];
}

export interface FilePatch {
  /** As written, with `a/`; undefined for a file that the patch creates (`/dev/null`). */
  readonly oldPath: string | undefined;
  readonly newPath: string | undefined;
  readonly kind: "modify" | "create" | "delete" | "rename" | "copy";
  readonly hunks: readonly Hunk[];
  readonly line: number;
}

export interface PatchSet {
  /** Name of the input, as messages show it. */
  readonly name: string;
  /** Without `Re:` and without the bracket (`[PATCH v2 1/3]`). */
  readonly subject: string;
  /** The patch's author: `Name <address>`. */
  readonly from: string;
  /** As written. */
  readonly date?: string;
  /** `v2`; absent for a first version. */
  readonly version?: string;
  /** The commit message. */
  readonly body: string;
  /** In the order of the text. A file can occur more than once where the input is a series. */
  readonly files: readonly FilePatch[];
  /** All hunks of all files, by index. */
  readonly hunks: readonly Hunk[];
  /** The repairs that reading it took, as text with counts. */
  readonly repairs: readonly string[];
  /** The same without the hunks' own lines, which may change when the tree is known. */
  readonly mailRepairs: readonly string[];
}

export interface HunkResult {
  readonly file: string;
  /** The line `@@ -a,b +c,d @@ …`. */
  readonly header: string;
  /** `off`: excluded by the reader. */
  readonly status: "applied" | "offset" | "fuzz" | "already-applied" | "failed" | "off";
  /** First line of the hunk in the tree's file (1-based); of the nearest place when it failed. */
  readonly line: number;
  readonly offset?: number;
  readonly fuzz?: number;
  /** Failed: what differs at the nearest place. Fuzz: which context lines were ignored. */
  readonly detail?: string;
  /** Set after both variants ran. */
  readonly reach?: HunkReach;
}

/** The reach of a hunk: changed lines with code (added ones in the patched program, deleted ones in the tree's), and how many ran. */
export interface HunkReach {
  /** Whether a compiled unit reads the file. */
  readonly compiled: boolean;
  readonly code: number;
  readonly ran: number;
}

/** Lines that a hunk changed, from 1: added ones in the patched text, deleted ones in the tree's. */
export interface ChangedLines {
  readonly added: readonly number[];
  readonly deleted: readonly number[];
}

export interface AppliedPatch {
  /** One for each selected hunk, in the order of the hunks' indices. */
  readonly hunks: readonly HunkResult[];
  /** New text of every file that changed, by path in the tree. */
  readonly files: ReadonlyMap<string, string>;
  /** Paths that the patch deletes or renames away. */
  readonly deleted: ReadonlySet<string>;
  /** By the hunk's number; hunks that found a place. */
  readonly changed: ReadonlyMap<number, ChangedLines>;
  /** All repairs: of the mail, of the hunks' lines, and those made with the tree's help. */
  readonly repairs: readonly string[];
  /** Why the patch as a whole does not fit the tree, for example because it touches no file of it. */
  readonly problems: readonly Problem[];
}
