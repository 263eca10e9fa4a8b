// One translation unit: all declarations parsed at once, each function body when something asks for it.

import type { FuncSym, FunctionBody, Sym, VarSym } from "./ast.js";
import type { Diagnostic } from "./diagnostic.js";
import { parseBlock } from "./parse-stmt.js";
import { parseExternal } from "./parse-decl.js";
import { K } from "./keywords.js";
import { noAttrs, ParseError, Parser } from "./parser.js";
import { atoms, type TokenStream } from "./tokens.js";
import type { CType } from "./types.js";

export class Unit {
  private readonly bodies = new Map<FuncSym, FunctionBody | Diagnostic>();

  private constructor(
    readonly name: string,
    private readonly p: Parser,
  ) {}

  /** Parses a unit's declarations. Never throws on text; see `diagnostics`. */
  static parse(tokens: TokenStream, name: string, atLineStart?: (loc: number) => boolean): Unit {
    const p = new Parser(tokens, name, atLineStart);
    while (p.p < p.end) {
      const start = p.p;
      try {
        p.depth = 0;
        p.scopes.length = 1;
        parseExternal(p);
      } catch (e) {
        if (!(e instanceof ParseError)) throw e;
        p.report(e);
        recover(p, start);
      }
    }
    return new Unit(name, p);
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.p.diagnostics;
  }
  get symbols(): readonly (VarSym | FuncSym)[] {
    return this.p.fileSyms;
  }
  symbol(name: string): Sym | undefined {
    return this.p.scopes[0]?.syms.get(atoms.of(name));
  }
  nameOf(sym: FuncSym): string {
    return atoms.text(sym.name);
  }
  /** The text of tokens from..to, as written after preprocessing, cut at 60 characters. */
  text(from: number, to: number): string {
    let s = "";
    for (let i = from; i < to && s.length < 60; i++) {
      const t = this.p.spelling(i);
      s += /\w$/.test(s) && /^\w/.test(t) ? ` ${t}` : t;
    }
    return s;
  }
  tag(name: string): CType | undefined {
    return this.p.scopes[0]?.tags.get(atoms.of(name));
  }

  /** Complete structs and unions at file scope, by how a declaration names them. */
  *types(): Iterable<readonly [string, CType]> {
    const file = this.p.scopes[0];
    for (const [tag, type] of file?.tags ?? []) if (type.body?.complete === true) yield [`${type.body.union ? "union" : "struct"} ${atoms.text(tag)}`, type];
    for (const [name, sym] of file?.syms ?? []) if (sym.kind === "typedef" && sym.type.body?.complete === true && sym.type.tag === 0) yield [atoms.text(name), sym.type];
  }

  /** The body of a function defined here, or the diagnostic that says why it could not be parsed. */
  body(sym: FuncSym): FunctionBody | Diagnostic {
    const known = this.bodies.get(sym);
    if (known !== undefined) return known;
    const made = this.parseBody(sym);
    this.bodies.set(sym, made);
    return made;
  }

  private parseBody(sym: FuncSym): FunctionBody | Diagnostic {
    const p = this.p;
    const range = sym.body;
    if (range === undefined) return { severity: "error", code: "no-body", message: `'${atoms.text(sym.name)}' has no body`, loc: sym.loc };
    if (range.broken !== undefined) return { severity: "error", code: "unbalanced", message: "its braces do not pair", loc: p.loc[range.broken] ?? sym.loc };
    const autos: VarSym[] = [];
    const statics: VarSym[] = [];
    p.p = range.from;
    p.depth = 0;
    p.horizon = range.from;
    p.scopes.length = 1;
    p.fn = { sym, autos, statics, switches: [] };
    const said = p.diagnostics.length;
    try {
      p.push();
      const params = sym.params.map((param): VarSym => {
        const v: VarSym = {
          kind: "var",
          name: param.name,
          type: param.type,
          link: "",
          storage: "auto",
          loc: param.loc,
          pos: range.from,
          addressTaken: false,
          init: undefined,
          defined: true,
          tentative: false,
          attrs: noAttrs,
          index: autos.length,
        };
        autos.push(v);
        if (param.name !== 0) p.scope.syms.set(param.name, v);
        return v;
      });
      const body = parseBlock(p);
      const error = p.diagnostics.slice(said).find((d) => d.severity === "error");
      if (error !== undefined) return error;
      return { sym, params, body, autos, statics };
    } catch (e) {
      if (!(e instanceof ParseError)) throw e;
      p.report(e);
      return p.diagnostics[p.diagnostics.length - 1] ?? { severity: "error", code: e.code, message: e.message, loc: sym.loc };
    } finally {
      p.fn = undefined;
      p.horizon = Number.MAX_SAFE_INTEGER;
      p.scopes.length = 1;
    }
  }
}

/** After an error at file scope: past the next `;` or `}` that ends an external declaration. */
function recover(p: Parser, start: number): void {
  p.p = start;
  let depth = 0;
  for (; p.p < p.end; p.p++) {
    const t = p.val[p.p];
    if (t === K["{"] || t === K["("] || t === K["["]) depth++;
    else if (t === K["}"] || t === K[")"] || t === K["]"]) {
      depth--;
      if (t === K["}"] && depth <= 0 && p.val[p.p + 1] !== K[";"] && p.val[p.p + 1] !== K[","]) {
        p.p++;
        return;
      }
    } else if (t === K[";"] && depth <= 0) {
      p.p++;
      return;
    }
  }
}
