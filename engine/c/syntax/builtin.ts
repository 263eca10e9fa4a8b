// gcc's builtins as kernel headers and plain C programs use them. Those that are decided by types or constants
// are decided here; the others become `builtin` nodes for the lowering, or calls of the library function.

import {
  type Attrs,
  compatible,
  constEval,
  constFloat,
  type CType,
  type FuncSym,
  funcType,
  isInteger,
  type Node,
  pointerTo,
  Q_CONST,
  qualify,
  T,
  TK,
  unqualified,
} from "../types/index.js";
import { addressOf, binary, checkAssignable, convert, isLvalue, member, promoteArgument, rvalue } from "./build.js";
import { isAtomicBuiltin, parseAtomic } from "./atomic.js";
import { parseTypeName } from "./declarator.js";
import { parseAssign, parseExpr } from "./expression.js";
import { noAttrs, type Parser } from "./parser.js";

const charPtr = pointerTo(T.char);
const constCharPtr = pointerTo(qualify(T.char, Q_CONST));
const voidPtr = pointerTo(T.void);
const constVoidPtr = pointerTo(qualify(T.void, Q_CONST));

/** Builtins that are the library function of the same name: return type, parameters. */
const library: Readonly<Record<string, readonly [CType, readonly CType[], boolean?]>> = {
  memcpy: [voidPtr, [voidPtr, constVoidPtr, T.ulong]],
  memmove: [voidPtr, [voidPtr, constVoidPtr, T.ulong]],
  memset: [voidPtr, [voidPtr, T.int, T.ulong]],
  memcmp: [T.int, [constVoidPtr, constVoidPtr, T.ulong]],
  memchr: [voidPtr, [constVoidPtr, T.int, T.ulong]],
  strlen: [T.ulong, [constCharPtr]],
  strnlen: [T.ulong, [constCharPtr, T.ulong]],
  strcpy: [charPtr, [charPtr, constCharPtr]],
  strncpy: [charPtr, [charPtr, constCharPtr, T.ulong]],
  strcat: [charPtr, [charPtr, constCharPtr]],
  strncat: [charPtr, [charPtr, constCharPtr, T.ulong]],
  strcmp: [T.int, [constCharPtr, constCharPtr]],
  strncmp: [T.int, [constCharPtr, constCharPtr, T.ulong]],
  strchr: [charPtr, [constCharPtr, T.int]],
  strrchr: [charPtr, [constCharPtr, T.int]],
  strstr: [charPtr, [constCharPtr, constCharPtr]],
  printf: [T.int, [constCharPtr], true],
  puts: [T.int, [constCharPtr]],
  sprintf: [T.int, [charPtr, constCharPtr], true],
  snprintf: [T.int, [charPtr, T.ulong, constCharPtr], true],
  putchar: [T.int, [T.int]],
  abort: [T.void, []],
  exit: [T.void, [T.int]],
  calloc: [voidPtr, [T.ulong, T.ulong]],
  realloc: [voidPtr, [voidPtr, T.ulong]],
  strspn: [T.ulong, [constCharPtr, constCharPtr]],
  strcspn: [T.ulong, [constCharPtr, constCharPtr]],
  strpbrk: [charPtr, [constCharPtr, constCharPtr]],
  llabs: [T.llong, [T.llong]],
  abs: [T.int, [T.int]],
  labs: [T.long, [T.long]],
  malloc: [voidPtr, [T.ulong]],
  free: [T.void, [voidPtr]],
};

/** Builtins of one integer argument: its type and the result's. */
const unary: Readonly<Record<string, readonly [CType, CType]>> = {
  clz: [T.uint, T.int],
  clzl: [T.ulong, T.int],
  clzll: [T.ullong, T.int],
  ctz: [T.uint, T.int],
  ctzl: [T.ulong, T.int],
  ctzll: [T.ullong, T.int],
  popcount: [T.uint, T.int],
  popcountl: [T.ulong, T.int],
  popcountll: [T.ullong, T.int],
  parity: [T.uint, T.int],
  parityl: [T.ulong, T.int],
  parityll: [T.ullong, T.int],
  ffs: [T.int, T.int],
  ffsl: [T.long, T.int],
  ffsll: [T.llong, T.int],
  clrsb: [T.int, T.int],
  clrsbl: [T.long, T.int],
  clrsbll: [T.llong, T.int],
  bswap16: [T.ushort, T.ushort],
  bswap32: [T.uint, T.uint],
  bswap64: [T.ulong, T.ulong],
};

function libraryCall(p: Parser, name: string, args: readonly Node[], from: number): Node | undefined {
  const l = library[name];
  if (l === undefined) return undefined;
  const atom = p.atoms.of(name);
  const declared = p.lookup(atom);
  const attrs: Attrs = noAttrs;
  const sym: FuncSym =
    declared?.kind === "func"
      ? declared
      : {
          kind: "func",
          name: atom,
          type: funcType(l[0], l[1], l[2] === true, false),
          link: name,
          static: false,
          inline: false,
          gnuInlineExtern: false,
          pos: 0,
          loc: p.locAt(from),
          attrs,
          body: undefined,
          params: [],
        };
  const params = l[1];
  if (args.length < params.length) p.fail("arguments", `__builtin_${name} takes ${String(params.length)} arguments`, from);
  const converted = args.map((a, i) => {
    const t = params[i];
    if (t === undefined) return promoteArgument(p, a);
    checkAssignable(p, t, a, a.from);
    return convert(p, a, t);
  });
  return { k: "call", f: { k: "fn", sym, ...p.span(from, sym.type) }, args: converted, ...p.span(from, l[0]) };
}

/** A builtin at the cursor, or undefined where the name is none. */
export function parseBuiltin(p: Parser): Node | undefined {
  const from = p.p;
  const full = p.spelling(p.p);
  const atomic = isAtomicBuiltin(full);
  if (!full.startsWith("__builtin_") && !atomic && full !== "alloca") return undefined;
  const name = full.startsWith("__builtin_") ? full.slice(10) : full;
  p.p++;
  switch (name) {
    case "types_compatible_p": {
      p.expect("(");
      const a = parseTypeName(p);
      p.expect(",");
      const b = parseTypeName(p);
      p.expect(")");
      return p.int(compatible(a, b) ? 1n : 0n, T.int, from);
    }
    case "offsetof":
      return offsetOf(p, from);
    case "choose_expr": {
      p.expect("(");
      const c = constEval(rvalue(p, parseAssign(p)));
      if (c === undefined) p.fail("not-constant", "the condition of __builtin_choose_expr is not an integer constant", from);
      p.expect(",");
      const a = parseAssign(p);
      p.expect(",");
      const b = parseAssign(p);
      p.expect(")");
      return c !== 0n ? a : b;
    }
    case "va_arg": {
      p.expect("(");
      const list = parseAssign(p);
      p.expect(",");
      const arg = parseTypeName(p);
      p.expect(")");
      return { k: "builtin", name: "va_arg", args: [addressable(p, list)], arg, ...p.span(from, unqualified(arg)) };
    }
    case "has_attribute": {
      // Attributes that the kernel asks for this way (nonstring) change nothing here and are not kept.
      p.skipGroup();
      return p.int(0n, T.int, from);
    }
    case "huge_val":
    case "inf":
    case "huge_valf":
    case "inff":
      p.expect("(");
      p.expect(")");
      return { k: "float", v: Infinity, ...p.span(from, name.endsWith("f") && name !== "inf" ? T.float : T.double) };
  }
  p.expect("(");
  const args: Node[] = [];
  if (!p.at(")")) {
    do args.push(p.nest(() => parseAssign(p)));
    while (p.take(","));
  }
  p.expect(")");
  if (atomic) return parseAtomic(p, full, args, from);
  const first = args[0];
  const need = (n: number): void => {
    if (args.length < n) p.fail("arguments", `${full} takes ${String(n)} arguments`, from);
  };
  const node = (ty: CType, list: readonly Node[], arg?: CType): Node =>
    arg === undefined ? { k: "builtin", name, args: list, ...p.span(from, ty) } : { k: "builtin", name, args: list, arg, ...p.span(from, ty) };
  const u = unary[name];
  if (u !== undefined) {
    need(1);
    const a = convert(p, first ?? p.int(0n, T.int), u[0]);
    const folded = foldUnary(name, constEval(a), u[0]);
    return folded === undefined ? node(u[1], [a]) : p.int(folded, u[1], from);
  }
  const typed = /^([su])(add|sub|mul)(l{0,2})_overflow$/.exec(name);
  if (typed !== null) {
    need(3);
    const ty = { s: T.int, sl: T.long, sll: T.llong, u: T.uint, ul: T.ulong, ull: T.ullong }[`${typed[1] ?? "s"}${typed[3] ?? ""}`] ?? T.int;
    const operand = (i: number): Node => convert(p, args[i] ?? p.int(0n, ty), ty);
    return {
      k: "builtin",
      name: `${typed[2] ?? "add"}_overflow`,
      args: [operand(0), operand(1), rvalue(p, args[2] ?? p.int(0n, ty))],
      arg: ty,
      ...p.span(from, T.bool),
    };
  }
  switch (name) {
    case "constant_p": {
      need(1);
      const e = first ?? p.int(0n, T.int);
      const is = e.k === "str" || (e.k === "addr" && e.e.k === "str") || constEval(rvalue(p, e)) !== undefined || constFloat(e) !== undefined;
      return p.int(is ? 1n : 0n, T.int, from);
    }
    case "expect":
    case "expect_with_probability":
      need(2);
      return convert(p, first ?? p.int(0n, T.int), T.long);
    case "assume_aligned":
      need(1);
      return rvalue(p, first ?? p.int(0n, T.int));
    case "object_size":
    case "dynamic_object_size": {
      // Unknown at this point of the translation, as gcc says it without optimisation: no bound is claimed.
      need(2);
      const mode = constEval(args[1] ?? p.int(0n, T.int)) ?? 0n;
      return p.int(mode >= 2n ? 0n : 0xffffffffffffffffn, T.ulong, from);
    }
    case "add_overflow":
    case "sub_overflow":
    case "mul_overflow": {
      need(3);
      const r = args[2] === undefined ? undefined : rvalue(p, args[2]);
      if (r?.ty.kind !== TK.Ptr || r.ty.base === undefined || !isInteger(r.ty.base)) p.fail("operands", `${full} needs a pointer to an integer`, from);
      return node(T.bool, [rvalue(p, args[0] ?? r), rvalue(p, args[1] ?? r), r], r.ty.base);
    }
    case "add_overflow_p":
    case "sub_overflow_p":
    case "mul_overflow_p":
      need(3);
      return {
        k: "builtin",
        name: name.slice(0, -2),
        args: [rvalue(p, args[0] ?? p.int(0n, T.int)), rvalue(p, args[1] ?? p.int(0n, T.int))],
        arg: unqualified(args[2]?.ty ?? T.int),
        ...p.span(from, T.bool),
      };
    case "unreachable":
    case "trap":
      return node(T.void, []);
    case "prefetch":
      return node(T.void, [rvalue(p, first ?? p.int(0n, T.int))]);
    case "return_address":
    case "frame_address":
      return node(voidPtr, []);
    case "extract_return_addr":
      need(1);
      return convert(p, first ?? p.int(0n, T.int), voidPtr);
    case "alloca":
    case "alloca_with_align":
      need(1);
      return { k: "builtin", name: "alloca", args: [convert(p, first ?? p.int(0n, T.int), T.ulong)], ...p.span(from, voidPtr) };
    case "va_start":
      need(1);
      return node(T.void, [addressable(p, first ?? p.int(0n, T.int))]);
    case "va_end":
      need(1);
      return { k: "cast", e: addressable(p, first ?? p.int(0n, T.int)), ...p.span(from, T.void) };
    case "va_copy": {
      need(2);
      return node(T.void, [addressable(p, first ?? p.int(0n, T.int)), rvalue(p, args[1] ?? p.int(0n, T.int))]);
    }
    case "fabs":
    case "fabsf":
    case "sqrt":
    case "sqrtf": {
      const ty = name.endsWith("f") ? T.float : T.double;
      return node(ty, [convert(p, first ?? p.int(0n, T.int), ty)]);
    }
    case "nan":
    case "nanf":
      return { k: "float", v: NaN, ...p.span(from, name === "nanf" ? T.float : T.double) };
    case "signbit":
    case "signbitf":
      need(1);
      return node(T.int, [convert(p, first ?? p.int(0n, T.int), T.double)]);
    case "isgreater":
    case "isgreaterequal":
    case "isless":
    case "islessequal": {
      need(2);
      const op = { isgreater: ">", isgreaterequal: ">=", isless: "<", islessequal: "<=" } as const;
      return binary(p, op[name], args[0] ?? p.int(0n, T.int), args[1] ?? p.int(0n, T.int), from);
    }
    case "isnan": {
      const v = rvalue(p, first ?? p.int(0n, T.int));
      return binary(p, "!=", v, v, from);
    }
    case "isinf":
    case "isinff":
    case "isfinite": {
      // The difference of two equal numbers is a number only where they are finite.
      const x = convert(p, first ?? p.int(0n, T.int), T.double);
      const size: Node = { k: "builtin", name: "fabs", args: [x], ...p.span(from, T.double) };
      return binary(p, name === "isfinite" ? "<" : "==", size, { k: "float", v: Infinity, ...p.span(from, T.double) }, from);
    }
    case "isdigit": {
      const digit = binary(p, "-", convert(p, first ?? p.int(0n, T.int), T.uint), p.int(48n, T.uint, from), from);
      return binary(p, "<=", digit, p.int(9n, T.uint, from), from);
    }
    case "speculation_safe_value":
      return rvalue(p, first ?? p.int(0n, T.int));
    case "darn":
    case "ppc_get_timebase":
      return node(T.ulong, []);
  }
  const lib = libraryCall(p, name, args, from);
  if (lib !== undefined) return lib;
  return p.fail("builtin", `unsupported builtin '${full}'`, from);
}

function foldUnary(name: string, v: bigint | undefined, ty: CType): bigint | undefined {
  if (v === undefined) return undefined;
  const bits = BigInt(ty.size * 8);
  const u = BigInt.asUintN(Number(bits), v);
  const text = u.toString(2);
  const ones = BigInt(text.split("1").length - 1);
  switch (name.replace(/l+$/, "")) {
    case "clz":
      return u === 0n ? undefined : bits - BigInt(text.length);
    case "ctz":
      return u === 0n ? undefined : BigInt(text.length - 1 - text.lastIndexOf("1"));
    case "popcount":
      return ones;
    case "parity":
      return ones & 1n;
    case "ffs":
      return u === 0n ? 0n : BigInt(text.length - text.lastIndexOf("1"));
    case "bswap16":
      return ((u & 0xffn) << 8n) | (u >> 8n);
    case "bswap32":
    case "bswap64": {
      let r = 0n;
      for (let i = 0n; i < bits; i += 8n) r = (r << 8n) | ((u >> i) & 0xffn);
      return r;
    }
    default:
      return undefined;
  }
}

/** va_list is `char *` on this ABI: builtins that change it take its address. */
function addressable(p: Parser, n: Node): Node {
  if (!isLvalue(n)) p.fail("va_list", "a va_list variable is required here", n.from);
  return addressOf(p, n, n.from);
}

function offsetOf(p: Parser, from: number): Node {
  p.expect("(");
  const ty = parseTypeName(p);
  p.expect(",");
  let e = member(p, { k: "deref", e: p.int(0n, pointerTo(ty), from), ...p.span(from, ty) }, p.ident(), from);
  for (;;) {
    if (p.take(".")) e = member(p, e, p.ident(), from);
    else if (p.take("[")) {
      const i = parseExpr(p);
      p.expect("]");
      if (e.ty.kind !== TK.Array || e.ty.base === undefined) p.fail("offsetof", "subscripted value is not an array", from);
      const pointer: Node = { k: "addr", e, ...p.span(from, pointerTo(e.ty.base)) };
      e = { k: "deref", e: binary(p, "+", pointer, i, from), ...p.span(from, e.ty.base) };
    } else break;
  }
  p.expect(")");
  const address: Node = { k: "addr", e, ...p.span(from, pointerTo(e.ty)) };
  const v = constEval(address);
  return v === undefined ? convert(p, { k: "cast", e: address, ...p.span(from, T.ulong) }, T.ulong) : p.int(v, T.ulong, from);
}
