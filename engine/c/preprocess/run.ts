// One translation unit being preprocessed: the stack of open files and the tokens that go out. Text without macros is
// copied straight from a file's arrays; macros go through Expander, directives through Directives.
import { closedLiteral, type Diagnostic, Tok } from "../lex/index.js";
import { Builtins } from "./builtin-macros.js";
import type { Header, RunContext } from "./context.js";
import { Directives } from "./directives.js";
import { Expander, type TokenSource } from "./expand.js";
import { type Frame, openFrame } from "./frame.js";
import { type FoundFile, IncludeSearch } from "./includes.js";
import type { Macro } from "./macro.js";
import type { PreprocessOptions, Trail } from "./options.js";
import { Origins } from "./origins.js";
import { TokenOutput } from "./output.js";
import { Sharing } from "./sharing.js";
import type { LexedFile } from "./lexed-file.js";
import * as T from "../lex/index.js";

// Local copies: module loaders that isolate modules read an imported name through a getter every time.
const { D_INCLUDE, D_INCLUDE_NEXT, D_NONE, F_BOL, F_FILE, F_SPACE, K_EOF, K_IDENT, K_MASK, K_OTHER, K_PAD } = T;

const MAX_DIAGNOSTICS = 1000;
const MAX_TOKENS = 40_000_000;

export class PpRun implements RunContext, TokenSource {
  readonly output: TokenOutput;
  readonly diagnostics: Diagnostic[] = [];
  readonly files = new Set<string>();
  /** By path, the location of the first #include of the file. */
  readonly includedAt = new Map<string, number>();
  readonly search: IncludeSearch;
  readonly expander: Expander;
  readonly sharing: Sharing;
  readonly frames: Frame[] = [];
  readonly once = new Set<string>();
  /** Macros behind the watched token. */
  trail: Trail = { written: 0, expansions: [] };
  /** Location of the main file's end. */
  end = 0;
  private readonly builtins: Builtins;
  private readonly directives: Directives;
  private top: Frame | undefined;
  private stopped = false;

  /** `watch`: index of the output token that `trail` describes, or -1. */
  constructor(
    readonly options: PreprocessOptions,
    private readonly watch = -1,
  ) {
    this.search = new IncludeSearch(options.tree, options.supplied, options.includePaths, options.searched);
    this.expander = new Expander(this, options.cache);
    this.builtins = new Builtins(this);
    this.directives = new Directives(this);
    this.output = new TokenOutput(options.cache.atoms);
    this.sharing = new Sharing(options.share === true && watch < 0, options.main, this.expander, this.output, this.diagnostics, this.once);
    if (watch >= 0) this.expander.origins = new Origins();
  }

  report(severity: "error" | "warning", code: string, message: string, loc: number): void {
    if (this.diagnostics.length < MAX_DIAGNOSTICS) this.diagnostics.push({ severity, code, message, loc });
  }

  run(): void {
    const { options } = this;
    for (const macro of options.cache.builtins) this.expander.define(macro);
    const text = this.search.read(options.main);
    this.files.add(options.main);
    this.include({ path: "<built-in>", name: "<built-in>", text: options.predefined, dir: 0 });
    this.drain(0);
    for (const [name, value] of options.defines) {
      this.open(options.cache.define(`#define ${name} ${value.replace(/\n/g, " ")}\n`), "<command line>", 0);
      this.drain(0);
    }
    this.files.delete("<built-in>");
    if (text === undefined) this.report("error", "pp-no-file", `${options.main}: no such file`, 0);
    else {
      const main: FoundFile = { path: options.main, name: options.main, text, dir: -1 };
      // The main file is at the bottom of the stack: the include level of forced includes counts from it.
      this.include(main);
      const bottom = this.top;
      if (bottom !== undefined) {
        const { limit } = bottom;
        const pos = bottom.pos;
        for (const name of options.forcedIncludes) {
          const direct = this.search.find(name, true, { path: "", name: "" });
          if (direct === undefined) this.report("error", "pp-include", `${name}: no such file`, 0);
          else this.include(direct);
          this.drain(1);
        }
        bottom.pos = pos;
        bottom.limit = limit;
        this.drain(0);
      }
    }
    const last = text === undefined ? 0 : this.options.cache.file(options.main, text).base + text.length;
    // Output after sharing was stopped is a chunk of its own.
    if (options.share === true) this.sharing.take(options.main, last);
    this.output.push(Tok.Eof, 0, last, last);
    this.end = last;
    this.expander.releaseTables();
  }

  /** Copies and expands until only `depth` files are open. */
  private drain(depth: number): void {
    while (this.frames.length > depth && !this.stopped) {
      const frame = this.top;
      if (frame === undefined) return;
      if (frame.atSegmentStart) {
        frame.atSegmentStart = false;
        this.sharing.beginSegment(frame);
      }
      this.copy(frame);
      if (this.top !== frame) continue;
      if (frame.pos < frame.limit) continue;
      const { dirCount, dirKind } = frame.file;
      const more = frame.next < dirCount;
      const kind = more ? (dirKind[frame.next] ?? 0) : D_NONE;
      const includes = kind === D_INCLUDE || kind === D_INCLUDE_NEXT;
      if (includes || !more) this.sharing.endSegment(frame, !this.stopped);
      if (more) this.directives.obey(frame);
      else this.leave();
      if (includes) frame.atSegmentStart = true;
    }
  }

  private leave(): void {
    this.frames.pop();
    this.top = this.frames[this.frames.length - 1];
  }

  /** Copies the text up to the next directive. A macro call may extend past it, even into another file. */
  private copy(frame: Frame): void {
    const { kind, value, offset, base } = frame.file;
    const { isMacro, ids, recording } = this.expander;
    const { output } = this;
    let i = frame.pos;
    const limit = frame.limit;
    while (i < limit) {
      const k = (kind[i] ?? 0) & K_MASK;
      const v = value[i] ?? 0;
      const loc = base + (offset[i] ?? 0);
      i++;
      if (k === K_IDENT) recording?.consult(v, ids[v] ?? 0);
      if (k === K_IDENT && isMacro[v] === 1) {
        frame.pos = i;
        this.expandTop(kind[i - 1] ?? 0, v, loc);
        if (this.top !== frame || frame.limit !== limit || this.expander.isMacro !== isMacro || this.stopped) return;
        i = frame.pos;
      } else if (k === K_OTHER) this.emitOther(v, loc, loc);
      else output.push(k, v, loc, loc);
    }
    frame.pos = i;
  }

  private expandTop(kf: number, v: number, loc: number): void {
    const { expander } = this;
    expander.begin(v, loc);
    expander.kf = kf;
    expander.v = v;
    expander.s = loc;
    if (!expander.enter(v, loc)) {
      if (!expander.dead) this.emit(K_IDENT, v, loc, loc);
    } else {
      while (expander.contexts > 0) {
        const kind = expander.next();
        if (kind === K_EOF) break;
        if (kind !== K_PAD) this.emit(kind, expander.v, loc, expander.s);
      }
    }
    if (expander.dead) expander.abandon();
    if (this.output.total > MAX_TOKENS && !this.stopped) {
      this.report("error", "pp-expansion-limit", "the preprocessed file is too large", loc);
      this.stopped = true;
    }
  }

  private emit(kind: number, v: number, loc: number, spell: number): void {
    if (this.watch >= 0 && this.output.length === this.watch) {
      const { written, steps } = this.expander.origins?.trace(spell) ?? { written: spell, steps: [] };
      this.trail = { written, expansions: steps.map(({ macro, place }) => ({ name: this.expander.atoms.text(macro.name), definition: macro.loc, place })) };
      this.stopped = true;
    }
    if (kind === K_OTHER) this.emitOther(v, loc, spell);
    else this.output.push(kind, v, loc, spell);
  }

  /** Closes a literal that its line leaves open, so that the parser can continue. The parser reports stray characters. */
  private emitOther(v: number, loc: number, spell: number): void {
    const closed = closedLiteral(this.expander.atoms.text(v));
    if (closed === undefined) {
      this.output.push(Tok.Punct, v, loc, spell);
      return;
    }
    this.report("error", "lex-literal", `missing terminating ${closed.quote} character`, loc);
    this.output.push(closed.quote === '"' ? Tok.String : Tok.Char, this.expander.atoms.of(closed.text), loc, spell);
  }

  // TokenSource

  pull(to: Expander): void {
    for (;;) {
      const frame = this.top;
      if (frame === undefined) break;
      const { pos } = frame;
      if (pos < frame.limit) {
        const { file } = frame;
        let kf = (file.kind[pos] ?? 0) | F_FILE;
        // A line's end within arguments is white space.
        if (to.parsing === 2 && (kf & F_BOL) !== 0) kf |= F_SPACE;
        to.kf = kf;
        to.v = file.value[pos] ?? 0;
        to.s = file.base + (file.offset[pos] ?? 0);
        frame.pos = pos + 1;
        return;
      }
      // Directives are obeyed within arguments, but end the search for "(", as in gcc.
      if (to.inDirective || to.parsing !== 2 || frame.next >= frame.file.dirCount || this.stopped) break;
      this.directives.obey(frame);
    }
    to.kf = K_EOF;
    to.v = 0;
    to.s = 0;
  }
  unpull(): void {
    if (this.top !== undefined) this.top.pos--;
  }
  builtin(to: Expander, macro: Macro): boolean {
    return this.builtins.expand(to, macro);
  }

  find(header: Header, frame: Frame, next: boolean): FoundFile | undefined {
    const includer = { path: frame.file.path, name: frame.file.path };
    return next && this.frames.length > 1 ? this.search.findNext(header.name, frame.dir) : this.search.find(header.name, header.quoted, includer);
  }

  include(found: FoundFile, loc?: number): void {
    const first = !this.files.has(found.path);
    if (first && loc !== undefined) this.includedAt.set(found.path, loc);
    this.files.add(found.path);
    if (this.once.has(found.path)) return;
    const file = this.options.cache.file(found.path, found.text);
    if (file.guard !== 0 && this.expander.isDefined(file.guard)) return;
    if (first || file.path === this.options.main)
      for (const { code, message, offset } of file.problems) this.report("error", code, message, file.base + offset);
    this.open(file, found.name, found.dir);
  }

  private open(file: LexedFile, name: string, dir: number): void {
    const frame = openFrame(file, name, dir);
    this.frames.push(frame);
    this.top = frame;
  }
}
