// Initialisers, C11 6.7.9: braces that are there and braces that are left out, designators (nested, ranges),
// strings. The result is flat: each scalar (or whole struct) that is set, with its byte offset, in order.

import { type CType, type Field, findMember, type Init, type InitItem, type Node, sizeOf, TK } from "../types/index.js";
import { checkAssignable, convert } from "./build.js";
import { K, Tok } from "../lex/index.js";
import { parseAssign, parseConst } from "./expression.js";
import type { Parser } from "./parser.js";

interface State {
  readonly p: Parser;
  items: InitItem[];
  end: number; // furthest byte set
}

/** An initialiser for an object of type `ty`; the cursor stands after `=`. */
export function parseInit(p: Parser, ty: CType): Init {
  const st: State = { p, items: [], end: 0 };
  initializer(st, ty, 0, undefined);
  return { items: st.items, size: Math.max(sizeOf(ty), st.end) };
}

export function bracedInit(p: Parser, ty: CType): Init {
  const st: State = { p, items: [], end: 0 };
  braced(st, ty, 0);
  return { items: st.items, size: Math.max(sizeOf(ty), st.end) };
}

function put(st: State, type: CType, offset: number, field: Field | undefined, e: Node): void {
  const p = st.p;
  checkAssignable(p, type, e, e.from);
  st.items.push({ offset, field: field !== undefined && field.width >= 0 ? field : undefined, type, value: convert(p, e, type) });
  st.end = Math.max(st.end, offset + sizeOf(type));
}

/** An initialiser for a whole object takes the place of earlier ones for its parts (C11 6.7.9p19). */
function forget(st: State, from: number, to: number): void {
  if (from >= st.end || !st.items.some((item) => item.offset >= from && item.offset < to)) return;
  st.items = st.items.filter((item) => item.offset < from || item.offset >= to);
}

function isCharArray(ty: CType): boolean {
  return ty.kind === TK.Array && ty.base?.kind === TK.Int;
}

/** Whether `e` is a string literal that initialises a character array of type `ty`. */
function stringFor(ty: CType, e: Node): boolean {
  if (e.k !== "str" || !isCharArray(ty) || ty.base === undefined || e.ty.base === undefined || sizeOf(ty.base) !== sizeOf(e.ty.base)) return false;
  return true;
}

function putString(st: State, ty: CType, offset: number, e: Node): void {
  if (e.k !== "str") return;
  // An array without length takes the terminating zero, one with a length only what fits.
  const room = ty.len >= 0 ? sizeOf(ty) : e.bytes.length;
  const bytes = e.bytes.length > room ? e.bytes.subarray(0, room) : e.bytes;
  forget(st, offset, offset + Math.max(sizeOf(ty), bytes.length));
  st.items.push({ offset, field: undefined, type: { ...ty, len: Math.floor(bytes.length / Math.max(1, sizeOf(ty.base ?? ty))) }, value: { ...e, bytes } });
  st.end = Math.max(st.end, offset + bytes.length);
}

function initializer(st: State, ty: CType, offset: number, field: Field | undefined): void {
  const p = st.p;
  if (p.at("{")) {
    p.nest(() => {
      braced(st, ty, offset, field);
    });
    return;
  }
  const e = p.nest(() => parseAssign(p));
  place(st, ty, offset, field, e);
}

/** Puts value `e` at the object, descending into its first member where braces were left out. */
function place(st: State, ty: CType, offset: number, field: Field | undefined, e: Node): void {
  if (stringFor(ty, e)) {
    putString(st, ty, offset, e);
    return;
  }
  if (ty.kind === TK.Struct && e.ty.kind === TK.Struct && e.ty.body === ty.body) {
    put(st, ty, offset, field, e);
    return;
  }
  if (ty.kind === TK.Array && e.ty.kind === TK.Array && e.k === "compound" && e.sym.init !== undefined) {
    // GNU: an array initialised from a compound literal.
    for (const item of e.sym.init.items) st.items.push({ ...item, offset: item.offset + offset });
    st.end = Math.max(st.end, offset + sizeOf(e.ty));
    return;
  }
  if (ty.kind === TK.Array || ty.kind === TK.Struct) {
    elided(st, ty, offset, 0, e);
    return;
  }
  put(st, ty, offset, field, e);
}

/** Whether another initialiser of the same brace-less list follows; takes the comma. */
function more(st: State): boolean {
  const p = st.p;
  if (!p.at(",")) return false;
  const next = p.peek();
  if (next === K["}"] || next === K["."] || next === K["["] || (p.kindAt(1) === Tok.Ident && p.peek(2) === K[":"])) return false;
  p.p++;
  return true;
}

/** Members from `start` on without braces of their own; `first` is the value already read for the first one. */
function elided(st: State, ty: CType, offset: number, start: number, first: Node | undefined): void {
  let pending = first;
  const give = (t: CType, at: number, field: Field | undefined): void => {
    if (pending !== undefined) {
      const e = pending;
      pending = undefined;
      place(st, t, at, field, e);
    } else initializer(st, t, at, field);
  };
  if (ty.kind === TK.Array && ty.base !== undefined) {
    const size = sizeOf(ty.base);
    for (let i = start; ty.len < 0 || i < ty.len; i++) {
      if (pending === undefined && !more(st)) return;
      give(ty.base, offset + i * size, undefined);
    }
    return;
  }
  const fields = ty.body?.fields ?? [];
  for (let i = start; i < fields.length; i++) {
    const f = fields[i];
    if (f === undefined || (f.name === 0 && f.width >= 0)) continue;
    if (f.type.kind === TK.Array && f.type.len < 0 && i === fields.length - 1) return; // a flexible member needs braces
    if (pending === undefined && !more(st)) return;
    give(f.type, offset + f.offset, f);
    if (ty.body?.union === true) return;
  }
}

function braced(st: State, ty: CType, offset: number, field?: Field): void {
  const p = st.p;
  p.expect("{");
  if (ty.kind !== TK.Array && ty.kind !== TK.Struct) {
    if (p.take("}")) return; // GNU/C23: an empty one is zero
    initializer(st, ty, offset, field);
    p.take(",");
    p.expect("}");
    return;
  }
  if (p.kindAt() === Tok.String && isCharArray(ty)) {
    const save = p.p;
    const e = parseAssign(p);
    if (stringFor(ty, e)) {
      putString(st, ty, offset, e);
      p.take(",");
      p.expect("}");
      return;
    }
    p.p = save;
  }
  forget(st, offset, offset + sizeOf(ty));
  // An object with braces of its own is there whole, however little is set: it counts for an array's length.
  st.end = Math.max(st.end, offset + sizeOf(ty));
  let next = 0;
  while (!p.at("}")) {
    if (p.p >= p.end) p.fail("expected", "expected '}' at end of input");
    if (p.at(".") || p.at("[") || (p.kindAt() === Tok.Ident && p.peek() === K[":"])) next = designated(st, ty, offset);
    else next = positional(st, ty, offset, next);
    if (!p.take(",")) break;
  }
  p.expect("}");
}

function positional(st: State, ty: CType, offset: number, at: number): number {
  const p = st.p;
  if (ty.kind === TK.Array && ty.base !== undefined) {
    if (ty.len >= 0 && at >= ty.len) p.fail("excess", "excess elements in array initializer");
    initializer(st, ty.base, offset + at * sizeOf(ty.base), undefined);
    return at + 1;
  }
  const fields = ty.body?.fields ?? [];
  let i = at;
  while (i < fields.length && fields[i]?.name === 0 && (fields[i]?.width ?? -1) >= 0) i++;
  const f = fields[i];
  if (f === undefined || (ty.body?.union === true && at > 0)) return p.fail("excess", "excess elements in struct initializer");
  initializer(st, f.type, offset + f.offset, f);
  return i + 1;
}

/** One designation with its value; returns the index after the designated member. */
function designated(st: State, ty: CType, offset: number): number {
  const p = st.p;
  if (p.take("[")) {
    if (ty.kind !== TK.Array || ty.base === undefined) return p.fail("designator", "array index in non-array initializer");
    const lo = Number(parseConst(p, "an array designator"));
    const hi = p.take("...") ? Number(parseConst(p, "an array designator")) : lo;
    p.expect("]");
    if (lo < 0 || hi < lo || (ty.len >= 0 && hi >= ty.len)) p.fail("designator", "array index in initializer is out of range");
    const size = sizeOf(ty.base);
    if (!p.at(".") && !p.at("[")) forget(st, offset + lo * size, offset + (hi + 1) * size);
    const mark = st.items.length;
    afterDesignator(st, ty.base, offset + lo * size, undefined);
    const made = st.items.slice(mark);
    if ((hi - lo + 1) * made.length > 1_000_000) p.fail("designator", "range designator sets more than a million values");
    for (let i = lo + 1; i <= hi; i++) for (const item of made) st.items.push({ ...item, offset: item.offset + (i - lo) * size });
    st.end = Math.max(st.end, offset + (hi + 1) * size);
    return hi + 1;
  }
  const old = !p.take(".");
  const name = p.ident();
  if (old) p.expect(":");
  const body = ty.kind === TK.Struct ? ty.body : undefined;
  const path = body === undefined ? undefined : findMember(body, name);
  const outer = path?.[0];
  if (body === undefined || path === undefined || outer === undefined)
    return p.fail("no-member", `unknown member '${p.spelling(p.p - (old ? 2 : 1))}' in initializer`, p.p - 1);
  const f = path[path.length - 1] ?? outer;
  const at = path.reduce((sum, step) => sum + step.offset, offset);
  if (old) initializer(st, f.type, at, f);
  else afterDesignator(st, f.type, at, f);
  // Within anonymous members the list goes on behind the designated one (C11 6.7.9p17).
  for (let depth = path.length - 1; depth > 0; depth--) {
    const parent = path[depth - 1];
    const inner = path[depth];
    if (parent === undefined || inner === undefined) continue;
    const parentAt = path.slice(0, depth).reduce((sum, step) => sum + step.offset, offset);
    if (parent.type.body?.union === false) elided(st, parent.type, parentAt, parent.type.body.fields.indexOf(inner) + 1, undefined);
  }
  return body.fields.indexOf(outer) + 1;
}

function afterDesignator(st: State, ty: CType, offset: number, field: Field | undefined): void {
  const p = st.p;
  if (p.at(".") || p.at("[")) {
    const next = designated(st, ty, offset);
    if (ty.body?.union !== true) elided(st, ty, offset, next, undefined);
    return;
  }
  p.take("=");
  initializer(st, ty, offset, field);
}
