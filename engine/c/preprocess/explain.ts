// A diagnostic with its context: the source line, the marked range, the macro expansions and the #includes that led
// there. Reads texts and locations; repeats preprocessing only to trace one token.

import type { Diagnostic, Severity, SourceMap } from "../lex/index.js";
import type { Preprocessed } from "./preprocess.js";

/** 1-based; columns count UTF-16 units, a tab counts as 1. */
export interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Column after the marked range. */
  readonly endColumn: number;
  /** The line as written; empty if there is no text. */
  readonly source: string;
}
export interface TrailStep extends Spot {
  /** macro: in the definition of a macro, or its call. included: at an #include. */
  readonly k: "macro" | "included";
  readonly message: string;
}
export interface Explained extends Spot {
  readonly severity: Severity;
  readonly message: string;
  /** Macros from the outermost inwards, then the #includes from the innermost outwards. */
  readonly trail: readonly TrailStep[];
}

/** Steps shown of a chain of #includes or macros; generated code may have hundreds. */
const MAX_STEPS = 12;

export interface Sources {
  readonly map: SourceMap;
  /** A file's text, or undefined if there is no such file. */
  read(path: string): string | undefined;
}

export function explain(d: Diagnostic, pp: Pick<Preprocessed, "trail" | "includedAt">, sources: Sources): Explained | undefined {
  const lines = new Map<string, readonly string[]>();
  const spot = (loc: number, end?: number): Spot | undefined => {
    const place = sources.map.place(loc);
    if (place === undefined) return undefined;
    let all = lines.get(place.file);
    if (all === undefined) lines.set(place.file, (all = sources.read(place.file)?.split("\n") ?? []));
    const source = (all[place.line - 1] ?? "").replace(/\r$/, "");
    const rest = source.slice(place.column - 1);
    // Without an end: the word or punctuator that begins there.
    const length = end === undefined ? (/^(?:#\s*\w+|\w+|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/.exec(rest)?.[0].length ?? 1) : end - loc;
    return { ...place, endColumn: place.column + Math.max(1, Math.min(length, rest.length)), source };
  };
  const trail: TrailStep[] = [];
  const step = (k: TrailStep["k"], loc: number, message: string): void => {
    const there = trail.length < MAX_STEPS ? spot(loc) : undefined;
    if (there !== undefined) trail.push({ k, message, ...there });
  };
  let { loc, end } = d;
  if (d.pos !== undefined && d.spell !== undefined && d.spell !== d.loc) {
    const { written, expansions } = pp.trail(d.pos);
    if (written > 0 && written !== d.loc) {
      const name = /^\w+/.exec(spot(d.loc)?.source.slice((spot(d.loc)?.column ?? 1) - 1) ?? "")?.[0];
      step("macro", d.loc, `in the arguments of macro '${name ?? ""}'`);
      loc = written;
      end = undefined;
    }
    for (const { name, place } of [...expansions].reverse()) step("macro", place, `in expansion of macro '${name}'`);
  }
  const here = spot(loc, end);
  if (here === undefined) return undefined;
  for (let at = pp.includedAt.get(here.file), n = 0; at !== undefined && n < MAX_STEPS; n++) {
    step("included", at, "included from here");
    const file = sources.map.file(at);
    at = file === undefined ? undefined : pp.includedAt.get(file);
  }
  return { severity: d.severity, message: d.message, ...here, trail };
}

/** The line, and below it a mark under the range. Tabs are kept, so that the mark is aligned at any tab width. */
export function excerpt({ line, column, endColumn, source }: Spot): string {
  if (source === "") return "";
  const before = source.slice(0, column - 1);
  // A very long line is shown from shortly before the range.
  const from = before.length > 120 ? before.length - 60 : 0;
  const shown = source.slice(from, from + 160);
  const number = String(line).padStart(5);
  const length = Math.max(1, Math.min(endColumn - column, shown.length - (before.length - from)));
  return `${number} | ${shown}\n${" ".repeat(number.length)} | ${before.slice(from).replace(/[^\t]/g, " ")}^${"~".repeat(length - 1)}\n`;
}

/** In the format of compilers, each line ended by a newline. `name` maps a path to the path to print. */
export function explainedText(e: Explained, name: (path: string) => string = (path) => path): string {
  const at = ({ file, line, column }: Spot): string => `${name(file)}:${String(line)}:${String(column)}`;
  const includes = e.trail.filter((s) => s.k === "included");
  const macros = e.trail.filter((s) => s.k === "macro");
  const from = includes.map(
    (s, i) => `${i === 0 ? "In file included from" : "                 from"} ${name(s.file)}:${String(s.line)}${i + 1 < includes.length ? "," : ":"}\n`,
  );
  return `${from.join("")}${at(e)}: ${e.severity}: ${e.message}\n${excerpt(e)}${macros.map((s) => `${at(s)}: note: ${s.message}\n${excerpt(s)}`).join("")}`;
}
