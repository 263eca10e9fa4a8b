// Quoting: at which depth of quote marks the diff stands, and the text at that depth without its marks.
// Lines of another depth stay in place, marked as outside. It must not know how a hunk is read.

import type { RawLine, TextLine } from "./types.js";

export interface QuoteStyle {
  /** Number of quote marks before the diff; 0 for a mail that is the patch itself. */
  readonly depth: number;
  /** Whether a blank stands between the last mark and the text. */
  readonly blank: boolean;
}

interface Marks {
  readonly depth: number;
  /** Index behind each mark. */
  readonly ends: readonly number[];
}

const MAX_DEPTH = 40;

/** Quote marks at the start of a line: `> > `, `>>`, `| `, or with initials as in `GB> `. */
function marksOf(text: string): Marks {
  const ends: number[] = [];
  let i = 0;
  const initials = /^[A-Z][A-Za-z]{0,3}(?=>)/.exec(text);
  if (initials !== null) i = initials[0].length;
  while (ends.length < MAX_DEPTH) {
    let at = i;
    if (text[at] === " ") at += 1;
    const c = text[at];
    if (c !== ">" && c !== "|") break;
    i = at + 1;
    ends.push(i);
  }
  return { depth: ends.length, ends };
}

const HUNK_START = /^@@ ?-\d/;

/** The depth that holds the most hunk headers, the least depth of those; undefined where there is no hunk header at any depth. */
export function quoteStyle(lines: readonly TextLine[]): QuoteStyle | undefined {
  const counts = new Map<number, { plain: number; blank: number }>();
  for (const { text } of lines) {
    if (!text.includes("@@") && !text.includes("diff --git")) continue;
    const marks = marksOf(text);
    const rest = text.slice(marks.ends[marks.ends.length - 1] ?? 0);
    const bare = rest.replace(/^ /, "");
    // A file header counts a little: a mail may hold renames and nothing else.
    const weight = HUNK_START.test(bare) ? 1 : bare.startsWith("diff --git ") ? 0.01 : 0;
    if (weight === 0) continue;
    const count = counts.get(marks.depth) ?? { plain: 0, blank: 0 };
    if (rest.startsWith(" ")) count.blank += weight;
    else count.plain += weight;
    counts.set(marks.depth, count);
  }
  let best: { readonly depth: number; readonly plain: number; readonly blank: number } | undefined;
  for (const [depth, count] of [...counts].sort((a, b) => a[0] - b[0])) {
    if (best === undefined || count.plain + count.blank > best.plain + best.blank) best = { depth, ...count };
  }
  return best === undefined ? undefined : { depth: best.depth, blank: best.blank > best.plain };
}

export interface Unquoted {
  readonly lines: readonly RawLine[];
  /** Lines whose marks were removed. */
  readonly unquoted: number;
  /** Ends of wrapped lines that had lost their marks. */
  readonly joined: number;
}

/** The lines at the style's depth without their marks; all other lines marked as outside. */
export function unquote(lines: readonly TextLine[], style: QuoteStyle): Unquoted {
  if (style.depth === 0) {
    const bare = style.blank ? (text: string): string => text.replace(/^ /, "") : (text: string): string => text;
    return { lines: lines.map(({ text, line }) => ({ text: bare(text), line, outside: false })), unquoted: 0, joined: 0 };
  }
  let unquoted = 0;
  const bare = lines.map(({ text, line }): RawLine => {
    const end = marksOf(text).ends[style.depth - 1];
    if (end === undefined) return { text, line, outside: true };
    unquoted += 1;
    const start = style.blank && text[end] === " " ? end + 1 : end;
    return { text: text.slice(start), line, outside: false };
  });
  const result: RawLine[] = [];
  let joined = 0;
  bare.forEach((source, i) => {
    const last = result[result.length - 1];
    if (last !== undefined && isWrappedEnd(last, source, bare[i + 1])) {
      result[result.length - 1] = { ...last, text: `${last.text.trimEnd()} ${source.text.trim()}` };
      joined += 1;
    } else {
      result.push(source);
    }
  });
  return { lines: result, unquoted, joined };
}

/** Mailers wrap no earlier. */
const WRAP_COLUMN = 64;

/** The end of a quoted line that a mailer wrapped: bare text between two quoted lines, too long to have stood on the first. */
function isWrappedEnd(last: RawLine, source: RawLine, next: RawLine | undefined): boolean {
  if (last.outside || !source.outside || next?.outside !== false || last.text.trim() === "" || source.text.trim() === "") return false;
  const word = source.text.trim().split(" ", 1)[0] ?? "";
  // Reply text begins with a capital letter and follows an empty line as a rule; a tab counts for eight columns.
  return last.text.replaceAll("\t", "        ").length + 1 + word.length > WRAP_COLUMN;
}
