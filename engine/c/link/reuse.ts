// Reuse of lowered functions: they are cached by unit, and reused from an earlier unit of the same file if only line numbers
// differ. Must not lower or link.

import type { FuncSym, VarSym } from "../types/index.js";
import type { IrFunction, LineRef, Origin, Signature, Site } from "../ir/index.js";
import { sameTokens, type Unit } from "../syntax/index.js";

export interface LinkUnit {
  readonly unit: Unit;
  readonly origin: Origin;
  place(loc: number): { readonly file: string; readonly line: number };
  /** Only the line; 0 if there is none. */
  line?(loc: number): number;
  /** Earlier units of the same file, whose unchanged functions are reused. */
  readonly earlier?: readonly LinkUnit[];
}

export interface FuncDef {
  readonly of: LinkUnit;
  readonly sym: FuncSym;
}

/** Lowered functions live as long as their unit; variants of a tree share their equal units. */
export const lowered = new WeakMap<Unit, Map<FuncSym, Lowered>>();
export interface Lowered {
  readonly ir: IrFunction;
  readonly key: string; // names that resolved to services when it was lowered
  readonly sites: readonly Site[];
  readonly lines: readonly LineRef[];
  readonly strings: readonly Uint8Array[];
  readonly statics: readonly VarSym[];
  readonly refs: readonly string[];
  readonly sigs: ReadonlyMap<string, Signature>;
  /** The linked functions, by their numbers in the program. */
  readonly linked: Linked[];
}
interface Linked {
  readonly firstSite: number;
  readonly lines: readonly number[];
  readonly strings: readonly string[];
  readonly ir: IrFunction;
}
/** Two variants, before and after an edit. */
export const LINKED = 4;

export function sameItems<V>(a: readonly V[], b: readonly V[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

const compared = new WeakMap<Unit, WeakMap<Unit, boolean>>();
export function alike(a: Unit, b: Unit): boolean {
  let known = compared.get(a);
  if (known === undefined) compared.set(a, (known = new WeakMap()));
  let is = known.get(b);
  if (is === undefined) known.set(b, (is = a.sameButBodies(b)));
  return is;
}

/** By how many lines a function moved down since an earlier unit; undefined if it changed otherwise. */
export function movedBy(def: FuncDef, earlier: FuncDef): number | undefined {
  const now = def.sym.body;
  const then = earlier.sym.body;
  if (now === undefined || then === undefined) return undefined;
  const tokens = now.block.tokens;
  const old = then.block.tokens;
  if (tokens === old) return now.from === then.from ? 0 : undefined;
  const length = now.to - now.from;
  const line = def.of.line?.bind(def.of);
  if (line === undefined || length !== then.to - then.from || !sameTokens(tokens, now.from, old, then.from, length)) return undefined;
  const by = line(def.sym.loc) - line(earlier.sym.loc);
  if (def.sym.params.some((p, i) => line(p.loc) - line(earlier.sym.params[i]?.loc ?? 0) !== by)) return undefined;
  let last = -1;
  for (let i = 0; i < length; i++) {
    const at = tokens.loc[now.from + i] ?? 0;
    if (at === last) continue;
    last = at;
    if (line(at) - line(old.loc[then.from + i] ?? 0) !== by) return undefined;
  }
  return by;
}

/** The function moved down by some lines. */
export function moved(l: Lowered, by: number): Lowered {
  return {
    ...l,
    ir: { ...l.ir, line: l.ir.line + by },
    sites: l.sites.map((s) => new MovedSite(s instanceof MovedSite ? s.of : s, s.line + by)),
    lines: l.lines.map((x) => ({ file: x.file, line: x.line + by, ...(x.end === undefined ? {} : { end: x.end + by }) })),
    linked: l.linked.map((x) => ({ ...x, ir: { ...x.ir, line: x.ir.line + by } })),
  };
}
class MovedSite implements Site {
  readonly file: string;
  readonly fn: string;
  readonly symbol: string;
  constructor(
    readonly of: Site,
    readonly line: number,
  ) {
    this.file = of.file;
    this.fn = of.fn;
    this.symbol = of.symbol;
  }
  get text(): string {
    return this.of.text;
  }
}
