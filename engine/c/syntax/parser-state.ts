// The parser's state: a cursor over the tokens, scopes, diagnostics. Must not depend on the grammar. A ParseError never
// leaves the front end: the nearest declaration or statement catches it.

import { type Atoms, type Diagnostic, K, Tok, type TokenBlock, type TokenStream } from "../lex/index.js";
import type { CType, FuncSym, Node, Sym, VarSym } from "../types/index.js";
import { FileScope } from "./file-scope.js";

export class ParseError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly at: number, // token index
    /** Token after the marked range. */
    readonly to = at + 1,
  ) {
    super(message);
  }
}

export interface Scope {
  readonly syms: Map<number, Sym>;
  readonly tags: Map<number, CType>;
}

/** State of the function whose body is being parsed. */
export interface FunctionContext {
  readonly sym: FuncSym;
  readonly autos: VarSym[];
  readonly statics: VarSym[];
  /** Names reported as undeclared: each is reported once. */
  readonly undeclared: Set<number>;
  readonly switches: { readonly cases: { lo: bigint | undefined; hi: bigint | undefined }[]; readonly type: CType }[];
}

/** Deeper nesting gets a diagnostic: no text may exhaust the host's stack. */
const MAX_DEPTH = 400;
/** So does a higher expression tree: `a + a + …` is not nested in the text, but its tree is. */
const MAX_HEIGHT = 1000;
/** Errors after which parsing stops. */
const MAX_ERRORS = 500;

export class ParserState {
  readonly atoms: Atoms;
  readonly kind: Uint8Array;
  readonly val: Int32Array;
  readonly loc: Int32Array;
  readonly spell: Int32Array;
  readonly end: number;
  p = 0;
  depth = 0;
  /** Height of the trees built since the innermost `nest` began. */
  height = 0;
  /** scopes[0] is the file's. */
  scopes: Scope[];
  fn: FunctionContext | undefined;
  /** File-scope symbols declared after this position are not visible: bodies are parsed later, on demand. */
  horizon = Number.MAX_SAFE_INTEGER;
  pack = 0;
  packStack: number[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(
    readonly tokens: TokenStream,
    /** Name of the translation unit, for the link names of its static symbols. */
    readonly unit: string,
    /** Whether a location is the first character of a line of the main file. Absent: line starts are unknown. */
    readonly atLineStart?: (loc: number) => boolean,
    readonly file = new FileScope(),
    /** Position of the first token in the unit. */
    readonly base = 0,
  ) {
    this.scopes = [file];
    this.atoms = tokens.atoms;
    this.kind = tokens.kind;
    this.val = tokens.value;
    this.loc = tokens.loc;
    this.spell = tokens.spell;
    this.end = tokens.length - 1;
  }

  get unique(): number {
    return this.file.unique;
  }
  set unique(n: number) {
    this.file.unique = n;
  }
  get fileSyms(): (VarSym | FuncSym)[] {
    return this.file.fileSyms;
  }
  get block(): TokenBlock {
    return { tokens: this.tokens, base: this.base };
  }

  get tok(): number {
    return this.kind[this.p] === Tok.Eof ? -1 : (this.val[this.p] ?? -1);
  }
  peek(n = 1): number {
    return this.p + n >= this.end ? -1 : (this.val[this.p + n] ?? -1);
  }
  kindAt(n = 0): number {
    return this.kind[Math.min(this.p + n, this.end)] ?? Tok.Eof;
  }
  at(text: string): boolean {
    return this.tok === K[text];
  }
  take(text: string): boolean {
    if (this.tok !== K[text]) return false;
    this.p++;
    return true;
  }
  expect(text: string): void {
    if (this.tok === K[text]) {
      this.p++;
      return;
    }
    this.fail("expected", `expected '${text}' ${this.p >= this.end ? "at end of input" : `before '${this.spelling(this.p)}'`}`);
  }
  spelling(index: number): string {
    return this.kind[index] === Tok.Eof ? "end of input" : this.atoms.text(this.val[index] ?? 0);
  }
  locAt(index = this.p): number {
    return this.loc[Math.min(index, this.end)] ?? 0;
  }
  fail(code: string, message: string, at = this.p): never {
    throw new ParseError(code, message, at, Math.max(at + 1, this.p));
  }
  report(error: ParseError): void {
    this.diagnose("error", error.code, error.message, error.at, error.to);
  }
  diagnose(severity: Diagnostic["severity"], code: string, message: string, at = this.p, to = at + 1): void {
    if (this.givenUp) return;
    const index = Math.min(at, this.end);
    const loc = this.loc[index] ?? 0;
    const end = this.endOf(index, Math.min(to, this.end));
    this.diagnostics.push({ severity, code, message, loc, spell: this.spell[index] ?? 0, pos: this.base + index, ...(end > loc ? { end } : {}) });
  }
  /** Location after the tokens [from, to), or 0 if a macro produced the first or the last of them. */
  private endOf(from: number, to: number): number {
    const last = Math.max(from, to - 1);
    if (this.loc[from] !== this.spell[from] || this.loc[last] !== this.spell[last] || this.kind[last] === Tok.Eof) return 0;
    return (this.loc[last] ?? 0) + this.spelling(last).length;
  }
  ident(): number {
    if (this.kind[this.p] !== Tok.Ident) this.fail("expected-identifier", `expected a name before '${this.spelling(this.p)}'`);
    return this.val[this.p++] ?? 0;
  }
  nest<R>(f: () => R): R {
    if (++this.depth > MAX_DEPTH) this.fail("nesting", `nested deeper than ${String(MAX_DEPTH)} levels`);
    const outer = this.height;
    this.height = 0;
    const r = f();
    this.depth--;
    this.height = Math.max(outer, this.height + 1);
    return r;
  }
  /** Accounts for a node built on top of those since the innermost `nest` began. */
  grow(): void {
    if (++this.height > MAX_HEIGHT) this.fail("nesting", `an expression of more than ${String(MAX_HEIGHT)} operators in a row`);
  }
  /** Whether parsing stops because of too many errors. */
  get givenUp(): boolean {
    return this.diagnostics.length >= MAX_ERRORS;
  }

  /** By opening bracket, its closing bracket, within groups scanned so far: for declarators nested in parentheses. */
  private readonly closes = new Map<number, number>();

  /** Moves past a group in parentheses, and remembers the groups in it, which will be skipped in turn. */
  skipNested(): void {
    const open = this.p;
    if (!this.closes.has(open)) {
      const stack: number[] = [];
      for (let i = open; i < this.end; i++) {
        const t = this.val[i];
        if (t === K["("] || t === K["{"] || t === K["["]) stack.push(i);
        else if (t === K[")"] || t === K["}"] || t === K["]"]) {
          this.closes.set(stack.pop() ?? open, i);
          if (stack.length === 0) break;
        }
      }
    }
    const close = this.closes.get(open);
    if (close === undefined) this.fail("unbalanced", `'${this.spelling(open)}' is never closed`, open);
    this.p = close + 1;
  }

  /** Moves past a bracketed group; the cursor is on its opening token. In a group in braces only braces count. */
  skipGroup(): void {
    let depth = 0;
    const start = this.p;
    const braces = this.tok === K["{"];
    for (; this.p < this.end; this.p++) {
      const t = this.val[this.p];
      if (t === K["{"] || (!braces && (t === K["("] || t === K["["]))) depth++;
      else if (t === K["}"] || (!braces && (t === K[")"] || t === K["]"]))) {
        if (--depth === 0) {
          this.p++;
          return;
        }
      }
    }
    this.fail("unbalanced", `'${this.spelling(start)}' is never closed`, start);
  }

  /**
   * Moves past a function body; the cursor is on its `{`. In half-typed code braces do not pair: by kernel style, a `}`
   * in the first column ends the function anyway, so that the rest of the file is parsed. Returns the token where pairing
   * failed, or -1.
   */
  skipBody(): number {
    const { atLineStart } = this;
    const open = this.p;
    // Braces from a macro all have the macro's location, so they are ignored.
    const inFirstColumn = (at: number): boolean => this.loc[at] === this.spell[at] && atLineStart?.(this.loc[at] ?? 0) === true;
    if (!inFirstColumn(open)) {
      this.skipGroup();
      return -1;
    }
    let depth = 0;
    let broken = -1;
    for (; this.p < this.end; this.p++) {
      const t = this.val[this.p];
      if (t === K["{"]) {
        depth++;
        // The body of the next function begins, but this one was never closed.
        if (depth > 1 && broken < 0 && inFirstColumn(this.p)) broken = open;
      } else if (t === K["}"]) {
        if (inFirstColumn(this.p)) {
          this.p++;
          return broken >= 0 ? broken : depth === 1 ? -1 : open;
        }
        depth--;
        if (depth === 0) broken = this.p; // closed too early: continue to the brace in the first column
      }
    }
    this.fail("unbalanced", "'{' is never closed", open);
  }

  lookup(name: number): Sym | undefined {
    for (let i = this.scopes.length - 1; i > 0; i--) {
      const s = this.scopes[i]?.syms.get(name);
      if (s !== undefined) return s;
    }
    const s = this.file.get(name, this.horizon);
    return s !== undefined && s.pos < this.horizon ? s : undefined;
  }
  lookupTag(name: number, innermostOnly: boolean): CType | undefined {
    const { scopes, file } = this;
    if (scopes.length === 1) return file.tag(name);
    if (innermostOnly) return this.scope.tags.get(name);
    for (let i = scopes.length - 1; i > 0; i--) {
      const t = scopes[i]?.tags.get(name);
      if (t !== undefined) return t;
    }
    const t = file.tag(name);
    return t !== undefined && (file.tagAt.get(name) ?? 0) < this.base + this.p ? t : undefined;
  }
  get scope(): Scope {
    const s = this.scopes[this.scopes.length - 1];
    if (s === undefined) throw new Error("the parser has no scope");
    return s;
  }
  push(): void {
    this.scopes.push({ syms: new Map(), tags: new Map() });
  }
  pop(): void {
    this.scopes.pop();
  }

  /** A node that spans the tokens from `from` to the cursor. */
  span(from: number, ty: CType): { ty: CType; loc: number; from: number; to: number } {
    return { ty, loc: this.loc[from] ?? 0, from, to: this.p };
  }
  int(value: bigint, ty: CType, from = this.p): Node {
    return { k: "int", v: value, ...this.span(from, ty) };
  }
}
