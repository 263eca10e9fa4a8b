// Declaration specifiers, C11 6.7.1 to 6.7.5: the type, storage and attributes that all declarators of a declaration
// share.

import { constEval, type CType, pointerTo, Q_ATOMIC, Q_CONST, Q_VOLATILE, qualify, sizeOf, T, unqualified } from "../types/index.js";
import { K, Tok } from "../lex/index.js";
import { attributedType, mergeAttrs, noAttrs, parseAttributes } from "./attributes.js";
import { parseTypeName } from "./declarator.js";
import type { Parser, Specs } from "./grammar.js";
import { isTypeStart, wordSet } from "./lookahead.js";
import { parseEnum, parseStruct } from "./tags.js";

/** Tokens that follow a declared name, but not the name of its type. */
const NAME_ENDS = wordSet("= ; [ (");

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
        const operand = isTypeStart(p) ? parseTypeName(p) : p.expression().ty;
        type = t === K["typeof_unqual"] ? unqualified(operand) : operand;
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
        const n = isTypeStart(p) ? sizeOf(parseTypeName(p)) : Number(constEval(p.conditional()) ?? 0n);
        align = Math.max(align, n);
        p.expect(")");
        continue;
      }
      case K["__attribute__"]:
      case K["__attribute"]:
        attrs = mergeAttrs(attrs, parseAttributes(p));
        continue;
      default: {
        if (any) return finish();
        const sym = p.lookup(t);
        if (sym?.kind !== "typedef") return finish();
        type = sym.type;
        any = true;
      }
    }
    p.p++;
  }
  return finish();

  function finish(): Specs {
    // A word before one of these is the declared name, not the name of an unknown type.
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
