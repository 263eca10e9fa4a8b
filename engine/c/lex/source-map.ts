// One numbering of all characters of all files read: a location is a plain number, 0 is no location. A text keeps its
// numbers for the life of the map, so results of earlier runs stay readable after an edit. Must not depend on tokens.

/** Path relative to the tree (or `<supplied>/…`), 1-based line and column; columns count UTF-16 units. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface Entry {
  readonly path: string;
  readonly base: number;
  readonly length: number;
  /** Released once the line table exists. */
  text: string | undefined;
  lines: Int32Array | undefined;
}

/** Offsets of the first character of each line. */
function lineStarts(text: string): Int32Array {
  const starts: number[] = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return Int32Array.from(starts);
}

/** Greatest index whose element is <= value, or -1. */
function lastAtMost(count: number, at: (index: number) => number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class SourceMap {
  private readonly entries: Entry[] = [];
  private next = 1;

  /** Characters numbered so far. Memory use grows with it, and other code stores locations in 31 bits. */
  get extent(): number {
    return this.next;
  }

  /** Numbers a new text and returns its base: character `i` has location `base + i`; `base + length` is its end. */
  add(path: string, text: string): number {
    const base = this.next;
    this.entries.push({ path, base, length: text.length, text, lines: undefined });
    this.next = base + text.length + 1;
    return base;
  }

  private entry(loc: number): Entry | undefined {
    if (loc <= 0) return undefined;
    const found = this.entries[lastAtMost(this.entries.length, (index) => this.entries[index]?.base ?? 0, loc)];
    return found !== undefined && loc <= found.base + found.length ? found : undefined;
  }

  private linesOf(entry: Entry): Int32Array {
    entry.lines ??= lineStarts(entry.text ?? "");
    entry.text = undefined;
    return entry.lines;
  }

  /** Releases a text that will not be read again; its locations stay valid. */
  settle(base: number): void {
    const entry = this.entry(base);
    if (entry !== undefined) this.linesOf(entry);
  }

  /** Undefined for 0 and for numbers that belong to no file. */
  place(loc: number): SourcePlace | undefined {
    const entry = this.entry(loc);
    if (entry === undefined) return undefined;
    const lines = this.linesOf(entry);
    const offset = loc - entry.base;
    const line = lastAtMost(lines.length, (index) => lines[index] ?? 0, offset);
    return { file: entry.path, line: line + 1, column: offset - (lines[line] ?? 0) + 1 };
  }

  /** The path only, without building a line table. */
  file(loc: number): string | undefined {
    return this.entry(loc)?.path;
  }

  /** The 1-based line only, or 0. Faster than `place` for callers that process whole files. */
  line(loc: number): number {
    const entry = this.entry(loc);
    if (entry === undefined) return 0;
    const lines = this.linesOf(entry);
    return lastAtMost(lines.length, (index) => lines[index] ?? 0, loc - entry.base) + 1;
  }

  /** Location of the first character of a 1-based line in the newest text of `path`, or 0. */
  locate(path: string, line: number): number {
    for (let index = this.entries.length - 1; index >= 0; index--) {
      const entry = this.entries[index];
      if (entry?.path !== path) continue;
      const start = this.linesOf(entry)[line - 1];
      return start === undefined ? 0 : entry.base + start;
    }
    return 0;
  }
}
