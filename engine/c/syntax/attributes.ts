// __attribute__((…)): attributes that change meaning or layout are kept, all others are skipped.

import { type Attrs, constEval, type CType, sizeOf, T, TK } from "../types/index.js";
import { K } from "../lex/index.js";
import type { Parser } from "./grammar.js";
import { parseText } from "./literals.js";
import { atAttribute, isTypeStart } from "./lookahead.js";

export const noAttrs: Attrs = {
  align: 0,
  packed: false,
  weak: false,
  section: "",
  alias: "",
  alwaysInline: false,
  noreturn: false,
  error: false,
  cleanup: undefined,
  transparentUnion: false,
  mode: "",
  vectorSize: 0,
  asmName: "",
};

/** Maximum alignment of the target: the meaning of `aligned` without a number. */
const BIGGEST = 16;

export function mergeAttrs(a: Attrs, b: Attrs): Attrs {
  if (a === noAttrs) return b;
  if (b === noAttrs) return a;
  return {
    align: Math.max(a.align, b.align),
    packed: a.packed || b.packed,
    weak: a.weak || b.weak,
    section: b.section === "" ? a.section : b.section,
    alias: b.alias === "" ? a.alias : b.alias,
    alwaysInline: a.alwaysInline || b.alwaysInline,
    noreturn: a.noreturn || b.noreturn,
    error: a.error || b.error,
    cleanup: b.cleanup ?? a.cleanup,
    transparentUnion: a.transparentUnion || b.transparentUnion,
    mode: b.mode === "" ? a.mode : b.mode,
    vectorSize: Math.max(a.vectorSize, b.vectorSize),
    asmName: b.asmName === "" ? a.asmName : b.asmName,
  };
}

/** All attribute specifiers at the cursor. */
export function parseAttributes(p: Parser): Attrs {
  let attrs = noAttrs;
  while (atAttribute(p)) {
    if (p.take("[")) {
      p.expect("[");
      while (!p.at("]")) {
        if (p.p >= p.end) p.fail("expected", "expected ']' at end of input");
        if (p.take(",")) continue;
        // `gnu::packed`: the vendor prefix is ignored.
        if (p.peek() === K[":"] && p.peek(2) === K[":"]) p.p += 3;
        attrs = parseAttribute(p, attrs);
      }
      p.p++;
      p.expect("]");
      continue;
    }
    p.p++;
    p.expect("(");
    p.expect("(");
    while (!p.at(")")) {
      if (p.p >= p.end) p.fail("expected", "expected ')' at end of input");
      if (p.take(",")) continue;
      attrs = parseAttribute(p, attrs);
    }
    p.p++;
    p.expect(")");
  }
  return attrs;
}

function parseAttribute(p: Parser, attrs: Attrs): Attrs {
  const name = p.spelling(p.p).replace(/^__(.*)__$/, "$1");
  p.p++;
  const args = p.at("(");
  const skipArguments = (): void => {
    if (p.at("(")) p.skipGroup();
  };
  const parenthesized = <R>(f: () => R): R => {
    p.expect("(");
    const r = f();
    p.expect(")");
    return r;
  };
  switch (name) {
    case "aligned": {
      const align = args ? parenthesized(() => (isTypeStart(p) ? sizeOf(p.typeName()) : Number(constEval(p.conditional()) ?? 1n))) : BIGGEST;
      return { ...attrs, align: Math.max(attrs.align, align) };
    }
    case "packed":
      return { ...attrs, packed: true };
    case "weak":
      return { ...attrs, weak: true };
    case "always_inline":
      return { ...attrs, alwaysInline: true };
    case "noreturn":
      return { ...attrs, noreturn: true };
    case "transparent_union":
      return { ...attrs, transparentUnion: true };
    case "error":
      skipArguments();
      return { ...attrs, error: true };
    case "section":
      return { ...attrs, section: parenthesized(() => parseText(p)) };
    case "alias":
      return { ...attrs, alias: parenthesized(() => parseText(p)) };
    case "mode":
      return { ...attrs, mode: parenthesized(() => p.spelling(p.p++).replace(/^__(.*)__$/, "$1")) };
    case "vector_size":
      return { ...attrs, vectorSize: parenthesized(() => Number(constEval(p.conditional()) ?? 0n)) };
    case "scalar_storage_order":
      if (parenthesized(() => parseText(p)) === "big-endian") p.fail("unsupported", "structs stored in the other byte order are not supported");
      return attrs;
    case "cleanup": {
      const sym = parenthesized(() => p.lookup(p.ident()));
      return sym?.kind === "func" ? { ...attrs, cleanup: sym } : attrs;
    }
    default:
      skipArguments();
      return attrs;
  }
}

/** `ty` changed by `__attribute__((mode(…)))`. */
export function attributedType(p: Parser, { mode, vectorSize }: Attrs, ty: CType): CType {
  if (vectorSize > 0) p.fail("unsupported", "vector types are not supported");
  if (mode === "") return ty;
  return modeType(mode, ty) ?? p.fail("unsupported", `machine mode '${mode}' is not supported`);
}

function modeType(mode: string, ty: CType): CType | undefined {
  const signed = ty.signed;
  if (ty.kind === TK.Float) return { SF: T.float, DF: T.double, TF: T.ldouble }[mode];
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
      return undefined;
  }
}
