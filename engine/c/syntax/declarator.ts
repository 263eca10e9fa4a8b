// Declarators, C11 6.7.6: pointers, arrays, functions and their parameters around a name, or around none in a type name.

import {
  arrayOf,
  type Attrs,
  constEval,
  type CType,
  decay,
  type FuncSym,
  funcType,
  MAX_TYPE_DEPTH,
  pointerTo,
  Q_ATOMIC,
  Q_CONST,
  Q_VOLATILE,
  qualify,
  T,
  TK,
  type VarSym,
} from "../types/index.js";
import { rvalue } from "./build.js";
import { K, Tok } from "../lex/index.js";
import { atAttribute, mergeAttrs, parseAttributes } from "./attributes.js";
import { parseText } from "./literals.js";
import { parseAssign } from "./expression.js";
import { attributedType, attributeWords, isDeclarationStart, isTypeStart, parseSpecs, storageWords, typeWords } from "./specifiers.js";
import { noAttrs, type Parser } from "./parser.js";

/** WebAssembly takes a thousand. */
const MAX_PARAMETERS = 900;

export interface Declarator {
  readonly type: CType;
  readonly name: number; // 0: abstract
  readonly at: number; // token of the name
  readonly params: FuncSym["params"];
  readonly attrs: Attrs;
}

/** A declarator over `base`; in a type name it has no name of its own. */
export function parseDeclarator(p: Parser, base0: CType): Declarator {
  const d = declarator(p, base0);
  if (d.attrs.mode !== "" || d.attrs.vectorSize > 0) return { ...d, type: attributedType(p, d.attrs, d.type) };
  if (d.type.depth > MAX_TYPE_DEPTH) p.fail("nesting", `a type derived in more than ${String(MAX_TYPE_DEPTH)} steps`, d.at);
  return d;
}

function declarator(p: Parser, base0: CType): Declarator {
  return p.nest(() => {
    let base = base0;
    let attrs = noAttrs;
    if (attributeWords.has(p.tok)) attrs = mergeAttrs(attrs, parseAttributes(p));
    while (p.take("*")) {
      base = pointerTo(base);
      if (base.depth > MAX_TYPE_DEPTH) break;
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
      p.skipNested();
      const outer = suffixes(p, base);
      const after = p.p;
      p.p = open + 1;
      const inner = declarator(p, outer.type);
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
    if (p.at("[") && atAttribute(p)) attrs = mergeAttrs(attrs, parseAttributes(p));
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
  if (p.at("[") && !atAttribute(p)) {
    p.p++;
    while (p.at("static") || p.at("const") || p.at("restrict") || p.at("volatile") || p.at("__restrict")) p.p++;
    let len = -1;
    let vla: unknown;
    if (!p.at("]")) {
      const from = p.p;
      const e = rvalue(p, parseAssign(p));
      const v = constEval(e);
      if (v === undefined) vla = e;
      else if (v < 0n || v > 0x7fffffffn) p.fail("array-size", "size of array is negative or too large", from);
      else len = Number(v);
    }
    p.expect("]");
    const rest = p.nest(() => suffixes(p, base));
    if (rest.type.kind === TK.Func) p.fail("array", "declaration of an array of functions");
    return { type: arrayOf(rest.type, len, vla), params: [], attrs: rest.attrs };
  }
  if (p.at("(")) {
    const { params, variadic, noProto } = parameters(p);
    const rest = p.nest(() => suffixes(p, base));
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
    if (atAttribute(p)) attrs = mergeAttrs(attrs, parseAttributes(p));
    else if (p.at("asm") || p.at("__asm__") || p.at("__asm")) {
      p.p++;
      p.expect("(");
      attrs = { ...attrs, asmName: parseText(p) };
      p.expect(")");
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
    while (params.length < MAX_PARAMETERS && p.take(","));
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
    if (params.length >= MAX_PARAMETERS) p.fail("parameters", `more than ${String(MAX_PARAMETERS)} parameters`);
  }
  p.pop();
  p.expect(")");
  return { params, variadic, noProto: false };
}

export function parseTypeName(p: Parser): CType {
  const specs = parseSpecs(p);
  const d = parseDeclarator(p, specs.type);
  if (d.name !== 0) p.fail("type-name", `unexpected name '${p.atoms.text(d.name)}' in a type`, d.at);
  return d.type;
}

export function variable(p: Parser, name: number, type: CType, storage: VarSym["storage"], at: number, attrs: Attrs): VarSym {
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
