// One translation unit: all declarations parsed at once, each function body when something asks for it.

import { type Atoms, type Diagnostic, K, type TokenBlock, type TokenStream } from "../lex/index.js";
import type { BodyRange, CType, FuncSym, FunctionBody, Node, Sym, VarSym } from "../types/index.js";
import { type ChunkIndex, type Decl, indexChunk } from "./decl-index.js";
import { type DeclNames, FileScope, type LazyBlock } from "./file-scope.js";
import { parseExpr } from "./expression.js";
import { parseBlock } from "./statement.js";
import { parseExternal } from "./declaration.js";
import { noAttrs, ParseError, Parser } from "./parser.js";
import { type Chunk, chunkOf, joined } from "../preprocess/index.js";

/** Where a unit's locations are, and which of its files are parsed whole. */
export interface UnitPlaces {
  /** Whether a location is the first character of a line of the main file. */
  readonly atLineStart: (loc: number) => boolean;
  /** Files whose declarations are all parsed with the unit. */
  readonly whole: (path: string) => boolean;
}

export class Unit {
  private readonly bodies = new Map<FuncSym, FunctionBody | Diagnostic>();
  /** What was said about declarations, and about bodies. */
  private readonly said: Diagnostic[] = [];
  private readonly saidOfBodies: Diagnostic[] = [];
  private readonly file: FileScope;
  private blocks: readonly (TokenBlock | LazyBlock)[] = [];
  /** The symbols of declarations that are parsed with the unit. */
  symbols: readonly (VarSym | FuncSym)[] = [];

  private constructor(
    readonly name: string,
    /** The table that the names of its symbols, tags and members are numbers of. */
    readonly atoms: Atoms,
    private readonly atLineStart: ((loc: number) => boolean) | undefined,
    names?: DeclNames,
  ) {
    this.file =
      names === undefined
        ? new FileScope()
        : new FileScope(names, (block, decl) => {
            this.declare(block, decl);
          });
  }

  /** Parses a unit's declarations. Never throws on text; see `diagnostics`. */
  static parse(tokens: TokenStream, name: string, atLineStart?: (loc: number) => boolean): Unit {
    const unit = new Unit(name, tokens.atoms, atLineStart);
    unit.whole({ tokens, base: 0 });
    unit.symbols = unit.file.fileSyms;
    return unit;
  }

  /**
   * The same of chunks, where declarations of headers are parsed when they are asked for. `names` must be one for all
   * units that share chunks.
   */
  static ofChunks(chunks: readonly Chunk[], name: string, names: DeclNames, places: UnitPlaces): Unit {
    const unit = new Unit(name, names.atoms, places.atLineStart, names);
    const { file } = unit;
    const blocks: (TokenBlock | LazyBlock)[] = [];
    let base = 0;
    for (let i = 0; i < chunks.length; i++) {
      let chunk = chunks[i];
      if (chunk === undefined) continue;
      const here = base;
      if (i + 1 === chunks.length && places.whole(chunk.path)) {
        blocks.push({ tokens: chunk, base: here });
        continue;
      }
      let index = indexOf(chunk);
      // A declaration that is not at its end goes on in the next chunk (an #include within a struct or a list).
      const parts: Chunk[] = [chunk];
      while (index.open && i + 1 < chunks.length) {
        // A bracket that is never closed takes all that follows: the more was joined, the more is taken at once.
        for (let more = parts.length < 4 ? 1 : parts.length; more > 0 && i + 1 < chunks.length; more--) {
          const next = chunks[++i];
          if (next !== undefined) parts.push(next);
        }
        chunk = joinChunks(parts);
        index = indexOf(chunk);
      }
      base += chunk.length - 1;
      const block: LazyBlock = { tokens: chunk, base: here, index, begun: new Uint8Array(index.decls.length) };
      if (index.whole || index.open || places.whole(chunk.path) || !file.addBlock(chunk.id, block)) blocks.push({ tokens: chunk, base: here });
      else {
        names.add(chunk.id, index);
        blocks.push(block);
      }
    }
    let pack: Pack = { limit: 0, stack: [] };
    for (const block of blocks) {
      if ("index" in block && pack.limit === 0 && pack.stack.length === 0) {
        for (const decl of block.index.decls) if (decl.eager) file.force(block, decl);
      } else pack = unit.whole(block, pack);
    }
    unit.symbols = [...file.fileSyms];
    unit.blocks = blocks;
    return unit;
  }

  /** All of a block, in order. */
  private whole(block: TokenBlock, pack?: Pack): Pack {
    const p = this.parser(block);
    if (pack !== undefined) {
      p.pack = pack.limit;
      p.packStack = [...pack.stack];
    }
    p.horizon = block.base + block.tokens.length;
    if ("index" in block) (block as LazyBlock).begun.fill(1);
    while (p.p < p.end && !p.givenUp) this.external(p);
    this.said.push(...p.diagnostics);
    return { limit: p.pack, stack: p.packStack };
  }

  /** One declaration of a header, as if in its place. */
  private declare(block: LazyBlock, decl: Decl): void {
    const p = this.parser(block);
    p.p = decl.from;
    p.horizon = block.base + decl.to;
    while (p.p < decl.to && !p.givenUp) this.external(p);
    this.said.push(...p.diagnostics);
  }

  private parser(block: TokenBlock): Parser {
    return new Parser(block.tokens, this.name, this.atLineStart, this.file, block.base);
  }

  private external(p: Parser): void {
    const start = p.p;
    for (;;) {
      try {
        p.p = start;
        p.depth = 0;
        p.height = 0;
        p.scopes.length = 1;
        parseExternal(p);
        return;
      } catch (e) {
        if (!(e instanceof ParseError)) throw e;
        if (this.file.all()) continue;
        p.report(e);
        recover(p, start);
        return;
      }
    }
  }

  /** All that was said so far. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.said, ...this.saidOfBodies];
  }
  /** What was said about declarations. */
  get ofDeclarations(): readonly Diagnostic[] {
    return this.said;
  }
  symbol(name: string): Sym | undefined {
    return this.file.get(this.atoms.of(name));
  }
  /** The same by the name's atom. */
  symbolOf(name: number): Sym | undefined {
    return this.file.get(name);
  }
  nameOf(sym: FuncSym): string {
    return this.atoms.text(sym.name);
  }
  /** A symbol that was declared already. */
  known(name: number): Sym | undefined {
    return this.file.syms.get(name);
  }
  /**
   * Whether this unit and an earlier one of the same file differ in nothing but bodies of functions in the file itself:
   * then all names mean the same in both.
   */
  sameButBodies(other: Unit): boolean {
    const { blocks } = this;
    if (this.name !== other.name || blocks.length === 0 || blocks.length !== other.blocks.length || this.said.length + other.said.length > 0) return false;
    return blocks.every((block, i) => {
      const theirs = other.blocks[i];
      if (theirs === undefined || block.tokens === theirs.tokens) return theirs !== undefined;
      return !("index" in block) && !("index" in theirs) && sameOutside(block.tokens, this.bodiesIn(block), theirs.tokens, other.bodiesIn(theirs));
    });
  }
  private bodiesIn(block: TokenBlock): readonly BodyRange[] {
    const ranges: BodyRange[] = [];
    for (const sym of this.symbols) if (sym.kind === "func" && sym.body?.block.tokens === block.tokens) ranges.push(sym.body);
    return ranges.sort((a, b) => a.from - b.from);
  }

  tag(name: string): CType | undefined {
    return this.file.tag(this.atoms.of(name));
  }

  /** Complete structs and unions at file scope, by how a declaration names them. */
  *types(): Iterable<readonly [string, CType]> {
    const { file } = this;
    for (const [tag, type] of file.tags) if (type.body?.complete === true) yield [`${type.body.union ? "union" : "struct"} ${this.atoms.text(tag)}`, type];
    for (const [name, sym] of file.syms)
      if (sym.kind === "typedef" && sym.type.body?.complete === true && sym.type.tag === 0) yield [this.atoms.text(name), sym.type];
  }

  /**
   * One expression in the scope of the file's end, with `locals` before it. A variable whose address it takes is marked so:
   * hand in copies of variables of functions.
   */
  expression(tokens: TokenStream, locals: readonly VarSym[]): Node | Diagnostic {
    // It stands behind all that the file declares.
    const p = new Parser(tokens, this.name, undefined, this.file, Number.MAX_SAFE_INTEGER / 2);
    try {
      p.push();
      for (const sym of locals) p.scope.syms.set(sym.name, sym);
      const node = parseExpr(p);
      if (p.p < p.end) p.fail("expression", `unexpected '${p.spelling(p.p)}' after the expression`);
      return node;
    } catch (e) {
      if (!(e instanceof ParseError)) throw e;
      return { severity: "error", code: e.code, message: e.message, loc: 0 };
    }
  }

  /** The body of a function defined here, or the diagnostic that says why it could not be parsed. */
  body(sym: FuncSym): FunctionBody | Diagnostic {
    const known = this.bodies.get(sym);
    if (known !== undefined) return known;
    const made = this.parseBody(sym);
    this.bodies.set(sym, made);
    return made;
  }

  private parseBody(sym: FuncSym): FunctionBody | Diagnostic {
    const range = sym.body;
    if (range === undefined) return { severity: "error", code: "no-body", message: `'${this.atoms.text(sym.name)}' has no body`, loc: sym.loc };
    if (range.broken !== undefined)
      return { severity: "error", code: "unbalanced", message: "its braces do not match", loc: range.block.tokens.loc[range.broken] ?? sym.loc };
    const before = this.saidOfBodies.length;
    const first = this.parseBodyOnce(sym, range);
    if ("body" in first || !this.file.all()) return first;
    this.saidOfBodies.length = before;
    return this.parseBodyOnce(sym, range);
  }

  private parseBodyOnce(sym: FuncSym, range: BodyRange): FunctionBody | Diagnostic {
    const autos: VarSym[] = [];
    const statics: VarSym[] = [];
    const p = this.parser(range.block);
    p.p = range.from;
    p.horizon = range.block.base + range.from;
    p.fn = { sym, autos, statics, undeclared: new Set(), switches: [] };
    try {
      p.push();
      const params = sym.params.map((param): VarSym => {
        const v: VarSym = {
          kind: "var",
          name: param.name,
          type: param.type,
          link: "",
          storage: "auto",
          loc: param.loc,
          pos: p.horizon,
          addressTaken: false,
          init: undefined,
          defined: true,
          tentative: false,
          attrs: noAttrs,
          index: autos.length,
        };
        autos.push(v);
        if (param.name !== 0) p.scope.syms.set(param.name, v);
        return v;
      });
      const body = parseBlock(p);
      const error = p.diagnostics.find((d) => d.severity === "error");
      if (error !== undefined) return error;
      return { sym, params, body, autos, statics };
    } catch (e) {
      if (!(e instanceof ParseError)) throw e;
      p.report(e);
      return p.diagnostics[p.diagnostics.length - 1] ?? { severity: "error", code: e.code, message: e.message, loc: sym.loc };
    } finally {
      this.saidOfBodies.push(...p.diagnostics);
    }
  }
}

function sameOutside(a: TokenStream, bodiesA: readonly BodyRange[], b: TokenStream, bodiesB: readonly BodyRange[]): boolean {
  if (bodiesA.length !== bodiesB.length) return false;
  let i = 0;
  let j = 0;
  for (let n = 0; n <= bodiesA.length; n++) {
    const bodyA = bodiesA[n];
    const bodyB = bodiesB[n];
    if (bodyA?.broken !== undefined || bodyB?.broken !== undefined) return false;
    const length = (bodyA?.from ?? a.length) - i;
    if (length !== (bodyB?.from ?? b.length) - j || !sameTokens(a, i, b, j, length)) return false;
    i = bodyA?.to ?? 0;
    j = bodyB?.to ?? 0;
  }
  return true;
}

/** The same tokens, wherever they stand. */
export function sameTokens(a: TokenStream, i: number, b: TokenStream, j: number, length: number): boolean {
  for (let n = 0; n < length; n++) if (a.kind[i + n] !== b.kind[j + n] || a.value[i + n] !== b.value[j + n]) return false;
  return true;
}

interface Pack {
  readonly limit: number;
  readonly stack: readonly number[];
}

const indices = new WeakMap<Chunk, ChunkIndex>();
function indexOf(chunk: Chunk): ChunkIndex {
  let index = indices.get(chunk);
  if (index === undefined) indices.set(chunk, (index = indexChunk(chunk)));
  return index;
}

/** Chunks that make one, by the first of them: the same parts give the same chunk. */
const joins = new WeakMap<Chunk, { readonly parts: readonly Chunk[]; readonly whole: Chunk }[]>();
function joinChunks(parts: readonly Chunk[]): Chunk {
  const [first] = parts;
  const last = parts[parts.length - 1];
  if (first === undefined || last === undefined) throw new Error("no chunks to join");
  let known = joins.get(first);
  if (known === undefined) joins.set(first, (known = []));
  let found = known.find((j) => j.parts.length === parts.length && j.parts.every((c, i) => c === parts[i]));
  if (found === undefined) known.push((found = { parts: [...parts], whole: chunkOf(first.path, joined(first.atoms, parts, last.loc[last.length - 1] ?? 0)) }));
  return found.whole;
}

/** After an error at file scope: past the next `;` or `}` that ends an external declaration. */
function recover(p: Parser, start: number): void {
  p.p = start;
  let depth = 0;
  for (; p.p < p.end; p.p++) {
    const t = p.val[p.p];
    if (t === K["{"] || t === K["("] || t === K["["]) depth++;
    else if (t === K["}"] || t === K[")"] || t === K["]"]) {
      depth--;
      if (t === K["}"] && depth <= 0 && p.val[p.p + 1] !== K[";"] && p.val[p.p + 1] !== K[","]) {
        p.p++;
        return;
      }
    } else if (t === K[";"] && depth <= 0) {
      p.p++;
      return;
    }
  }
}
