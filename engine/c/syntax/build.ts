// Typed nodes from operands: the constraints and conversions of C11 6.3 and 6.5. Constant operands fold at once.

import {
  type BinOp,
  bitFieldType,
  constEval,
  constFloat,
  type CType,
  decay,
  findMember,
  isArithmetic,
  isComplete,
  isInteger,
  isVla,
  type Node,
  pointerTo,
  promote,
  qualify,
  sizeOf,
  T,
  TK,
  unqualified,
  usual,
  wrap,
} from "../types/index.js";
import type { Parser } from "./parser.js";

export function isLvalue(n: Node): boolean {
  return (
    n.k === "var" ||
    n.k === "deref" ||
    n.k === "compound" ||
    n.k === "str" ||
    (n.k === "member" && (isLvalue(n.e) || n.e.ty.kind === TK.Struct)) ||
    n.k === "fn"
  );
}

/** Array and function operands become pointers; other values keep their type without qualifiers. */
export function rvalue(_p: Parser, n: Node): Node {
  if (n.ty.kind === TK.Array) {
    markAddress(n);
    return { k: "addr", e: n, ty: decay(n.ty), loc: n.loc, from: n.from, to: n.to };
  }
  if (n.ty.kind === TK.Func) return { k: "addr", e: n, ty: pointerTo(n.ty), loc: n.loc, from: n.from, to: n.to };
  return n;
}

/** `n` as a value of type `ty`, by a cast node where the types differ. */
export function convert(p: Parser, n: Node, ty: CType): Node {
  const v = rvalue(p, n);
  const to = unqualified(ty);
  const is = unqualified(v.ty);
  if (is === to || to.kind === TK.Struct) return v;
  if (v.k === "int" && (isInteger(to) || to.kind === TK.Ptr)) return { ...v, v: wrap(v.v, to), ty: to };
  if (is.kind === TK.Ptr && to.kind === TK.Ptr) return { ...v, ty: to };
  return { k: "cast", e: v, ty: to, loc: n.loc, from: n.from, to: n.to };
}

export function cast(p: Parser, e: Node, ty: CType, from: number): Node {
  if (ty.kind === TK.Void) return { k: "cast", e, ...p.span(from, T.void) };
  if (ty.kind === TK.Struct) {
    if (e.ty.body === ty.body) return e;
    // GNU: a cast to a union type makes a value of it.
    p.fail("cast", "conversion to non-scalar type requested", from);
  }
  if (ty.kind === TK.Array || ty.kind === TK.Func) p.fail("cast", "cast specifies array or function type", from);
  const v = rvalue(p, e);
  if (v.ty.kind === TK.Struct || v.ty.kind === TK.Void) p.fail("cast", "cast of a non-scalar value", from);
  if (v.k === "int" && (isInteger(ty) || ty.kind === TK.Ptr)) return p.int(wrap(v.v, ty), unqualified(ty), from);
  // The cast node stays even between equal types: it is no lvalue, and READ_ONCE's volatile pointer is seen in the type.
  return { k: "cast", e: v, ...p.span(from, unqualified(ty)) };
}

/** An operand of && || ! ?: if while for: any scalar. */
export function toBool(p: Parser, n: Node): Node {
  const v = rvalue(p, n);
  if (v.ty.kind === TK.Struct || v.ty.kind === TK.Void) p.fail("scalar", "used a non-scalar value where a scalar is required", n.from);
  return v;
}

export function isNullConstant(n: Node): boolean {
  if (n.k === "cast" && n.ty.kind === TK.Ptr && n.ty.base?.kind === TK.Void && n.ty.base.quals === 0) return isInteger(n.e.ty) && constEval(n.e) === 0n;
  if (n.k === "int") return n.v === 0n && (isInteger(n.ty) || (n.ty.kind === TK.Ptr && n.ty.base?.kind === TK.Void && n.ty.base.quals === 0));
  return isInteger(n.ty) && constEval(n) === 0n;
}

function elementSize(p: Parser, ptr: CType, from: number): number {
  const base = ptr.base ?? T.void;
  if (base.kind === TK.Func) return 1;
  if (!isComplete(base) && base.kind !== TK.Void) p.fail("incomplete", "arithmetic on a pointer to an incomplete type", from);
  return sizeOf(base);
}

/** How far a pointer of type `ptr` goes for the integer `b`; the elements of an array of unknown size count at run time. */
function steps(p: Parser, ptr: CType, b: Node, from: number): { readonly b: Node; readonly scale: number } {
  const { base } = ptr;
  if (base === undefined || !isVla(base)) return { b, scale: elementSize(p, ptr, from) };
  const size: Node = { k: "vla-size", of: base, ...p.span(from, T.long) };
  return { b: { k: "bin", op: "*", a: convert(p, b, T.long), b: size, ...p.span(from, T.long) }, scale: 1 };
}

function fold(p: Parser, n: Node, from: number): Node {
  if (n.k !== "bin") return n;
  if ((n.a.k === "int" && n.b.k === "int") || (n.a.k === "float" && n.b.k === "float" && isInteger(n.ty))) {
    const v = constEval(n);
    if (v !== undefined) return p.int(v, n.ty, from);
  } else if (n.a.k === "float" && n.b.k === "float") {
    const f = constFloat(n);
    if (f !== undefined) return { k: "float", v: f, ...p.span(from, n.ty) };
  }
  return n;
}

export function binary(p: Parser, op: BinOp, x: Node, y: Node, from: number): Node {
  const a = rvalue(p, x);
  const b = rvalue(p, y);
  const at = a.ty;
  const bt = b.ty;
  const bad = (): never => p.fail("operands", `invalid operands to '${op}'`, from);
  switch (op) {
    case "<<":
    case ">>": {
      if (!isInteger(at) || !isInteger(bt)) return bad();
      const ty = promote(at);
      return fold(p, { k: "bin", op, a: convert(p, a, ty), b: convert(p, b, promote(bt)), ...p.span(from, ty) }, from);
    }
    case "+":
    case "-":
      if (at.kind === TK.Ptr && isInteger(bt))
        return { k: "ptradd", a, ...steps(p, at, convert(p, b, promote(bt)), from), minus: op === "-", ...p.span(from, unqualified(at)) };
      if (op === "+" && bt.kind === TK.Ptr && isInteger(at))
        return { k: "ptradd", a: b, ...steps(p, bt, convert(p, a, promote(at)), from), minus: false, ...p.span(from, unqualified(bt)) };
      if (op === "-" && at.kind === TK.Ptr && bt.kind === TK.Ptr && at.base !== undefined && isVla(at.base)) {
        const bytes: Node = { k: "ptrdiff", a, b, scale: 1, ...p.span(from, T.long) };
        return { k: "bin", op: "/", a: bytes, b: { k: "vla-size", of: at.base, ...p.span(from, T.long) }, ...p.span(from, T.long) };
      }
      if (op === "-" && at.kind === TK.Ptr && bt.kind === TK.Ptr) return { k: "ptrdiff", a, b, scale: elementSize(p, at, from), ...p.span(from, T.long) };
      break;
    case "<":
    case ">":
    case "<=":
    case ">=":
    case "==":
    case "!=": {
      if (at.kind === TK.Ptr || bt.kind === TK.Ptr) {
        if (at.kind === TK.Struct || bt.kind === TK.Struct || at.kind === TK.Float || bt.kind === TK.Float) return bad();
        return fold(p, { k: "bin", op, a: convert(p, a, T.ulong), b: convert(p, b, T.ulong), ...p.span(from, T.int) }, from);
      }
      if (!isArithmetic(at) || !isArithmetic(bt)) return bad();
      const ty = usual(at, bt);
      return fold(p, { k: "bin", op, a: convert(p, a, ty), b: convert(p, b, ty), ...p.span(from, T.int) }, from);
    }
    default:
      break; // arithmetic operands only
  }
  if (!isArithmetic(at) || !isArithmetic(bt)) return bad();
  const ty = usual(at, bt);
  if (ty.kind === TK.Float && (op === "%" || op === "&" || op === "|" || op === "^")) return bad();
  return fold(p, { k: "bin", op, a: convert(p, a, ty), b: convert(p, b, ty), ...p.span(from, ty) }, from);
}

/** Composite of two pointee types for ?: */
function joinPointers(a: CType, b: CType): CType {
  const x = a.base ?? T.void;
  const y = b.base ?? T.void;
  const quals = x.quals | y.quals;
  const base = x.kind === TK.Void ? x : y.kind === TK.Void ? y : x;
  return pointerTo(qualify(unqualified(base), quals));
}

export function conditional(p: Parser, c0: Node, a0: Node | undefined, b0: Node, from: number): Node {
  const c = toBool(p, c0);
  const a = rvalue(p, a0 ?? c);
  const b = rvalue(p, b0);
  let ty: CType;
  if (isArithmetic(a.ty) && isArithmetic(b.ty)) ty = usual(a.ty, b.ty);
  else if (a.ty.kind === TK.Void || b.ty.kind === TK.Void) ty = T.void;
  else if (a.ty.kind === TK.Struct) ty = unqualified(a.ty);
  else if (a.ty.kind === TK.Ptr && isNullConstant(b)) ty = unqualified(a.ty);
  else if (b.ty.kind === TK.Ptr && isNullConstant(a)) ty = unqualified(b.ty);
  else if (a.ty.kind === TK.Ptr && b.ty.kind === TK.Ptr) ty = joinPointers(a.ty, b.ty);
  else ty = a.ty.kind === TK.Ptr ? unqualified(a.ty) : unqualified(b.ty);
  const conv = (n: Node): Node => (ty.kind === TK.Void ? n : convert(p, n, ty));
  return { k: "cond", c, a: a0 === undefined ? undefined : conv(a), b: conv(b), ...p.span(from, ty) };
}

function mustBeLvalue(p: Parser, n: Node, from: number): void {
  if (!isLvalue(n) || n.k === "fn") p.fail("lvalue", "lvalue required as left operand of assignment", from);
}

export function assign(p: Parser, a: Node, b: Node, from: number): Node {
  mustBeLvalue(p, a, from);
  checkAssignable(p, a.ty, b, from);
  return { k: "assign", a, b: convert(p, b, a.ty), ...p.span(from, unqualified(a.ty)) };
}

/** Refuses what no compiler takes: a struct where a scalar is wanted, or another struct. */
export function checkAssignable(p: Parser, to: CType, n: Node, from: number): void {
  const is = n.ty;
  if (to.kind === TK.Struct ? is.body !== to.body : is.kind === TK.Struct || is.kind === TK.Void) p.fail("assign", "incompatible types in conversion", from);
}

export function assignOp(p: Parser, op: BinOp, a: Node, b: Node, from: number): Node {
  mustBeLvalue(p, a, from);
  const v = rvalue(p, b);
  if (a.ty.kind === TK.Ptr) {
    if ((op !== "+" && op !== "-") || !isInteger(v.ty)) p.fail("operands", `invalid operands to '${op}='`, from);
    return { k: "opassign", op, a, ...steps(p, a.ty, convert(p, v, T.long), from), opType: unqualified(a.ty), ...p.span(from, unqualified(a.ty)) };
  }
  if (!isArithmetic(a.ty) || !isArithmetic(v.ty)) p.fail("operands", `invalid operands to '${op}='`, from);
  const shift = op === "<<" || op === ">>";
  const opType = shift ? promote(a.ty) : usual(a.ty, v.ty);
  return { k: "opassign", op, a, b: convert(p, v, shift ? promote(v.ty) : opType), opType, scale: 0, ...p.span(from, unqualified(a.ty)) };
}

export function incdec(p: Parser, e: Node, delta: 1 | -1, post: boolean, from: number): Node {
  mustBeLvalue(p, e, from);
  if (e.ty.kind === TK.Ptr && e.ty.base !== undefined && isVla(e.ty.base)) {
    const one = p.int(1n, T.int, from);
    const changed = assignOp(p, delta > 0 ? "+" : "-", e, one, from);
    return post ? binary(p, delta > 0 ? "-" : "+", changed, one, from) : changed;
  }
  const scale = e.ty.kind === TK.Ptr ? elementSize(p, e.ty, from) : 0;
  if (scale === 0 && !isArithmetic(e.ty) && e.ty.kind !== TK.Ptr) p.fail("operands", "wrong type argument to increment or decrement", from);
  return { k: "incdec", e, delta, post, scale, ...p.span(from, unqualified(e.ty)) };
}

export function deref(p: Parser, n: Node, from: number): Node {
  const v = rvalue(p, n);
  if (v.ty.kind !== TK.Ptr) p.fail("deref", "invalid type argument of '*' or '->'", from);
  const base = v.ty.base ?? T.void;
  if (v.k === "addr" && (base.kind === TK.Func || v.e.ty === base)) return { ...v.e, from, to: p.p };
  return { k: "deref", e: v, ...p.span(from, base) };
}

/** Variables whose address is taken live in memory. */
export function markAddress(n: Node): void {
  let e = n;
  while (e.k === "member") e = e.e;
  if (e.k === "var") e.sym.addressTaken = true;
}

export function addressOf(p: Parser, n: Node, from: number): Node {
  if (n.k === "fn") return { k: "addr", e: n, ...p.span(from, pointerTo(n.ty)) };
  if (!isLvalue(n)) p.fail("lvalue", "lvalue required as unary '&' operand", from);
  if (n.k === "member" && (n.path[n.path.length - 1]?.width ?? -1) >= 0) p.fail("bit-field", "cannot take the address of a bit-field", from);
  markAddress(n);
  if (n.k === "deref") return { ...n.e, ty: pointerTo(n.ty), from, to: p.p };
  return { k: "addr", e: n, ...p.span(from, pointerTo(n.ty)) };
}

export function index(p: Parser, a: Node, i: Node, from: number): Node {
  return deref(p, binary(p, "+", a, i, from), from);
}

export function member(p: Parser, e: Node, name: number, from: number): Node {
  const body = e.ty.kind === TK.Struct ? e.ty.body : undefined;
  if (body === undefined) return p.fail("member", `request for member '${p.atoms.text(name)}' in something not a structure or union`, from);
  if (!body.complete) return p.fail("incomplete", `struct ${p.atoms.text(body.tag)} is not defined here; it has no known member '${p.atoms.text(name)}'`, from);
  const path = findMember(body, name);
  if (path === undefined) return p.fail("no-member", `struct ${p.atoms.text(body.tag)} has no member '${p.atoms.text(name)}'`, from);
  const last = path[path.length - 1];
  let ty = last === undefined ? T.int : last.width >= 0 ? bitFieldType(last.type, last.width) : last.type;
  if (e.ty.quals !== 0) ty = qualify(ty, e.ty.quals);
  return { k: "member", e, path, ...p.span(from, ty) };
}

export function call(p: Parser, callee: Node, args: readonly Node[], from: number): Node {
  const f = callee.k === "fn" ? callee : rvalue(p, callee);
  const ft = f.k === "fn" ? f.ty : f.ty.kind === TK.Ptr ? f.ty.base : undefined;
  if (ft?.kind !== TK.Func) return p.fail("call", "called object is not a function or function pointer", from);
  const name = f.k === "fn" ? ` '${p.atoms.text(f.sym.name)}'` : "";
  if (!ft.noProto && (args.length < ft.params.length || (args.length > ft.params.length && !ft.variadic)))
    p.fail("arguments", `wrong number of arguments to function${name}: expected ${String(ft.params.length)}, have ${String(args.length)}`, from);
  const converted = args.map((a, i) => {
    const param = ft.params[i];
    if (param !== undefined) {
      if (param.kind === TK.Struct && a.ty.body !== param.body) return transparent(p, param, a);
      checkAssignable(p, param, a, a.from);
      return convert(p, a, param);
    }
    return promoteArgument(p, a);
  });
  return { k: "call", f, args: converted, ...p.span(from, unqualified(ft.base ?? T.void)) };
}

/** A transparent union parameter takes any member's type; the value is passed as that member. */
function transparent(p: Parser, param: CType, a: Node): Node {
  const v = rvalue(p, a);
  if (param.body?.union !== true || v.ty.kind === TK.Struct || v.ty.kind === TK.Void) return p.fail("assign", "incompatible type for argument", a.from);
  return { k: "builtin", name: "to-union", args: [v], arg: param, ...p.span(a.from, param) };
}

/** Default argument promotions, C11 6.5.2.2p6. */
export function promoteArgument(p: Parser, n: Node): Node {
  const v = rvalue(p, n);
  if (v.ty.kind === TK.Float) return v.ty.size === 4 ? convert(p, v, T.double) : v;
  if (isInteger(v.ty)) return convert(p, v, promote(v.ty));
  return v;
}
