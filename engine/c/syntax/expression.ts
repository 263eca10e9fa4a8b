// Expressions, C11 6.5 with the GNU extensions the kernel uses. Builds typed nodes; conversions are made
// explicit by build.ts. Declarations and statements inside expressions are parsed by their own modules.

import {
  alignOf,
  arrayOf,
  type BinOp,
  compatible,
  constEval,
  type CType,
  decay,
  isComplete,
  isInteger,
  isVla,
  type Node,
  pointerTo,
  promote,
  Q_CONST,
  qualify,
  sizeOf,
  T,
  TK,
  unqualified,
  type VarSym,
} from "../types/index.js";
import { addressOf, assign, assignOp, binary, call, cast, conditional, convert, deref, incdec, index, member, rvalue, toBool } from "./build.js";
import { parseBuiltin } from "./builtin.js";
import { K, kw, PRECEDENCE, Tok } from "../lex/index.js";
import { parseCharLiteral, parseNumber, parseStrings } from "./literals.js";
import { parseTypeName } from "./declarator.js";
import { isTypeStart } from "./specifiers.js";
import { bracedInit } from "./initializer.js";
import { parseBlock } from "./statement.js";
import { noAttrs, type Parser } from "./parser.js";

const assignOps = new Map<number, BinOp>((["+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^"] as const).map((op) => [kw(`${op}=`), op]));

export function parseExpr(p: Parser): Node {
  const from = p.p;
  let e = parseAssign(p);
  while (p.take(",")) {
    const b = rvalue(p, parseAssign(p));
    p.grow();
    e = { k: "comma", a: e, b, ...p.span(from, b.ty) };
  }
  return e;
}

export function parseAssign(p: Parser): Node {
  const from = p.p;
  const left = parseConditional(p);
  if (p.take("="))
    return assign(
      p,
      left,
      p.nest(() => parseAssign(p)),
      from,
    );
  const op = assignOps.get(p.tok);
  if (op !== undefined) {
    p.p++;
    return assignOp(
      p,
      op,
      left,
      p.nest(() => parseAssign(p)),
      from,
    );
  }
  return left;
}

export function parseConditional(p: Parser): Node {
  const from = p.p;
  const c = parseBinary(p, 1);
  if (!p.take("?")) return c;
  if (p.take(":"))
    return conditional(
      p,
      c,
      undefined,
      p.nest(() => parseConditional(p)),
      from,
    );
  const a = p.nest(() => parseExpr(p));
  p.expect(":");
  return conditional(
    p,
    c,
    a,
    p.nest(() => parseConditional(p)),
    from,
  );
}

function parseBinary(p: Parser, min: number): Node {
  const from = p.p;
  const { height } = p;
  let left = parseUnary(p);
  for (;;) {
    const level = PRECEDENCE.get(p.tok) ?? 0;
    if (level < min) return left;
    const op = p.atoms.text(p.tok) as BinOp | "&&" | "||";
    p.p++;
    const right = parseBinary(p, level + 1);
    if (op === "&&" || op === "||") {
      left = { k: op === "&&" ? "and" : "or", a: toBool(p, left), b: toBool(p, right), ...p.span(from, T.int) };
    } else left = binary(p, op, left, right, from);
    if (left.k === "int") p.height = height;
    else p.grow();
  }
}

/** A constant expression where the grammar demands one. */
export function parseConst(p: Parser, what: string): bigint {
  const from = p.p;
  const v = constEval(rvalue(p, parseConditional(p)));
  if (v === undefined) p.fail("not-constant", `${what} is not an integer constant`, from);
  return v;
}

export function parseUnary(p: Parser): Node {
  return p.nest(() => unary(p));
}

function unary(p: Parser): Node {
  const from = p.p;
  const t = p.tok;
  if (p.kindAt() === Tok.Punct) {
    switch (t) {
      case K["("]:
        if (isTypeStart(p, 1)) {
          const ty = parenType(p);
          if (p.at("{")) return postfix(p, compoundLiteral(p, ty, from), from);
          return cast(p, parseUnary(p), ty, from);
        }
        break;
      case K["*"]:
        p.p++;
        return deref(p, parseUnary(p), from);
      case K["&"]:
        p.p++;
        return addressOf(p, parseUnary(p), from);
      case K["&&"]: {
        p.p++;
        const name = p.ident();
        return { k: "label", name, ...p.span(from, pointerTo(T.void)) };
      }
      case K["+"]:
      case K["-"]:
      case K["~"]: {
        p.p++;
        const e = rvalue(p, parseUnary(p));
        if (e.ty.kind !== TK.Float && !isInteger(e.ty)) p.fail("operand", `'${p.spelling(from)}' requires a number`, from);
        const ty = e.ty.kind === TK.Float ? unqualified(e.ty) : promote(e.ty);
        const v = convert(p, e, ty);
        if (t === K["+"]) return v;
        const node: Node = { k: t === K["-"] ? "neg" : "bnot", e: v, ...p.span(from, ty) };
        if (v.k === "int") {
          const folded = constEval(node);
          if (folded !== undefined) return p.int(folded, ty, from);
        }
        return node;
      }
      case K["!"]: {
        p.p++;
        return { k: "lnot", e: toBool(p, parseUnary(p)), ...p.span(from, T.int) };
      }
      case K["++"]:
      case K["--"]:
        p.p++;
        return incdec(p, parseUnary(p), t === K["++"] ? 1 : -1, false, from);
    }
  } else if (p.kindAt() === Tok.Ident) {
    switch (t) {
      case K["sizeof"]: {
        p.p++;
        const ty = typeOperand(p);
        if (isVla(ty)) return { k: "vla-size", of: ty, ...p.span(from, T.ulong) };
        if (!isComplete(ty) && ty.kind !== TK.Void && ty.kind !== TK.Func) p.fail("incomplete", "invalid application of 'sizeof' to incomplete type", from);
        return p.int(BigInt(sizeOf(ty)), T.ulong, from);
      }
      case K["_Alignof"]:
      case K["__alignof"]:
      case K["__alignof__"]: {
        p.p++;
        if (!(p.at("(") && isTypeStart(p, 1))) {
          const e = parseUnary(p);
          // gcc: of a variable it is the variable's own.
          return p.int(BigInt(Math.max(alignOf(e.ty), e.k === "var" ? e.sym.attrs.align : 0)), T.ulong, from);
        }
        return p.int(BigInt(alignOf(typeOperand(p))), T.ulong, from);
      }
      case K["__extension__"]:
        p.p++;
        return parseUnary(p);
      case K["__real__"]:
      case K["__imag__"]:
        return p.fail("unsupported", "complex numbers are not supported");
    }
  }
  return postfix(p, primary(p), from);
}

function parenType(p: Parser): CType {
  p.expect("(");
  const ty = parseTypeName(p);
  p.expect(")");
  return ty;
}

/** The type in `sizeof (type)` or `sizeof expr`; the expression is not evaluated. */
function typeOperand(p: Parser): CType {
  if (p.at("(") && isTypeStart(p, 1)) {
    const from = p.p;
    const ty = parenType(p);
    if (!p.at("{")) return ty;
    return postfix(p, compoundLiteral(p, ty, from), from).ty;
  }
  const e = parseUnary(p);
  return e.ty;
}

function compoundLiteral(p: Parser, ty: CType, from: number): Node {
  const init = bracedInit(p, ty);
  const full = ty.kind === TK.Array && ty.len < 0 && ty.base !== undefined ? arrayOf(ty.base, Math.ceil(init.size / Math.max(1, sizeOf(ty.base)))) : ty;
  const fn = p.fn;
  const sym: VarSym = {
    kind: "var",
    name: p.atoms.of(`(${String(p.unique)})`),
    type: full,
    link: fn === undefined ? `.compound${String(p.unique)}@${p.unit}` : "",
    storage: fn === undefined ? "static" : "auto",
    loc: p.locAt(from),
    pos: from,
    addressTaken: true,
    init,
    defined: true,
    tentative: false,
    attrs: noAttrs,
    index: fn?.autos.length ?? 0,
  };
  p.unique++;
  if (fn === undefined) p.fileSyms.push(sym);
  else fn.autos.push(sym);
  return { k: "compound", sym, ...p.span(from, full) };
}

function postfix(p: Parser, first: Node, from: number): Node {
  let e = first;
  for (;;) {
    const t = p.tok;
    if (p.kindAt() !== Tok.Punct) return e;
    if (e !== first) p.grow();
    switch (t) {
      case K["["]: {
        p.p++;
        const i = p.nest(() => parseExpr(p));
        p.expect("]");
        e = index(p, e, i, from);
        break;
      }
      case K["("]: {
        p.p++;
        const args: Node[] = [];
        if (!p.at(")")) {
          do args.push(p.nest(() => parseAssign(p)));
          while (p.take(","));
        }
        p.expect(")");
        e = call(p, e, args, from);
        break;
      }
      case K["."]:
        p.p++;
        e = member(p, e, p.ident(), from);
        break;
      case K["->"]: {
        p.p++;
        const name = p.ident();
        e = member(p, deref(p, e, from), name, from);
        break;
      }
      case K["++"]:
      case K["--"]:
        p.p++;
        e = incdec(p, e, t === K["++"] ? 1 : -1, true, from);
        break;
      default:
        return e;
    }
  }
}

function primary(p: Parser): Node {
  const from = p.p;
  const kind = p.kindAt();
  switch (kind) {
    case Tok.Number:
      return parseNumber(p);
    case Tok.Char:
      return parseCharLiteral(p);
    case Tok.String:
      return parseStrings(p);
    case Tok.Punct:
      if (p.at("(")) {
        p.p++;
        if (p.at("{")) return stmtExpr(p, from);
        const e = parseExpr(p);
        p.expect(")");
        return e;
      }
      break;
    case Tok.Ident: {
      const name = p.tok;
      if (name === K["_Generic"]) return generic(p);
      if (name === K["__func__"] || name === K["__FUNCTION__"] || name === K["__PRETTY_FUNCTION__"]) {
        p.p++;
        const text = p.fn === undefined ? "" : p.atoms.text(p.fn.sym.name);
        const bytes = new Uint8Array(text.length + 1);
        for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
        return { k: "str", bytes, ...p.span(from, arrayOf(qualify(T.char, Q_CONST), bytes.length)) };
      }
      const sym = p.lookup(name);
      if (sym === undefined) {
        const builtin = parseBuiltin(p);
        if (builtin !== undefined) return builtin;
        p.fn?.undeclared.add(name);
        return p.fail("undeclared", `'${p.atoms.text(name)}' is not declared`);
      }
      p.p++;
      switch (sym.kind) {
        case "var":
          return { k: "var", sym, ...p.span(from, sym.type) };
        case "func":
          return { k: "fn", sym, ...p.span(from, sym.type) };
        case "enumconst":
          return p.int(sym.value, sym.type, from);
        case "typedef":
          return p.fail("unexpected-type", `unexpected type name '${p.atoms.text(name)}': expected expression`, from);
      }
    }
  }
  return p.fail("expected-expression", `expected an expression before '${p.spelling(p.p)}'`);
}

function stmtExpr(p: Parser, from: number): Node {
  if (p.fn === undefined) p.fail("stmt-expr", "a statement expression outside a function");
  const body = p.nest(() => parseBlock(p));
  p.expect(")");
  // The value is that of the last expression statement, also behind labels (the kernel's _THIS_IP_).
  const rest = body.body.slice(0, -1);
  let last = body.body[body.body.length - 1];
  while (last?.k === "label") {
    rest.push({ ...last, body: { k: "empty", loc: last.loc } });
    last = last.body;
  }
  if (last?.k === "expr") {
    const value = rvalue(p, last.e);
    const ty = unqualified(value.ty);
    return { k: "stmtexpr", body: { ...body, body: rest }, value: ty.kind === TK.Void ? last.e : value, ...p.span(from, ty) };
  }
  return { k: "stmtexpr", body, value: undefined, ...p.span(from, T.void) };
}

function generic(p: Parser): Node {
  const from = p.p;
  p.p++;
  p.expect("(");
  const control = parseAssign(p);
  // Lvalue conversion drops qualifiers (DR 481, as gcc does).
  const ty = unqualified(decay(control.ty));
  let chosen: Node | undefined;
  let fallback: Node | undefined;
  while (p.take(",")) {
    if (p.take("default")) {
      p.expect(":");
      fallback = parseAssign(p);
    } else {
      const t = parseTypeName(p);
      p.expect(":");
      const e = parseAssign(p);
      if (chosen === undefined && t.quals === 0 && compatible(t, ty)) chosen = e;
    }
  }
  p.expect(")");
  const e = chosen ?? fallback;
  if (e === undefined) p.fail("generic", "'_Generic' selector is not compatible with any association", from);
  return e;
}
