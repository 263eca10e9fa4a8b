// Statements, C11 6.8, with asm, computed goto, case ranges and local labels.

import { type AsmOperand, type BlockStmt, type CaseLabel, constEval, isInteger, type Node, promote, type Stmt, T, TK, wrap } from "../types/index.js";
import { checkAssignable, convert, rvalue, toBool } from "./build.js";
import { K, Tok } from "../lex/index.js";
import { parseText } from "./literals.js";
import { atAttribute, parseAttributes } from "./attributes.js";
import { parseLocalDeclaration, parseStaticAssert } from "./declaration.js";
import { isDeclarationStart } from "./specifiers.js";
import { parseConditional, parseExpr } from "./expression.js";
import { ParseError, type Parser } from "./parser.js";

export function parseBlock(p: Parser): BlockStmt {
  const loc = p.locAt();
  p.expect("{");
  p.push();
  const body: Stmt[] = [];
  while (!p.at("}")) {
    if (p.p >= p.end) p.fail("expected", "expected '}' at end of input");
    recovering(p, body);
  }
  p.p++;
  p.pop();
  return { k: "block", body, loc };
}

/** One item; where it is wrong that is said, and the block goes on behind it: there may be more to say. */
function recovering(p: Parser, body: Stmt[]): void {
  const { fn, depth, height } = p;
  const start = p.p;
  const scopes = p.scopes.length;
  const switches = fn?.switches.length ?? 0;
  const known = fn?.undeclared.size;
  try {
    parseItem(p, body);
  } catch (e) {
    if (!(e instanceof ParseError) || fn === undefined || e.code === "nesting") throw e;
    // Of a name that is not declared the first use tells all.
    if (e.code !== "undeclared" || fn.undeclared.size !== known) p.report(e);
    p.depth = depth;
    p.height = height;
    p.scopes.length = scopes;
    fn.switches.length = switches;
    if (p.givenUp) throw e;
    p.p = Math.max(start, Math.min(e.at, p.p));
    behind(p);
    if (p.p === start) p.p++;
  }
}

/** Past the `;` or the block that ends what was being parsed, or up to the `}` around it. */
function behind(p: Parser): void {
  for (; p.p < p.end; p.p++) {
    if (p.at("}")) return;
    if (p.take(";")) return;
    if (p.at("{")) {
      p.skipGroup();
      if (!p.at(";") && !p.at(")") && !p.at(",")) return;
      p.p--;
    }
  }
}

/** A declaration or statement; a declaration may yield several statements. */
function parseItem(p: Parser, out: Stmt[]): void {
  if (p.at("__label__")) {
    p.p++;
    do p.ident();
    while (p.take(","));
    p.expect(";");
    return;
  }
  if (p.at("_Static_assert")) {
    parseStaticAssert(p);
    return;
  }
  if (isDeclarationStart(p)) {
    parseLocalDeclaration(p, out);
    return;
  }
  out.push(p.nest(() => parseStmt(p)));
}

function condition(p: Parser): Node {
  p.expect("(");
  const c = toBool(p, parseExpr(p));
  p.expect(")");
  return c;
}

export function parseStmt(p: Parser): Stmt {
  const loc = p.locAt();
  const t = p.tok;
  switch (t) {
    case K["{"]:
      return parseBlock(p);
    case K[";"]:
      p.p++;
      return { k: "empty", loc };
    case K["if"]: {
      p.p++;
      const c = condition(p);
      const a = p.nest(() => parseStmt(p));
      const b = p.take("else") ? p.nest(() => parseStmt(p)) : undefined;
      return { k: "if", c, a, b, loc };
    }
    case K["while"]: {
      p.p++;
      const c = condition(p);
      return { k: "while", c, body: p.nest(() => parseStmt(p)), loc };
    }
    case K["do"]: {
      p.p++;
      const body = p.nest(() => parseStmt(p));
      p.expect("while");
      const c = condition(p);
      p.expect(";");
      return { k: "do", c, body, loc };
    }
    case K["for"]:
      return parseFor(p);
    case K["switch"]:
      return parseSwitch(p);
    case K["case"]:
    case K["default"]:
      return parseCases(p);
    case K["break"]:
    case K["continue"]:
      p.p++;
      p.expect(";");
      return { k: t === K["break"] ? "break" : "continue", loc };
    case K["goto"]: {
      p.p++;
      if (p.take("*")) {
        const e = rvalue(p, parseExpr(p));
        p.expect(";");
        return { k: "gotoexpr", e, loc };
      }
      const name = p.ident();
      p.expect(";");
      return { k: "goto", name, loc };
    }
    case K["return"]: {
      p.p++;
      const ret = p.fn?.sym.type.base ?? T.void;
      if (p.take(";")) return { k: "return", e: undefined, loc };
      const from = p.p;
      const e = parseExpr(p);
      p.expect(";");
      if (ret.kind === TK.Void) return { k: "return", e: e.ty.kind === TK.Void ? e : { k: "cast", e, ...p.span(from, T.void) }, loc };
      checkAssignable(p, ret, e, from);
      return { k: "return", e: convert(p, e, ret), loc };
    }
    case K["asm"]:
    case K["__asm"]:
    case K["__asm__"]:
      return parseAsm(p);
    case K["["]:
    case K["__attribute__"]:
    case K["__attribute"]:
      if (!atAttribute(p)) break;
      parseAttributes(p);
      if (p.take(";")) return { k: "empty", loc };
      return parseStmt(p);
  }
  if (p.kindAt() === Tok.Ident && p.peek() === K[":"]) {
    const name = p.ident();
    p.p++;
    if (atAttribute(p)) parseAttributes(p);
    const body: Stmt = p.at("}") ? { k: "empty", loc } : labelled(p);
    return { k: "label", name, body, loc };
  }
  const e = parseExpr(p);
  p.expect(";");
  return { k: "expr", e, loc };
}

/** What follows a label: a statement, or (C23, which gcc takes) a declaration. */
function labelled(p: Parser): Stmt {
  if (!isDeclarationStart(p)) return p.nest(() => parseStmt(p));
  const loc = p.locAt();
  const body: Stmt[] = [];
  parseLocalDeclaration(p, body);
  return body.length === 1 && body[0] !== undefined ? body[0] : { k: "block", body, loc };
}

function parseFor(p: Parser): Stmt {
  const loc = p.locAt();
  p.p++;
  p.expect("(");
  p.push();
  let init: Stmt | undefined;
  if (isDeclarationStart(p)) {
    const body: Stmt[] = [];
    parseLocalDeclaration(p, body);
    init = { k: "block", body, loc };
  } else if (!p.take(";")) {
    init = { k: "expr", e: parseExpr(p), loc };
    p.expect(";");
  }
  const c = p.at(";") ? undefined : toBool(p, parseExpr(p));
  p.expect(";");
  const step = p.at(")") ? undefined : parseExpr(p);
  p.expect(")");
  const body = p.nest(() => parseStmt(p));
  p.pop();
  return { k: "for", init, c, step, body, loc };
}

function parseSwitch(p: Parser): Stmt {
  const loc = p.locAt();
  p.p++;
  p.expect("(");
  const from = p.p;
  const e0 = rvalue(p, parseExpr(p));
  p.expect(")");
  if (!isInteger(e0.ty)) p.fail("switch", "switch quantity not an integer", from);
  const type = promote(e0.ty);
  const e = convert(p, e0, type);
  const cases: CaseLabel[] = [];
  const fn = p.fn;
  if (fn === undefined) return p.fail("statement", "a statement outside a function");
  fn.switches.push({ cases, type });
  const body = p.nest(() => parseStmt(p));
  fn.switches.pop();
  return { k: "switch", e, body, cases, loc };
}

/** Labels in a row nest in the grammar; a table of a thousand of them need not nest here. */
function parseCases(p: Parser): Stmt {
  const first = parseCase(p);
  if (!p.at("case") && !p.at("default")) return { ...first, body: labelBody(p) };
  const body: Stmt[] = [first];
  let last = first;
  while (p.at("case") || p.at("default")) {
    last = parseCase(p);
    body.push(last);
  }
  body[body.length - 1] = { ...last, body: labelBody(p) };
  return { k: "block", body, loc: first.loc };
}

function labelBody(p: Parser): Stmt {
  return p.at("}") ? { k: "empty", loc: p.locAt() } : labelled(p);
}

/** `case …:` or `default:` without what follows. */
function parseCase(p: Parser): Stmt & { readonly k: "case" } {
  const loc = p.locAt();
  const from = p.p;
  const sw = p.fn?.switches[p.fn.switches.length - 1];
  if (sw === undefined) return p.fail("case", "case label not within a switch statement");
  let lo: bigint | undefined;
  let hi: bigint | undefined;
  if (!p.take("default")) {
    p.p++;
    const value = (): bigint => {
      const v = constEval(rvalue(p, parseConditional(p)));
      if (v === undefined) return p.fail("not-constant", "case label is not an integer constant", from);
      return wrap(v, sw.type);
    };
    lo = value();
    hi = p.take("...") ? value() : lo;
  }
  p.expect(":");
  const label: CaseLabel = { lo, hi };
  sw.cases.push(label);
  if (atAttribute(p)) parseAttributes(p);
  return { k: "case", label, body: { k: "empty", loc }, loc };
}

function parseAsm(p: Parser): Stmt {
  const loc = p.locAt();
  p.p++;
  let isGoto = false;
  for (;;) {
    if (p.at("volatile") || p.at("__volatile__") || p.at("__volatile") || p.at("inline") || p.at("__inline") || p.at("__inline__")) p.p++;
    else if (p.take("goto")) isGoto = true;
    else break;
  }
  p.expect("(");
  const template = parseText(p);
  const sections: AsmOperand[][] = [[], []];
  let section = -1;
  while (!p.at(")")) {
    if (p.p >= p.end) p.fail("expected", "expected ')' at end of input");
    if (p.take(":")) {
      section++;
      continue;
    }
    if (p.take(",")) continue;
    if (section < 0 || section > 1) {
      p.p++; // clobbers and labels
      continue;
    }
    if (p.take("[")) {
      p.ident();
      p.expect("]");
    }
    const constraint = parseText(p);
    p.expect("(");
    const e = parseExpr(p);
    p.expect(")");
    sections[section]?.push({ constraint, e: section === 1 && e.ty.kind !== TK.Struct && !constraint.includes("m") ? rvalue(p, e) : e });
  }
  p.p++;
  p.take(";");
  return { k: "asm", template, outs: sections[0] ?? [], ins: sections[1] ?? [], goto: isGoto, loc };
}
