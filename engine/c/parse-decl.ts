// Declarations, C11 6.7: specifiers, declarators, struct/union/enum, typeof, and what stands at file scope.
// Function bodies are only skipped here; body.ts parses one when something calls the function.

import type { Attrs, FuncSym, Stmt, VarSym } from "./ast.js";
import { checkAssignable, convert, rvalue } from "./build.js";
import { constEval } from "./const-eval.js";
import { K, kw } from "./keywords.js";
import { parseAttributes, mergeAttrs } from "./attributes.js";
import { parseStrings } from "./literals.js";
import { parseAssign, parseConditional, parseExpr } from "./parse-expr.js";
import { parseInit } from "./parse-init.js";
import { noAttrs, type Parser } from "./parser.js";
import { parseEnum, parseStruct } from "./parse-tags.js";
import { atoms, Tok } from "./tokens.js";
import {
  arrayOf,
  compatible,
  decay,
  funcType,
  isVla,
  pointerTo,
  qualify,
  Q_ATOMIC,
  Q_CONST,
  Q_VOLATILE,
  sizeOf,
  T,
  TK,
  unqualified,
  withAlign,
  type CType,
} from "./types.js";

export { parseAttributes };

const set = (words: string): ReadonlySet<number> => new Set(words.split(" ").map(kw));
const typeWords = set(
  "const __const __const__ volatile __volatile __volatile__ restrict __restrict __restrict__ _Atomic void char short int long signed __signed __signed__ unsigned float double _Bool __int128 __int128_t __uint128_t _Complex struct union enum typeof __typeof __typeof__ typeof_unqual __auto_type __builtin_va_list _Float128 __float128 __ibm128 __ieee128 _Alignas",
);
const storageWords = set("typedef extern static auto register inline __inline __inline__ _Noreturn _Thread_local __thread");
const attributeWords = set("__attribute__ __attribute");

export function isTypeStart(p: Parser, n = 0): boolean {
  if (p.kindAt(n) !== Tok.Ident) return false;
  const t = p.peek(n);
  if (typeWords.has(t)) return true;
  if (t === K["__extension__"] || attributeWords.has(t)) return attributeWords.has(t) ? true : isTypeStart(p, n + 1);
  return p.lookup(t)?.kind === "typedef";
}

export function isDeclarationStart(p: Parser): boolean {
  if (p.kindAt() !== Tok.Ident) return false;
  const t = p.tok;
  if (storageWords.has(t) || typeWords.has(t) || t === K["_Static_assert"]) return true;
  if (t === K["__extension__"]) {
    const save = p.p++;
    const is = isDeclarationStart(p);
    p.p = save;
    return is;
  }
  if (attributeWords.has(t)) {
    const save = p.p;
    while (attributeWords.has(p.tok)) {
      p.p++;
      p.skipGroup();
    }
    const is = !p.at(";") && isDeclarationStart(p);
    p.p = save;
    return is;
  }
  return p.lookup(t)?.kind === "typedef" && p.peek() !== K[":"];
}

export interface Specs {
  readonly type: CType;
  readonly storage: "" | "typedef" | "extern" | "static" | "register";
  readonly inline: boolean;
  readonly auto: boolean; // __auto_type
  readonly attrs: Attrs;
}

export function parseSpecs(p: Parser): Specs {
  const from = p.p;
  let storage: Specs["storage"] = "";
  let inline = false;
  let auto = false;
  let attrs = noAttrs;
  let quals = 0;
  let type: CType | undefined;
  let long = 0;
  let short = false;
  let sign = 0;
  let base = "";
  let any = false;
  let align = 0;
  for (; p.kindAt() === Tok.Ident;) {
    const t = p.tok;
    switch (t) {
      case K["typedef"]:
        storage = "typedef";
        break;
      case K["extern"]:
        storage = "extern";
        break;
      case K["static"]:
        storage = "static";
        break;
      case K["register"]:
        storage = "register";
        break;
      case K["auto"]:
      case K["_Noreturn"]:
      case K["_Thread_local"]:
      case K["__thread"]:
      case K["__extension__"]:
      case K["restrict"]:
      case K["__restrict"]:
      case K["__restrict__"]:
        break;
      case K["inline"]:
      case K["__inline"]:
      case K["__inline__"]:
        inline = true;
        break;
      case K["const"]:
      case K["__const"]:
      case K["__const__"]:
        quals |= Q_CONST;
        break;
      case K["volatile"]:
      case K["__volatile"]:
      case K["__volatile__"]:
        quals |= Q_VOLATILE;
        break;
      case K["_Atomic"]:
        quals |= Q_ATOMIC;
        if (p.peek() === K["("]) {
          p.p += 2;
          type = parseTypeName(p);
          any = true;
          p.expect(")");
          continue;
        }
        break;
      case K["void"]:
      case K["char"]:
      case K["int"]:
      case K["float"]:
      case K["double"]:
      case K["_Bool"]:
      case K["__int128"]:
      case K["__int128_t"]:
      case K["__uint128_t"]:
      case K["_Float128"]:
      case K["__float128"]:
      case K["__ibm128"]:
      case K["__ieee128"]:
        if (base !== "" && t !== K["int"]) p.fail("type", "two types in one declaration");
        if (t !== K["int"] || base === "") base = p.spelling(p.p);
        any = true;
        break;
      case K["short"]:
        short = any = true;
        break;
      case K["long"]:
        long++;
        any = true;
        break;
      case K["signed"]:
      case K["__signed"]:
      case K["__signed__"]:
        sign = 1;
        any = true;
        break;
      case K["unsigned"]:
        sign = -1;
        any = true;
        break;
      case K["_Complex"]:
        return p.fail("unsupported", "complex numbers are not supported");
      case K["__builtin_va_list"]:
        type = pointerTo(T.char);
        any = true;
        break;
      case K["struct"]:
      case K["union"]:
        type = parseStruct(p);
        any = true;
        continue;
      case K["enum"]:
        type = parseEnum(p);
        any = true;
        continue;
      case K["typeof"]:
      case K["__typeof"]:
      case K["__typeof__"]:
      case K["typeof_unqual"]: {
        p.p++;
        p.expect("(");
        const of = isTypeStart(p) ? parseTypeName(p) : parseExpr(p).ty;
        type = t === K["typeof_unqual"] ? unqualified(of) : of;
        p.expect(")");
        any = true;
        continue;
      }
      case K["__auto_type"]:
        auto = any = true;
        break;
      case K["_Alignas"]: {
        p.p++;
        p.expect("(");
        const n = isTypeStart(p) ? sizeOf(parseTypeName(p)) : Number(constEval(parseConditional(p)) ?? 0n);
        align = Math.max(align, n);
        p.expect(")");
        continue;
      }
      case K["__attribute__"]:
      case K["__attribute"]:
        attrs = mergeAttrs(attrs, parseAttributes(p));
        continue;
      default: {
        if (any) return done();
        const sym = p.lookup(t);
        if (sym?.kind !== "typedef") return done();
        type = sym.type;
        any = true;
      }
    }
    p.p++;
  }
  return done();

  function done(): Specs {
    if (!any)
      p.fail(
        "expected-type",
        p.kindAt() === Tok.Ident ? `unknown type name '${p.spelling(p.p)}'` : `expected a declaration before '${p.spelling(p.p)}'`,
        p.p > from && storage === "" ? from : p.p,
      );
    let ty = type;
    if (ty === undefined) {
      const u = sign < 0;
      if (auto) ty = T.int;
      else if (base === "void") ty = T.void;
      else if (base === "_Bool") ty = T.bool;
      else if (base === "char") ty = sign > 0 ? T.schar : u ? T.uchar : T.char;
      else if (base === "float") ty = T.float;
      else if (base === "double") ty = long > 0 ? T.ldouble : T.double;
      else if (base.startsWith("__int128")) ty = u ? T.uint128 : T.int128;
      else if (base === "__uint128_t") ty = T.uint128;
      else if (base.endsWith("128")) ty = T.ldouble;
      else if (short) ty = u ? T.ushort : T.short;
      else if (long >= 2) ty = u ? T.ullong : T.llong;
      else if (long === 1) ty = u ? T.ulong : T.long;
      else ty = u ? T.uint : T.int;
    } else if (sign < 0 && ty === T.int128) ty = T.uint128;
    if (attrs.mode !== "") ty = modeType(attrs.mode, ty);
    if (quals !== 0) ty = qualify(ty, quals);
    return { type: ty, storage, inline, auto, attrs: align > 0 ? { ...attrs, align: Math.max(align, attrs.align) } : attrs };
  }
}

function modeType(mode: string, ty: CType): CType {
  const signed = ty.signed;
  switch (mode) {
    case "QI":
    case "byte":
      return signed ? T.schar : T.uchar;
    case "HI":
      return signed ? T.short : T.ushort;
    case "SI":
      return signed ? T.int : T.uint;
    case "DI":
    case "word":
    case "pointer":
      return signed ? T.long : T.ulong;
    case "TI":
      return signed ? T.int128 : T.uint128;
    default:
      return ty;
  }
}

export interface Declarator {
  readonly type: CType;
  readonly name: number; // 0: abstract
  readonly at: number; // token of the name
  readonly params: FuncSym["params"];
  readonly attrs: Attrs;
}

/** A declarator over `base`; `abstract` allows the name to be missing. */
export function parseDeclarator(p: Parser, base0: CType): Declarator {
  return p.nest(() => {
    let base = base0;
    let attrs = noAttrs;
    if (attributeWords.has(p.tok)) attrs = mergeAttrs(attrs, parseAttributes(p));
    while (p.take("*")) {
      base = pointerTo(base);
      for (;;) {
        const t = p.tok;
        if (t === K["const"] || t === K["__const"] || t === K["__const__"]) base = qualify(base, Q_CONST);
        else if (t === K["volatile"] || t === K["__volatile"] || t === K["__volatile__"]) base = qualify(base, Q_VOLATILE);
        else if (t === K["_Atomic"]) base = qualify(base, Q_ATOMIC);
        else if (t === K["restrict"] || t === K["__restrict"] || t === K["__restrict__"]) {
          p.p++;
          continue;
        } else if (attributeWords.has(t)) {
          attrs = mergeAttrs(attrs, parseAttributes(p));
          continue;
        } else break;
        p.p++;
      }
    }
    if (p.at("(") && nestedDeclarator(p)) {
      // Read what follows the parentheses first: it belongs to the base of the inner declarator.
      const open = p.p;
      p.skipGroup();
      const outer = suffixes(p, base);
      const after = p.p;
      p.p = open + 1;
      const inner = parseDeclarator(p, outer.type);
      p.expect(")");
      p.p = after;
      return {
        ...inner,
        params: inner.params.length > 0 || inner.type !== outer.type ? inner.params : outer.params,
        attrs: mergeAttrs(attrs, mergeAttrs(inner.attrs, outer.attrs)),
      };
    }
    const at = p.p;
    const name =
      p.kindAt() === Tok.Ident && !typeWords.has(p.tok) && !attributeWords.has(p.tok) && p.tok !== K["asm"] && p.tok !== K["__asm__"] ? p.ident() : 0;
    const s = suffixes(p, base);
    return { type: s.type, name, at, params: s.params, attrs: mergeAttrs(attrs, s.attrs) };
  });
}

function nestedDeclarator(p: Parser): boolean {
  const t = p.peek();
  if (t === K["*"] || t === K["("] || t === K["["]) return true;
  if (attributeWords.has(t)) return true;
  return p.kindAt(1) === Tok.Ident && !isTypeStart(p, 1) && !storageWords.has(t);
}

function suffixes(p: Parser, base: CType): { readonly type: CType; readonly params: FuncSym["params"]; readonly attrs: Attrs } {
  if (p.at("[")) {
    p.p++;
    while (p.at("static") || p.at("const") || p.at("restrict") || p.at("volatile") || p.at("__restrict")) p.p++;
    let len = -1;
    let vla: unknown;
    if (!p.at("]")) {
      const from = p.p;
      const e = rvalue(p, parseAssign(p));
      const v = constEval(e);
      if (v === undefined) vla = e;
      else if (v < 0n || v > 0x7fffffffn) p.fail("array-size", "an array of negative or impossible size", from);
      else len = Number(v);
    }
    p.expect("]");
    const rest = suffixes(p, base);
    if (rest.type.kind === TK.Func) p.fail("array", "an array of functions");
    return { type: arrayOf(rest.type, len, vla), params: [], attrs: rest.attrs };
  }
  if (p.at("(")) {
    const { params, variadic, noProto } = parameters(p);
    const rest = suffixes(p, base);
    return {
      type: funcType(
        rest.type,
        params.map((x) => x.type),
        variadic,
        noProto,
      ),
      params,
      attrs: rest.attrs,
    };
  }
  let attrs = noAttrs;
  for (;;) {
    if (attributeWords.has(p.tok)) attrs = mergeAttrs(attrs, parseAttributes(p));
    else if (p.at("asm") || p.at("__asm__") || p.at("__asm")) {
      p.p++;
      p.expect("(");
      const s = parseStrings(p);
      p.expect(")");
      if (s.k === "str") attrs = { ...attrs, asmName: String.fromCharCode(...s.bytes.subarray(0, -1)) };
    } else return { type: base, params: [], attrs };
  }
}

function parameters(p: Parser): { readonly params: FuncSym["params"]; readonly variadic: boolean; readonly noProto: boolean } {
  p.expect("(");
  if (p.take(")")) return { params: [], variadic: false, noProto: true };
  if (p.at("void") && p.peek() === K[")"]) {
    p.p += 2;
    return { params: [], variadic: false, noProto: false };
  }
  const params: { name: number; type: CType; loc: number }[] = [];
  if (p.kindAt() === Tok.Ident && !isDeclarationStart(p) && (p.peek() === K[","] || p.peek() === K[")"])) {
    // The identifier list of an old-style definition; what the names are is declared before the body.
    do params.push({ loc: p.locAt(), name: p.ident(), type: T.int });
    while (p.take(","));
    p.expect(")");
    return { params, variadic: false, noProto: true };
  }
  let variadic = false;
  p.push();
  for (;;) {
    if (p.take("...")) {
      variadic = true;
      break;
    }
    const specs = parseSpecs(p);
    const d = parseDeclarator(p, specs.type);
    const type = decay(d.type);
    params.push({ name: d.name, type, loc: p.locAt(d.at) });
    // Later parameters may name it (`int n, int a[n]`); it never leaves this scope.
    if (d.name !== 0) p.scope.syms.set(d.name, { ...variable(p, d.name, type, "auto", d.at, noAttrs), index: -1 });
    if (!p.take(",")) break;
  }
  p.pop();
  p.expect(")");
  return { params, variadic, noProto: false };
}

export function parseTypeName(p: Parser): CType {
  const specs = parseSpecs(p);
  const d = parseDeclarator(p, specs.type);
  if (d.name !== 0) p.fail("type-name", `a name in a type: '${atoms.text(d.name)}'`, d.at);
  return d.type;
}

function variable(p: Parser, name: number, type: CType, storage: VarSym["storage"], at: number, attrs: Attrs): VarSym {
  return {
    kind: "var",
    name,
    type,
    link: "",
    storage,
    loc: p.locAt(at),
    pos: p.base + at,
    addressTaken: false,
    init: undefined,
    defined: false,
    tentative: false,
    attrs,
    index: -1,
  };
}

export function parseStaticAssert(p: Parser): void {
  const from = p.p;
  p.p++;
  p.expect("(");
  const v = constEval(rvalue(p, parseConditional(p)));
  let text = "";
  if (p.take(",")) {
    const s = parseStrings(p);
    if (s.k === "str") text = `: ${String.fromCharCode(...s.bytes.subarray(0, -1))}`;
  }
  p.expect(")");
  p.take(";");
  if (v === undefined) p.say("error", "static-assert", "a static assertion is not constant", from);
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
      sym.link = `${atoms.text(fn.sym.name)}.${atoms.text(d.name)}.${String(fn.statics.length)}@${p.unit}`;
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
        p.fail("incomplete", `'${atoms.text(d.name)}' has an incomplete type`, d.at);
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
  if (known !== undefined && known.kind !== "func") p.fail("redeclared", `'${atoms.text(d.name)}' was declared as something else`, d.at);
  const isStatic = specs.storage === "static";
  if (known !== undefined) {
    known.attrs = mergeAttrs(known.attrs, attrs);
    known.inline ||= specs.inline;
    if (isStatic && !known.static) {
      known.static = true;
      known.link = `${atoms.text(d.name)}@${p.unit}`;
    }
    if (known.body === undefined && (known.type.noProto || !compatible(known.type, d.type))) known.type = d.type;
    return known;
  }
  const sym: FuncSym = {
    kind: "func",
    name: d.name,
    type: d.type,
    link: attrs.asmName !== "" ? attrs.asmName : isStatic ? `${atoms.text(d.name)}@${p.unit}` : atoms.text(d.name),
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
  if (known !== undefined) p.fail("redeclared", `'${atoms.text(d.name)}' was declared as something else`, d.at);
  const storage = specs.storage === "static" ? "static" : specs.storage === "register" ? "register" : "extern";
  const sym = variable(p, d.name, d.type, storage, d.at, attrs);
  sym.link = storage === "static" ? `${atoms.text(d.name)}@${p.unit}` : atoms.text(d.name);
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
        if (sym.body !== undefined && !sym.gnuInlineExtern) p.fail("redefined", `'${atoms.text(d.name)}' is defined twice`, d.at);
        sym.body = { from, to: p.p, block: p.block, ...(broken < 0 ? {} : { broken }) };
        sym.params = d.params;
        sym.type = d.type;
        sym.loc = p.locAt(d.at);
        sym.gnuInlineExtern = specs.inline && specs.storage === "extern";
        if (specs.inline && !sym.static) sym.link = `${atoms.text(d.name)}@${p.unit}`;
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
