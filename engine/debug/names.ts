// Names of a program: the variables of a function, where each is stored in a suspended activation and in which lines it is
// in scope; globals by name. Must not read memory.

import type { CType, FuncSym, FunctionBody, Stmt, VarSym } from "../c/types/index.js";
import type { IrFunction, Program } from "../c/ir/index.js";
import type { LinkUnit } from "../c/link/index.js";
import { type LowerContext, Lowering } from "../c/lower/index.js";
import { Atoms } from "../c/lex/index.js";

/** Where a variable is: an IR local, an offset in the C stack frame, an address; "nowhere" if nothing uses it. */
export type Home =
  | { readonly k: "local"; readonly local: number }
  | { readonly k: "frame"; readonly off: number }
  | { readonly k: "static"; readonly symbol: string }
  | { readonly k: "nowhere" };

export interface Variable {
  readonly name: string;
  readonly sym: VarSym;
  readonly type: CType;
  readonly home: Home;
  readonly parameter: boolean;
  /** Lines of its scope; it is declared in the first. */
  readonly from: number;
  readonly to: number;
}

export interface FunctionNames {
  readonly of: LinkUnit;
  readonly sym: FuncSym;
  readonly variables: readonly Variable[];
}

export class Names {
  private readonly functions = new Map<string, FunctionNames | undefined>();
  private readonly byUnit = new Map<string, LinkUnit>();

  /** The table of the names of all units: they come from one compiler. */
  readonly atoms: Atoms;

  constructor(
    readonly program: Program,
    readonly units: readonly LinkUnit[],
  ) {
    this.atoms = units[0]?.unit.atoms ?? new Atoms();
    for (const of of units) this.byUnit.set(of.unit.name, of);
  }

  /** Undefined for a function whose text is gone or did not compile. */
  function(fn: IrFunction): FunctionNames | undefined {
    if (this.functions.has(fn.symbol)) return this.functions.get(fn.symbol);
    const made = this.read(fn);
    this.functions.set(fn.symbol, made);
    return made;
  }

  /** The unit of a file, or any other. */
  unitOf(file: string): LinkUnit | undefined {
    return this.byUnit.get(file) ?? this.units[0];
  }

  private find(symbol: string): { readonly of: LinkUnit; readonly sym: FuncSym } | undefined {
    const cut = symbol.indexOf("@");
    const name = cut < 0 ? symbol : symbol.slice(0, cut);
    const own = cut < 0 ? undefined : this.byUnit.get(symbol.slice(cut + 1));
    let weak: { readonly of: LinkUnit; readonly sym: FuncSym } | undefined;
    for (const of of own === undefined ? this.units : [own]) {
      const sym = of.unit.symbol(name);
      if (sym?.kind !== "func" || sym.body === undefined || sym.link !== symbol) continue;
      if (!sym.attrs.weak) return { of, sym };
      weak ??= { of, sym };
    }
    return weak;
  }

  private read(fn: IrFunction): FunctionNames | undefined {
    const found = this.find(fn.symbol);
    if (found === undefined) return undefined;
    const { of, sym } = found;
    const body = of.unit.body(sym);
    if (!("body" in body)) return undefined;
    const lowering = new Lowering(of.unit, body, contextOf(of));
    const ir = lowering.finish();
    // If lowering it again gives other code than what runs, nothing is known of its variables.
    if (ir.locals.length !== fn.locals.length || ir.frameSize !== fn.frameSize) return { of, sym, variables: [] };
    const homeOf = (v: VarSym): Home => {
      const home = lowering.homeOf(v);
      if (home === undefined) return { k: "nowhere" };
      return "local" in home ? { k: "local", local: home.local } : { k: "frame", off: home.off };
    };
    return { of, sym, variables: [...parametersOf(of, body, homeOf), ...localsOf(of, body, homeOf)] };
  }
}

function contextOf(of: LinkUnit): LowerContext {
  let sites = 0;
  let lines = 0;
  let strings = 0;
  return {
    origin: of.origin,
    place: (loc) => of.place(loc),
    site: () => sites++,
    line: () => lines++,
    string: () => `.str${String(strings++)}`,
    target: (_name, link) => link,
    staticVar: () => undefined,
  };
}

function parametersOf(of: LinkUnit, body: FunctionBody, homeOf: (v: VarSym) => Home): readonly Variable[] {
  const line = of.place(body.sym.loc).line;
  return body.params
    .filter((p) => p.name !== 0)
    .map((sym) => ({
      name: of.unit.atoms.text(sym.name),
      sym,
      type: sym.type,
      home: homeOf(sym),
      parameter: true,
      from: Math.min(line, of.place(sym.loc).line),
      to: Infinity,
    }));
}

/** Variables of the function's own blocks. Those of statement expressions belong to macros and are left out. */
function localsOf(of: LinkUnit, body: FunctionBody, homeOf: (v: VarSym) => Home): readonly Variable[] {
  const found: Variable[] = [];
  const lineOf = (s: { readonly loc: number }): number => of.place(s.loc).line;
  const add = (sym: VarSym, end: number): void => {
    if (sym.name === 0) return;
    const home: Home = sym.storage === "static" ? { k: "static", symbol: sym.link } : homeOf(sym);
    found.push({ name: of.unit.atoms.text(sym.name), sym, type: sym.type, home, parameter: false, from: of.place(sym.loc).line, to: end });
  };
  const visit = (s: Stmt | undefined, end: number): void => {
    if (s === undefined) return;
    switch (s.k) {
      case "block":
        s.body.forEach((inner, i) => {
          const next = s.body[i + 1];
          // A declaration is in scope to the block's end; the scope of anything else ends at the next statement.
          visit(inner, inner.k === "decl" || inner.k === "vla" || next === undefined ? end : Math.max(lineOf(inner), lineOf(next) - 1));
        });
        return;
      case "decl":
      case "vla":
        add(s.sym, end);
        return;
      case "if":
        visit(s.a, s.b === undefined ? end : Math.max(lineOf(s.a), lineOf(s.b)));
        visit(s.b, end);
        return;
      case "for":
        visit(s.init, end);
        visit(s.body, end);
        return;
      case "while":
      case "do":
      case "switch":
      case "case":
      case "label":
        visit(s.body, end);
        return;
      default:
        return;
    }
  };
  visit(body.body, Infinity);
  for (const sym of body.statics) if (!found.some((v) => v.sym === sym)) add(sym, Infinity);
  return found;
}

/** The variables in scope at a line; of those that share a name the innermost. */
export function inSight(variables: readonly Variable[], line: number): readonly Variable[] {
  const byName = new Map<string, Variable>();
  for (const v of variables) {
    if (line < v.from || line > v.to) continue;
    const other = byName.get(v.name);
    if (other === undefined || v.from >= other.from) byName.set(v.name, v);
  }
  return [...byName.values()];
}
