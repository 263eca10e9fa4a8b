// A file of the tree while hunks are applied: lines with their number in the tree, their comparison key, and the hunk that
// added them. Must not know how the place of a hunk is found.

import { lineKey } from "./match.js";

export interface FileLine {
  readonly text: string;
  readonly key: string;
  /** 1-based line in the tree's file; 0 for a line that the patch added. */
  readonly origin: number;
  /** Number of the hunk that added it. */
  readonly hunk?: number;
}

export class FileText {
  readonly lines: FileLine[];
  /** The last line ends with a line break. */
  finalNewline: boolean;
  private readonly eol: string;
  private keyList: readonly string[] | undefined;
  private textList: readonly string[] | undefined;

  constructor(text: string) {
    this.eol = /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
    const parts = text.split("\n");
    this.finalNewline = text === "" || text.endsWith("\n");
    if (parts[parts.length - 1] === "") parts.pop();
    this.lines = parts.map((part, i) => {
      const line = part.endsWith("\r") ? part.slice(0, -1) : part;
      return { text: line, key: lineKey(line), origin: i + 1 };
    });
  }

  keys(): readonly string[] {
    this.keyList ??= this.lines.map((line) => line.key);
    return this.keyList;
  }

  texts(): readonly string[] {
    this.textList ??= this.lines.map((line) => line.text);
    return this.textList;
  }

  /** Line in the tree (1-based) at index `at`, or the next line that the tree has. */
  treeLine(at: number): number {
    for (let i = Math.max(0, at); i < this.lines.length; i += 1) {
      const origin = this.lines[i]?.origin ?? 0;
      if (origin > 0) return origin;
    }
    for (let i = Math.min(at, this.lines.length) - 1; i >= 0; i -= 1) {
      const origin = this.lines[i]?.origin ?? 0;
      if (origin > 0) return origin + 1;
    }
    return 1;
  }

  /** Replaces `count` lines at index `at`. */
  replace(at: number, count: number, lines: readonly FileLine[]): void {
    const rest = this.lines.splice(at).slice(count);
    for (const line of lines) this.lines.push(line);
    for (const line of rest) this.lines.push(line);
    this.keyList = undefined;
    this.textList = undefined;
  }

  toString(): string {
    if (this.lines.length === 0) return "";
    return this.lines.map((line) => line.text).join(this.eol) + (this.finalNewline ? this.eol : "");
  }
}
