// Declarations, C11 6.7, within functions and at file scope: what each name becomes, and its initialiser.
// Function bodies are only skipped here; unit.ts parses one when something calls the function.

import {
  arrayOf,
  type Attrs,
  compatible,
  constEval,
  type CType,
  decay,
  type FuncSym,
  funcType,
  isVla,
  sizeOf,
  type Stmt,
  T,
  TK,
  unqualified,
  type VarSym,
  withAlign,
} from "../types/index.js";
import { checkAssignable, convert, rvalue } from "./build.js";
import { mergeAttrs } from "./attributes.js";
import { parseText } from "./literals.js";
import { type Declarator, parseDeclarator, variable } from "./declarator.js";
import { parseAssign, parseConditional } from "./expression.js";
import { parseInit } from "./initializer.js";
import { parseSpecs, type Specs } from "./specifiers.js";
import type { Parser } from "./parser.js";
import { Tok } from "../lex/index.js";

export function parseStaticAssert(p: Parser): void {
  const from = p.p;
  p.p++;
  p.expect("(");
  const v = constEval(rvalue(p, parseConditional(p)));
  let text = "";
  if (p.take(",")) {
    text = `: ${parseText(p)}`;
  }
  p.expect(")");
  p.take(";");
  if (v === undefined) p.say("error", "static-assert", "expression in static assertion is not constant", from);
  else if (v === 0n) p.say("error", "static-assert", `static assertion failed${text}`, from);
}

export function parseLocalDeclaration(p: Parser, out: Stmt[]): void {
  const loc = p.locAt();
  if (p.at("_Static_assert")) {
    parseStaticAssert(p);
    return;
  }
  const specs = parseSpecs(p);
  const fn = p.fn;
  if (fn === undefined) return p.fail("declaration", "a local declaration outside a function");
  if (p.take(";")) return;
  do {
    const d = parseDeclarator(p, specs.type);
    if (d.name === 0) p.fail("expected-identifier", `expected a name before '${p.spelling(p.p)}'`);
    const attrs = mergeAttrs(specs.attrs, d.attrs);
    if (specs.storage === "typedef") {
      p.scope.syms.set(d.name, { kind: "typedef", name: d.name, type: aligned(d.type, attrs), pos: p.base + d.at, loc: p.locAt(d.at) });
      continue;
    }
    if (d.type.kind === TK.Func) {
      if (p.at("{")) p.fail("unsupported", "a function within a function is not supported", p.p);
      const known = p.lookup(d.name);
      if (known?.kind === "func") {
        if (attrs.error) known.attrs = mergeAttrs(known.attrs, attrs);
      } else p.scope.syms.set(d.name, declareFunction(p, d, specs, attrs));
      continue;
    }
    if (specs.storage === "extern") {
      p.scope.syms.set(d.name, declareGlobal(p, d, specs, attrs));
      continue;
    }
    const isStatic = specs.storage === "static";
    const sym = variable(p, d.name, d.type, isStatic ? "static" : "auto", d.at, attrs);
    sym.addressTaken = attrs.cleanup !== undefined; // the function gets its address
    if (isStatic) {
      sym.link = `${p.atoms.text(fn.sym.name)}.${p.atoms.text(d.name)}.${String(fn.statics.length)}@${p.unit}`;
      sym.defined = true;
      fn.statics.push(sym);
    } else {
      sym.index = fn.autos.length;
      fn.autos.push(sym);
    }
    if (!specs.auto) p.scope.syms.set(d.name, sym);
    if (p.take("=")) initialise(p, sym, specs.auto);
    p.scope.syms.set(d.name, sym);
    if (isVla(sym.type) && !isStatic) {
      sym.addressTaken = true;
      out.push({ k: "vla", sym, loc });
    } else if (!isStatic) {
      if (sizeOf(sym.type) === 0 && sym.type.kind === TK.Struct && sym.type.body?.complete !== true)
        p.fail("incomplete", `'${p.atoms.text(d.name)}' has an incomplete type`, d.at);
      out.push({ k: "decl", sym, loc });
    }
  } while (p.take(","));
  p.expect(";");
}

function initialise(p: Parser, sym: VarSym, auto: boolean): void {
  if (auto) {
    const e = rvalue(p, parseAssign(p));
    sym.type = unqualified(e.ty);
    sym.init = { items: [{ offset: 0, field: undefined, type: sym.type, value: e }], size: sizeOf(sym.type) };
    return;
  }
  if (sym.type.kind !== TK.Array && sym.type.kind !== TK.Struct && !p.at("{")) {
    const from = p.p;
    const e = parseAssign(p);
    checkAssignable(p, sym.type, e, from);
    sym.init = { items: [{ offset: 0, field: undefined, type: sym.type, value: convert(p, e, sym.type) }], size: sizeOf(sym.type) };
    return;
  }
  const init = parseInit(p, sym.type);
  sym.init = init;
  if (sym.type.kind === TK.Array && sym.type.len < 0 && sym.type.base !== undefined) {
    sym.type = { ...arrayOf(sym.type.base, Math.ceil(init.size / Math.max(1, sizeOf(sym.type.base)))), align: sym.type.align };
  }
}

function aligned(ty: CType, attrs: Attrs): CType {
  return attrs.align > 0 ? withAlign(ty, attrs.align) : ty;
}

export function declareFunction(p: Parser, d: Declarator, specs: Specs, attrs: Attrs): FuncSym {
  const known = p.file.get(d.name, p.horizon);
  if (known !== undefined && known.kind !== "func") p.fail("redeclared", `'${p.atoms.text(d.name)}' redeclared as different kind of symbol`, d.at);
  const isStatic = specs.storage === "static";
  if (known !== undefined) {
    known.attrs = mergeAttrs(known.attrs, attrs);
    known.inline ||= specs.inline;
    if (isStatic && !known.static) {
      known.static = true;
      known.link = `${p.atoms.text(d.name)}@${p.unit}`;
    }
    if (known.body === undefined && (known.type.noProto || !compatible(known.type, d.type))) known.type = d.type;
    return known;
  }
  const sym: FuncSym = {
    kind: "func",
    name: d.name,
    type: d.type,
    link: attrs.asmName !== "" ? attrs.asmName : isStatic ? `${p.atoms.text(d.name)}@${p.unit}` : p.atoms.text(d.name),
    static: isStatic,
    inline: specs.inline,
    gnuInlineExtern: false,
    pos: p.base + d.at,
    loc: p.locAt(d.at),
    attrs,
    body: undefined,
    params: d.params,
  };
  p.file.syms.set(d.name, sym);
  p.fileSyms.push(sym);
  return sym;
}

function declareGlobal(p: Parser, d: Declarator, specs: Specs, attrs: Attrs): VarSym {
  const known = p.file.get(d.name, p.horizon);
  if (known?.kind === "var") {
    if (known.type.kind === TK.Array && known.type.len < 0 && d.type.kind === TK.Array) known.type = d.type;
    known.attrs = mergeAttrs(known.attrs, attrs);
    return known;
  }
  if (known !== undefined) p.fail("redeclared", `'${p.atoms.text(d.name)}' redeclared as different kind of symbol`, d.at);
  const storage = specs.storage === "static" ? "static" : specs.storage === "register" ? "register" : "extern";
  const sym = variable(p, d.name, d.type, storage, d.at, attrs);
  if (storage === "static") sym.link = `${p.atoms.text(d.name)}@${p.unit}`;
  else sym.link = storage === "extern" && attrs.asmName !== "" ? attrs.asmName : p.atoms.text(d.name);
  sym.addressTaken = true;
  p.file.syms.set(d.name, sym);
  p.fileSyms.push(sym);
  return sym;
}

/** Declarations between an old-style function's declarator and its body; returns the parameters with their types. */
function oldStyle(p: Parser, d: Declarator): Declarator {
  const types = new Map<number, CType>();
  while (!p.at("{")) {
    const specs = parseSpecs(p);
    do {
      const param = parseDeclarator(p, specs.type);
      types.set(param.name, decay(param.type));
    } while (p.take(","));
    p.expect(";");
  }
  const params = d.params.map((param) => ({ ...param, type: types.get(param.name) ?? param.type }));
  return {
    ...d,
    params,
    type: funcType(
      d.type.base ?? T.int,
      params.map((param) => param.type),
      false,
      true,
    ),
  };
}

/** One external declaration; returns after its `;` or its function body. */
export function parseExternal(p: Parser): void {
  if (p.take(";")) return;
  if (p.at("_Static_assert")) {
    parseStaticAssert(p);
    return;
  }
  if (p.at("__pragma_pack")) {
    parsePack(p);
    return;
  }
  if (p.at("asm") || p.at("__asm__") || p.at("__asm")) {
    while (!p.at("(") && p.p < p.end) p.p++;
    p.skipGroup();
    p.take(";");
    return;
  }
  const specs = parseSpecs(p);
  if (p.take(";")) return;
  for (;;) {
    let d = parseDeclarator(p, specs.type);
    if (d.name === 0) p.fail("expected-identifier", `expected a name before '${p.spelling(p.p)}'`);
    if (d.type.kind === TK.Func && d.type.noProto && d.params.length > 0) {
      if (p.at(";") || p.at(",")) p.fail("expected-type", `unknown type name '${p.spelling(d.at + 2)}'`, d.at + 2);
      d = oldStyle(p, d);
    }
    const attrs = mergeAttrs(specs.attrs, d.attrs);
    if (specs.storage === "typedef") {
      const known = p.file.get(d.name, p.horizon);
      if (known?.kind !== "typedef")
        p.file.syms.set(d.name, { kind: "typedef", name: d.name, type: aligned(d.type, attrs), pos: p.base + d.at, loc: p.locAt(d.at) });
    } else if (d.type.kind === TK.Func) {
      const sym = declareFunction(p, d, specs, attrs);
      if (p.at("{")) {
        const from = p.p;
        const broken = p.skipBody();
        if (sym.body !== undefined && !sym.gnuInlineExtern) p.fail("redefined", `redefinition of '${p.atoms.text(d.name)}'`, d.at);
        sym.body = { from, to: p.p, block: p.block, ...(broken < 0 ? {} : { broken }) };
        sym.params = d.params;
        sym.type = d.type;
        sym.loc = p.locAt(d.at);
        sym.gnuInlineExtern = specs.inline && specs.storage === "extern";
        if (specs.inline && !sym.static) sym.link = `${p.atoms.text(d.name)}@${p.unit}`;
        return;
      }
    } else {
      const sym = declareGlobal(p, d, specs, attrs);
      if (p.take("=")) {
        initialise(p, sym, specs.auto);
        sym.defined = true;
        sym.tentative = false;
      } else if (specs.storage !== "extern" && specs.storage !== "register" && !sym.defined) {
        sym.defined = sym.tentative = true;
      }
    }
    if (p.take(";")) return;
    p.expect(",");
  }
}

function parsePack(p: Parser): void {
  p.p++;
  p.expect("(");
  if (p.take("push")) p.packStack.push(p.pack);
  else if (p.take("pop")) p.pack = p.packStack.pop() ?? 0;
  else if (p.at(")")) p.pack = 0;
  p.take(",");
  if (p.kindAt() === Tok.Number) p.pack = Number(constEval(parseConditional(p)) ?? 0n);
  while (!p.take(")") && p.p < p.end) p.p++;
}
