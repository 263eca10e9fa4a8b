// The controlling expression of #if (C11 6.10.1): 64-bit arithmetic on plain numbers where they are exact, on
// BigInt where they are not. Reads its tokens one by one, because `defined` must see names unexpanded.
import { fixed, PRECEDENCE } from "../lex/index.js";
import type { Expander } from "./expand.js";
import * as T from "../lex/index.js";

/** In canonical form: a number where it is a safe integer, else a bigint; an unsigned value is never negative. */
type Value = number | bigint;

const A = fixed;
const OPEN = A("(");
const CLOSE = A(")");
const COMMA = A(",");
const QUESTION = A("?");
const COLON = A(":");
const NOT = A("!");
const TILDE = A("~");
const PLUS = A("+");
const MINUS = A("-");
const DEFINED = A("defined");

const MAX_DEPTH = 250;
const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, e: 27, E: 27 };

function normal(value: bigint, unsigned: boolean): Value {
  const wrapped = unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
  return wrapped >= -0x1fffffffffffffn && wrapped <= 0x1fffffffffffffn ? Number(wrapped) : wrapped;
}

/** Value of an integer constant and whether it is unsigned; undefined for floating or malformed ones. */
export function integerConstant(spelling: string): { readonly value: Value; readonly unsigned: boolean } | undefined {
  const parts = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)(?:([uU])(?:ll|LL|l|L)?|(?:ll|LL|l|L)([uU])?)?$/.exec(spelling);
  if (parts === null) return undefined;
  const digits = parts[1] ?? "0";
  let big: bigint;
  if (/^0[0-7]+$/.test(digits)) big = BigInt(`0o${digits.slice(1)}`);
  else {
    const small = digits.length <= 15 ? Number(digits) : NaN;
    const unsigned = parts[2] !== undefined || parts[3] !== undefined;
    if (Number.isSafeInteger(small)) return { value: small, unsigned };
    big = BigInt(digits);
  }
  const unsigned = parts[2] !== undefined || parts[3] !== undefined || big > 0x7fffffffffffffffn;
  return { value: normal(big, unsigned), unsigned };
}

function utf8(point: number): number[] {
  if (point < 0x80) return [point];
  const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)];
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
}

/** Value of a character constant as gcc gives it on powerpc, where char is unsigned; undefined if it is empty. */
export function characterConstant(spelling: string): number | undefined {
  const open = spelling.indexOf("'");
  const wide = open > 0 && !spelling.startsWith("u8");
  const units: number[] = [];
  const text = spelling.slice(open + 1, -1);
  for (let i = 0; i < text.length;) {
    if (text.charCodeAt(i) !== 92) {
      const point = text.codePointAt(i) ?? 0;
      i += point > 0xffff ? 2 : 1;
      if (wide) units.push(point);
      else units.push(...utf8(point));
      continue;
    }
    const numeric = /^\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(text.slice(i, i + 40));
    if (numeric !== null) {
      const [all, hex, octal, short, long] = numeric;
      const code = octal !== undefined ? parseInt(octal, 8) : parseInt(hex ?? short ?? long ?? "0", 16);
      units.push(wide ? code : code & 0xff);
      i += all.length;
      continue;
    }
    const c = text[i + 1] ?? "\\";
    units.push(ESCAPES[c] ?? c.charCodeAt(0));
    i += 2;
  }
  if (units.length === 0) return undefined;
  if (wide) return (units[units.length - 1] ?? 0) | 0;
  return units.reduce((value, unit) => (value << 8) | unit, 0);
}

/** Thrown and caught within this file: an expression that can't be evaluated. */
class Malformed extends Error {}

export class Condition {
  private kind = T.K_EOF;
  private value = 0;
  private unsigned = false;
  /** Positive in operands that are not evaluated. */
  private skipped = 0;
  private depth = 0;
  /** Where the token read last stands, if it stands in the directive itself. */
  private place = 0;

  constructor(
    private readonly expander: Expander,
    /** `place`: location of the token, 0 where it came out of a macro. */
    private readonly report: (message: string, place: number) => void,
  ) {}

  /** Evaluates the tokens up to K_EOF. False, with a report, where they are no expression. */
  evaluate(): boolean {
    try {
      this.advance();
      if (this.kind === T.K_EOF) throw new Malformed("#if with no expression");
      this.skipped = 0;
      this.depth = 0;
      const value = this.conditional();
      if (this.kind !== T.K_EOF) throw new Malformed(`missing binary operator before token "${this.expander.atoms.text(this.value)}"`);
      return value !== 0;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.report(error.message, this.place);
      return false;
    }
  }

  private advance(): void {
    do this.kind = this.expander.next();
    while (this.kind === T.K_PAD);
    this.value = this.expander.v;
    this.place = this.kind === T.K_EOF || this.expander.contexts > 0 ? 0 : this.expander.s;
  }
  private isPunct(atom: number): boolean {
    return this.kind === T.K_PUNCT && this.value === atom;
  }

  private conditional(): Value {
    if (++this.depth > MAX_DEPTH) throw new Malformed("#if expression is nested too deeply");
    const condition = this.binary(1);
    if (!this.isPunct(QUESTION)) {
      this.depth--;
      return condition;
    }
    const taken = condition !== 0;
    this.advance();
    if (!taken) this.skipped++;
    const yes = this.comma();
    const yesUnsigned = this.unsigned;
    if (!taken) this.skipped--;
    if (!this.isPunct(COLON)) throw new Malformed("'?' without following ':'");
    this.advance();
    if (taken) this.skipped++;
    const no = this.conditional();
    if (taken) this.skipped--;
    this.unsigned ||= yesUnsigned;
    this.depth--;
    const result = taken ? yes : no;
    return this.unsigned && result < 0 ? normal(BigInt(result), true) : result;
  }

  private comma(): Value {
    let value = this.conditional();
    while (this.isPunct(COMMA)) {
      this.advance();
      value = this.conditional();
    }
    return value;
  }

  private binary(minimum: number): Value {
    let left = this.unary();
    for (;;) {
      const level = this.kind === T.K_PUNCT ? (PRECEDENCE.get(this.value) ?? 0) : 0;
      if (level < minimum) return left;
      const operator = this.expander.atoms.text(this.value);
      const leftUnsigned = this.unsigned;
      this.advance();
      if (level <= 2) {
        const known = level === 1 ? left !== 0 : left === 0;
        if (known) this.skipped++;
        const right = this.binary(level + 1);
        if (known) this.skipped--;
        left = level === 1 ? (left !== 0 || right !== 0 ? 1 : 0) : left !== 0 && right !== 0 ? 1 : 0;
        this.unsigned = false;
        continue;
      }
      const right = this.binary(level + 1);
      left = this.apply(operator, left, leftUnsigned, right, this.unsigned);
    }
  }

  private apply(operator: string, a: Value, aUnsigned: boolean, b: Value, bUnsigned: boolean): Value {
    if (operator === "<<" || operator === ">>") {
      this.unsigned = aUnsigned;
      return this.shift(a, aUnsigned, b, operator === "<<");
    }
    const unsigned = aUnsigned || bUnsigned;
    this.unsigned = unsigned;
    let x = a;
    let y = b;
    if (unsigned) {
      if (x < 0) x = normal(BigInt(x), true);
      if (y < 0) y = normal(BigInt(y), true);
    }
    if (operator === "==" || operator === "!=" || operator === "<" || operator === ">" || operator === "<=" || operator === ">=") {
      this.unsigned = false;
      const holds =
        operator === "==" ? x === y : operator === "!=" ? x !== y : operator === "<" ? x < y : operator === ">" ? x > y : operator === "<=" ? x <= y : x >= y;
      return holds ? 1 : 0;
    }
    if (typeof x === "number" && typeof y === "number") {
      let quick: number | undefined;
      if (operator === "+") quick = x + y;
      else if (operator === "-") quick = x - y;
      else if (operator === "*") quick = x * y;
      else if ((operator === "/" || operator === "%") && y !== 0) quick = operator === "/" ? Math.trunc(x / y) : x % y;
      else if (x >= 0 && y >= 0 && x <= 0x7fffffff && y <= 0x7fffffff) {
        if (operator === "&") quick = x & y;
        else if (operator === "|") quick = x | y;
        else if (operator === "^") quick = x ^ y;
      }
      if (quick !== undefined && Number.isSafeInteger(quick) && !(unsigned && quick < 0)) return quick === 0 ? 0 : quick;
    }
    const p = BigInt(x);
    const q = BigInt(y);
    switch (operator) {
      case "+":
        return normal(p + q, unsigned);
      case "-":
        return normal(p - q, unsigned);
      case "*":
        return normal(p * q, unsigned);
      case "&":
        return normal(p & q, unsigned);
      case "|":
        return normal(p | q, unsigned);
      case "^":
        return normal(p ^ q, unsigned);
      default:
        if (q === 0n) {
          if (this.skipped === 0) throw new Malformed("division by zero in #if");
          return 0;
        }
        return normal(operator === "/" ? p / q : p % q, unsigned);
    }
  }

  /** gcc: a shift by a negative count goes the other way, one of 64 or more leaves nothing but the sign. */
  private shift(a: Value, unsigned: boolean, b: Value, left: boolean): Value {
    const towardsLeft = b < 0 ? !left : left;
    const magnitude = b < 0 ? -BigInt(b) : BigInt(b);
    const x = BigInt(a);
    if (magnitude >= 64n) return !towardsLeft && x < 0n ? -1 : 0;
    return normal(towardsLeft ? x << magnitude : x >> magnitude, unsigned);
  }

  private unary(): Value {
    if (this.kind === T.K_PUNCT && (this.value === NOT || this.value === TILDE || this.value === PLUS || this.value === MINUS)) {
      const operator = this.value;
      if (++this.depth > MAX_DEPTH) throw new Malformed("#if expression is nested too deeply");
      this.advance();
      const operand = this.unary();
      this.depth--;
      if (operator === NOT) {
        this.unsigned = false;
        return operand === 0 ? 1 : 0;
      }
      if (operator === PLUS) return operand;
      return operator === MINUS ? normal(-BigInt(operand), this.unsigned) : normal(~BigInt(operand), this.unsigned);
    }
    return this.primary();
  }

  private primary(): Value {
    this.unsigned = false;
    switch (this.kind) {
      case T.K_NUMBER: {
        const constant = integerConstant(this.expander.atoms.text(this.value));
        if (constant === undefined) throw new Malformed(`"${this.expander.atoms.text(this.value)}" is not an integer constant, which #if requires`);
        this.advance();
        this.unsigned = constant.unsigned;
        return constant.value;
      }
      case T.K_CHAR: {
        const value = characterConstant(this.expander.atoms.text(this.value));
        if (value === undefined) throw new Malformed("empty character constant");
        this.advance();
        return value;
      }
      case T.K_IDENT: {
        if (this.value === DEFINED) return this.defined();
        this.advance();
        return 0;
      }
      case T.K_PUNCT:
        if (this.value === OPEN) {
          this.advance();
          const value = this.comma();
          if (!this.isPunct(CLOSE)) throw new Malformed("missing ')' in expression");
          this.advance();
          return value;
        }
        throw new Malformed(`token "${this.expander.atoms.text(this.value)}" is not valid in preprocessor expressions`);
      case T.K_EOF:
        throw new Malformed("unexpected end of #if expression");
      default:
        throw new Malformed(`token ${this.expander.atoms.text(this.value)} is not valid in preprocessor expressions`);
    }
  }

  private defined(): Value {
    this.expander.prevent++;
    this.advance();
    const parenthesised = this.isPunct(OPEN);
    if (parenthesised) this.advance();
    const name = this.kind === T.K_IDENT ? this.value : -1;
    if (name >= 0 && parenthesised) this.advance();
    this.expander.prevent--;
    if (name < 0) throw new Malformed(`operator "defined" requires an identifier`);
    if (parenthesised && !this.isPunct(CLOSE)) throw new Malformed(`missing ')' after "defined"`);
    this.advance();
    return this.expander.isDefined(name) ? 1 : 0;
  }
}
