// __attribute__((…)): the ones that change meaning or layout are kept, all others are read past.

import { type Attrs, constEval, sizeOf } from "../types/index.js";
import { K, Tok } from "../lex/index.js";
import { parseText } from "./literals.js";
import { parseConditional } from "./expression.js";
import { noAttrs, type Parser } from "./parser.js";
import { parseTypeName } from "./declarator.js";
import { isTypeStart } from "./specifiers.js";

/** Maximum alignment of the target: what `aligned` without a number means. */
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

/** Whether an attribute begins at the cursor: GNU's, or one of C23, which gcc takes in all modes. */
export function atAttribute(p: Parser, n = 0): boolean {
  const t = p.peek(n);
  return t === K["__attribute__"] || t === K["__attribute"] || (t === K["["] && p.peek(n + 1) === K["["] && p.kindAt(n) === Tok.Punct);
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
        // `gnu::packed`: what a vendor's attribute means its name alone tells.
        if (p.peek() === K[":"] && p.peek(2) === K[":"]) p.p += 3;
        attrs = one(p, attrs);
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
      attrs = one(p, attrs);
    }
    p.p++;
    p.expect(")");
  }
  return attrs;
}

function one(p: Parser, attrs: Attrs): Attrs {
  const name = p.spelling(p.p).replace(/^__(.*)__$/, "$1");
  p.p++;
  const args = p.at("(");
  const rest = (): void => {
    if (p.at("(")) p.skipGroup();
  };
  const inside = <R>(f: () => R): R => {
    p.expect("(");
    const r = f();
    p.expect(")");
    return r;
  };
  switch (name) {
    case "aligned": {
      const align = args ? inside(() => (isTypeStart(p) ? sizeOf(parseTypeName(p)) : Number(constEval(parseConditional(p)) ?? 1n))) : BIGGEST;
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
      rest();
      return { ...attrs, error: true };
    case "section":
      return { ...attrs, section: inside(() => parseText(p)) };
    case "alias":
      return { ...attrs, alias: inside(() => parseText(p)) };
    case "mode":
      return { ...attrs, mode: inside(() => p.spelling(p.p++).replace(/^__(.*)__$/, "$1")) };
    case "vector_size":
      return { ...attrs, vectorSize: inside(() => Number(constEval(parseConditional(p)) ?? 0n)) };
    case "scalar_storage_order":
      if (inside(() => parseText(p)) === "big-endian") p.fail("unsupported", "structs stored in the other byte order are not supported");
      return attrs;
    case "cleanup": {
      const sym = inside(() => p.lookup(p.ident()));
      return sym?.kind === "func" ? { ...attrs, cleanup: sym } : attrs;
    }
    default:
      rest();
      return attrs;
  }
}
