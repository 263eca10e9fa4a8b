// struct, union and enum specifiers, C11 6.7.2.1 and 6.7.2.2, with gcc's attributes and bit-field rules.

import {
  constEval,
  type CType,
  enumType,
  isInteger,
  isVla,
  layOut,
  MAX_TYPE_DEPTH,
  type MemberSpec,
  newBody,
  setEnumerators,
  sizeOf,
  structType,
  T,
  TK,
} from "../types/index.js";
import { Tok } from "../lex/index.js";
import { atAttribute, mergeAttrs, parseAttributes } from "./attributes.js";
import { parseStaticAssert } from "./declaration.js";
import { parseDeclarator } from "./declarator.js";
import { parseSpecs } from "./specifiers.js";
import { parseConditional } from "./expression.js";
import type { Parser } from "./parser.js";

/** Puts a tag into the scope it belongs to. */
function declareTag(p: Parser, tag: number, ty: CType): void {
  if (p.scopes.length === 1) p.file.declareTag(tag, ty, p.base + p.p);
  else p.scope.tags.set(tag, ty);
}

export function parseStruct(p: Parser): CType {
  const union = p.at("union");
  const from = p.p;
  p.p++;
  let attrs = parseAttributes(p);
  const tag = p.kindAt() === Tok.Ident ? p.ident() : 0;
  if (!p.at("{")) {
    if (tag === 0) p.fail("expected", `expected '{' or a name after '${union ? "union" : "struct"}'`);
    const known = p.lookupTag(tag, p.at(";"));
    if (known !== undefined) {
      if (known.body?.union !== union) p.fail("tag", `'${p.atoms.text(tag)}' defined as wrong kind of tag`, from);
      return known;
    }
    const ty = structType(newBody(union, tag));
    declareTag(p, tag, ty);
    return ty;
  }
  const known = tag === 0 ? undefined : p.lookupTag(tag, true);
  if (known !== undefined && (known.body?.union !== union || known.body.complete)) p.fail("redefined", `redefinition of '${p.atoms.text(tag)}'`, from);
  const ty = known ?? structType(newBody(union, tag));
  if (tag !== 0 && known === undefined) declareTag(p, tag, ty);
  p.p++;
  const members: MemberSpec[] = [];
  while (!p.at("}")) {
    if (p.p >= p.end) p.fail("expected", "expected '}' at end of input");
    p.nest(() => {
      parseMembers(p, members);
    });
  }
  p.p++;
  attrs = mergeAttrs(attrs, parseAttributes(p));
  const body = ty.body;
  if (body !== undefined) {
    layOut(body, members, attrs.packed, attrs.align, p.pack);
    if (body.depth > MAX_TYPE_DEPTH) p.fail("nesting", `structs in one another, more than ${String(MAX_TYPE_DEPTH)} of them`, from);
  }
  return ty;
}

function parseMembers(p: Parser, out: MemberSpec[]): void {
  if (p.take(";")) return;
  if (p.at("_Static_assert")) {
    parseStaticAssert(p);
    return;
  }
  const specs = parseSpecs(p);
  if (p.at(";")) {
    p.p++;
    // An anonymous struct or union; a bare tag or enum declares nothing here.
    if (specs.type.kind === TK.Struct && specs.type.body?.tag === 0)
      out.push({ name: 0, type: specs.type, width: -1, align: specs.attrs.align, packed: specs.attrs.packed });
    return;
  }
  do {
    const from = p.p;
    let type = specs.type;
    let name = 0;
    let attrs = specs.attrs;
    if (!p.at(":")) {
      const d = parseDeclarator(p, specs.type);
      type = d.type;
      name = d.name;
      attrs = mergeAttrs(attrs, d.attrs);
      if (isVla(type)) p.fail("unsupported", "a member whose size is known only at run time is not supported", from);
      if (type.kind === TK.Func) p.fail("member", "member declared as a function", from);
      if (type.kind === TK.Struct && type.body?.complete !== true) p.fail("incomplete", `member '${p.atoms.text(name)}' has an incomplete type`, from);
    }
    let width = -1;
    if (p.take(":")) {
      const v = constEval(parseConditional(p));
      if (isInteger(type) && sizeOf(type) > 8) p.fail("unsupported", "bit-fields of 128-bit integers are not supported", from);
      if (v === undefined || v < 0n || !isInteger(type) || v > BigInt(sizeOf(type) * 8)) p.fail("bit-field", "width of bit-field exceeds its type", from);
      width = type.kind === TK.Bool ? Math.min(Number(v), 8) : Number(v);
    }
    if (atAttribute(p)) attrs = mergeAttrs(attrs, parseAttributes(p));
    out.push({ name, type, width, align: attrs.align, packed: attrs.packed });
  } while (p.take(","));
  p.expect(";");
}

export function parseEnum(p: Parser): CType {
  p.p++;
  let attrs = parseAttributes(p);
  const tag = p.kindAt() === Tok.Ident ? p.ident() : 0;
  if (!p.at("{")) {
    if (tag === 0) p.fail("expected", "expected '{' or a name after 'enum'");
    const known = p.lookupTag(tag, false);
    if (known !== undefined) return known;
    const ty = enumType(tag, T.uint); // a forward reference, as GNU C allows
    declareTag(p, tag, ty);
    return ty;
  }
  p.p++;
  const made: { name: number; value: bigint; pos: number; loc: number }[] = [];
  let next = 0n;
  let min = 0n;
  let max = 0n;
  while (!p.at("}")) {
    const pos = p.base + p.p;
    const loc = p.locAt();
    const name = p.ident();
    if (atAttribute(p)) parseAttributes(p);
    if (p.take("=")) {
      const at = p.p;
      const v = constEval(parseConditional(p));
      if (v === undefined) p.fail("not-constant", "the value of an enumerator is not an integer constant", at);
      next = v;
    }
    made.push({ name, value: next, pos, loc });
    if (next < min) min = next;
    if (next > max) max = next;
    // Within the list each enumerator has the type of its value; afterwards wide ones take the enum's.
    p.scope.syms.set(name, { kind: "enumconst", name, value: next, type: fitsInt(next) ? T.int : next < 0n || next < 1n << 63n ? T.long : T.ulong, pos, loc });
    next++;
    if (!p.take(",")) break;
  }
  p.expect("}");
  attrs = mergeAttrs(attrs, parseAttributes(p));
  let base: CType;
  if (attrs.packed)
    base =
      min < 0n
        ? min >= -128n && max < 128n
          ? T.schar
          : min >= -32768n && max < 32768n
            ? T.short
            : T.int
        : max < 256n
          ? T.uchar
          : max < 65536n
            ? T.ushort
            : T.uint;
  else if (min < 0n) base = min >= -(1n << 31n) && max < 1n << 31n ? T.int : T.long;
  else base = max < 1n << 32n ? T.uint : T.ulong;
  const ty = enumType(tag, base);
  setEnumerators(ty, made);
  if (base.size > 4) for (const m of made) p.scope.syms.set(m.name, { kind: "enumconst", ...m, type: base });
  else for (const m of made) if (!fitsInt(m.value)) p.scope.syms.set(m.name, { kind: "enumconst", ...m, type: T.uint });
  if (tag !== 0) declareTag(p, tag, ty);
  return ty;
}

function fitsInt(v: bigint): boolean {
  return v >= -(1n << 31n) && v < 1n << 31n;
}
