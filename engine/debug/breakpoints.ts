// Breakpoints on lines and on function entries, with conditions and hit counts. Finds those at a position; the session
// evaluates conditions.

import type { Program } from "../c/ir/index.js";
import type { DebugBreakpoint, DebugFunctionBreakpoint, SetBreakpoint } from "./messages.js";
import type { Passing } from "./player.js";

/** A breakpoint on a line without code moves down to the next line with code, by at most this many lines. */
const FURTHER = 20;

export interface Breakpoint {
  readonly id: number;
  readonly byName: boolean;
  readonly condition: string | undefined;
  /** `hits` includes this hit. */
  wants(position: number, holds: (condition: string) => boolean, hits: () => number): boolean;
}

export class Breakpoints {
  severities: ReadonlySet<string> = new Set(["oops"]);
  private nextId = 1;
  /** By file, or "" for functions: index into Program.lines -> breakpoints there. */
  private readonly sets = new Map<string, Map<number, Breakpoint[]>>();
  private readonly byFile = new Map<string, Map<number, number[]>>();

  constructor(private readonly program: Program) {
    program.lines.forEach(({ file, line }, i) => {
      const lines = this.byFile.get(file) ?? new Map<number, number[]>();
      this.byFile.set(file, lines);
      const known = lines.get(line);
      if (known === undefined) lines.set(line, [i]);
      else known.push(i);
    });
  }

  at(place: Passing): readonly Breakpoint[] {
    if (place.kind !== "line") return [];
    let found: readonly Breakpoint[] = [];
    for (const set of this.sets.values()) {
      const here = set.get(place.at);
      if (here !== undefined) found = found.length === 0 ? here : [...found, ...here];
    }
    return found;
  }

  /** Indices into Program.lines of the first lines of the tree's functions with that name. */
  entriesOf(name: string): ReadonlySet<number> {
    const entries = new Set<number>();
    for (const fn of this.program.functions) {
      if (fn.origin !== "tree" || fn.name !== name) continue;
      const mark = fn.blocks[0]?.code.find((inst) => inst.k === "line");
      if (mark?.k === "line") entries.add(mark.cov);
    }
    return entries;
  }

  /** Replaces the breakpoints of a file. */
  setLines(file: string, requested: readonly DebugBreakpoint[]): readonly SetBreakpoint[] {
    const set = new Map<number, Breakpoint[]>();
    this.sets.set(file, set);
    const lines = this.byFile.get(file);
    return requested.map((b): SetBreakpoint => {
      const id = this.nextId++;
      if (lines === undefined) return { id, verified: false, message: "The program that ran contains no code from this file." };
      for (let line = b.line; line <= b.line + FURTHER; line++) {
        const indices = lines.get(line);
        if (indices === undefined) continue;
        put(set, indices, id, false, b);
        return { id, verified: true, line, file };
      }
      return { id, verified: false, message: "The program that ran has no code on this line." };
    });
  }

  setFunctions(requested: readonly DebugFunctionBreakpoint[]): readonly SetBreakpoint[] {
    const set = new Map<number, Breakpoint[]>();
    this.sets.set("", set);
    return requested.map((b): SetBreakpoint => {
      const id = this.nextId++;
      const name = b.name.trim();
      const entries = [...this.entriesOf(name)];
      const first = this.program.lines[entries[0] ?? -1];
      put(set, entries, id, true, b);
      return first === undefined
        ? { id, verified: false, message: `The program that ran contains no function ${name} of the tree.` }
        : { id, verified: true, line: first.line, file: first.file };
    });
  }
}

function put(set: Map<number, Breakpoint[]>, lines: readonly number[], id: number, byName: boolean, b: DebugBreakpoint | DebugFunctionBreakpoint): void {
  const { condition, hits: limit } = b;
  const breakpoint: Breakpoint = {
    id,
    byName,
    condition,
    wants: (_position, holds, hits) => (condition === undefined || holds(condition)) && (limit === undefined || enough(limit, hits())),
  };
  for (const line of lines) {
    const known = set.get(line);
    if (known === undefined) set.set(line, [breakpoint]);
    else known.push(breakpoint);
  }
}

/** "5" and "== 5": the fifth time; "> 5", ">= 5", "< 5", "<= 5"; "% 5": every fifth time. */
function enough(limit: string, hits: number): boolean {
  const m = /^\s*(==|=|>=|>|<=|<|%)?\s*(\d+)\s*$/.exec(limit);
  if (m === null) return true;
  const n = Number(m[2]);
  switch (m[1]) {
    case ">=":
      return hits >= n;
    case ">":
      return hits > n;
    case "<=":
      return hits <= n;
    case "<":
      return hits < n;
    case "%":
      return n > 0 && hits % n === 0;
    default:
      return hits === n;
  }
}
