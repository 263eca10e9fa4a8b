// Declaration specifiers, C11 6.7.1 to 6.7.5: what begins a declaration, and the type, storage and attributes that all its
// declarators share.

import { type Attrs, constEval, type CType, pointerTo, Q_ATOMIC, Q_CONST, Q_VOLATILE, qualify, sizeOf, T, TK, unqualified } from "../types/index.js";
import { K, kw, Tok } from "../lex/index.js";
import { atAttribute, mergeAttrs, parseAttributes } from "./attributes.js";
import { parseTypeName } from "./declarator.js";
import { parseConditional, parseExpr } from "./expression.js";
import { noAttrs, type Parser } from "./parser.js";
import { parseEnum, parseStruct } from "./tags.js";

const set = (words: string): ReadonlySet<number> => new Set(words.split(" ").map(kw));
/** What follows the name of a variable or function being declared, and not the name of its type. */
const NAME_ENDS = set("= ; [ (");
export const typeWords = set(
  "const __const __const__ volatile __volatile __volatile__ restrict __restrict __restrict__ _Atomic void char short int long signed __signed __signed__ unsigned float double _Bool __int128 __int128_t __uint128_t _Complex struct union enum typeof __typeof __typeof__ typeof_unqual __auto_type __builtin_va_list _Float128 __float128 __ibm128 __ieee128 _Alignas",
);
export const storageWords = set("typedef extern static auto register inline __inline __inline__ _Noreturn _Thread_local __thread");
export const attributeWords = set("__attribute__ __attribute");

export function isTypeStart(p: Parser, n = 0): boolean {
  if (p.kindAt(n) !== Tok.Ident) return false;
  let at = n;
  while (p.peek(at) === K["__extension__"]) at++;
  const t = p.peek(at);
  if (typeWords.has(t) || attributeWords.has(t)) return true;
  return p.kindAt(at) === Tok.Ident && p.lookup(t)?.kind === "typedef";
}

export function isDeclarationStart(p: Parser): boolean {
  if (atAttribute(p) && p.at("[")) {
    const save = p.p;
    while (p.at("[")) p.skipGroup();
    const is = isDeclarationStart(p);
    p.p = save;
    return is;
  }
  if (p.kindAt() !== Tok.Ident) return false;
  if (p.tok === K["__extension__"]) {
    const save = p.p;
    while (p.tok === K["__extension__"]) p.p++;
    const is = isDeclarationStart(p);
    p.p = save;
    return is;
  }
  const t = p.tok;
  if (storageWords.has(t) || typeWords.has(t) || t === K["_Static_assert"]) return true;
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
  return p.nest(() => specifiers(p));
}

function specifiers(p: Parser): Specs {
  const from = p.p;
  let storage: Specs["storage"] = "";
  let inline = false;
  let auto = false;
  let attrs = p.at("[") ? parseAttributes(p) : noAttrs;
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
        if (base !== "" && t !== K["int"]) p.fail("type", "two or more data types in declaration specifiers");
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
    // A word before what follows a declared name is that name, not the name of a type that nobody knows.
    if (!any && p.kindAt() === Tok.Ident && NAME_ENDS.has(p.peek()))
      p.fail("no-type", `the declaration of '${p.spelling(p.p)}' names no type, and C has had no implicit int since C99`);
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
    ty = attributedType(p, attrs, ty);
    if (quals !== 0) ty = qualify(ty, quals);
    return { type: ty, storage, inline, auto, attrs: align > 0 ? { ...attrs, align: Math.max(align, attrs.align) } : attrs };
  }
}

/** The type that `__attribute__((mode(…)))` or `vector_size` makes of one. */
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
