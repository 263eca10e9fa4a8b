// One translation unit being preprocessed: the stack of open files, the directives, the tokens going out. Text
// without macros is copied straight from a file's arrays; the rest goes through Expander.
import { closedLiteral, type Diagnostic, type LexProblem, Tok } from "../lex/index.js";
import { Builtins } from "./builtin-macros.js";
import { Expander, type TokenSource } from "./expand.js";
import { Origins } from "./origins.js";
import { Condition } from "./expression.js";
import { type Header, headerName } from "./header-name.js";
import { type FoundFile, IncludeSearch } from "./includes.js";
import { type Macro, parseDefine, sameMacro } from "./macro.js";
import { runPragma } from "./pragma.js";
import { TokenOutput } from "./output.js";
import type { LexedFile } from "./structure.js";
import { type Frame, goAfter, lineRecords, lineText, locOf, openFrame } from "./frame.js";
import { type Chunk, Recording } from "./segment.js";
import type { PreprocessOptions, Trail } from "./preprocess.js";
import * as T from "../lex/index.js";

// Copies, because loaders that keep modules apart read an imported name through a function, each time.
const {
  D_DEFINE,
  D_ELIF,
  D_ELIFDEF,
  D_ELSE,
  D_ENDIF,
  D_ERROR,
  D_IF,
  D_IFDEF,
  D_IFNDEF,
  D_INCLUDE,
  D_INCLUDE_NEXT,
  D_LINE,
  D_PRAGMA,
  D_UNDEF,
  D_UNKNOWN,
  D_WARNING,
  F_BOL,
  F_FILE,
  F_SPACE,
  K_EOF,
  K_IDENT,
  K_MASK,
  K_NUMBER,
  K_OTHER,
  K_PAD,
  K_STRING,
  NO_DIRECTIVE,
  STRAY_DIRECTIVE,
  STRIDE,
} = T;

const MAX_INCLUDE_DEPTH = 200;
const MAX_DIAGNOSTICS = 1000;
const MAX_TOKENS = 40_000_000;

/** Numbers of `__COUNTER__` kept for one segment of a header. */
const COUNTS = 1000;

/** The same for a place of a file in every run; far above what a main file counts to. */
function counterBase(path: string, next: number): number {
  let h = next;
  for (let i = 0; i < path.length; i++) h = (Math.imul(h, 31) + path.charCodeAt(i)) | 0;
  return (1_000_000 + (h >>> 0)) * COUNTS;
}

export class PpRun implements TokenSource {
  readonly output: TokenOutput;
  readonly diagnostics: Diagnostic[] = [];
  readonly files = new Set<string>();
  /** By path, where the first #include of it stands. */
  readonly includedAt = new Map<string, number>();
  readonly search: IncludeSearch;
  readonly expander: Expander;
  readonly frames: Frame[] = [];
  trail: Trail = { written: 0, expansions: [] };
  private readonly once = new Set<string>();
  private readonly builtins: Builtins;
  private top: Frame | undefined;
  private stopped = false;
  /** Whether segments are kept and used again; a #include in the middle of a macro call ends it. */
  private shares: boolean;
  private readonly shared: Chunk[] = [];
  private counter = 0;
  /** Location of the main file's end. */
  end = 0;
  private readonly counting = new Set<number>();

  /** `watch`: index of the output token whose macros `trail` is to tell, or -1. */
  constructor(
    readonly options: PreprocessOptions,
    private readonly watch = -1,
  ) {
    this.search = new IncludeSearch(options.tree, options.supplied, options.includePaths, options.searched);
    this.expander = new Expander(this, options.cache);
    this.builtins = new Builtins(this);
    this.output = new TokenOutput(options.cache.atoms);
    this.shares = options.share === true && watch < 0;
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
      // The main file lies at the bottom, so that the include level of what is forced in counts from it.
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
    // What came after sharing was given up still stands apart.
    const rest = options.share === true ? this.output.take(options.main, last) : undefined;
    if (rest !== undefined) this.shared.push(rest);
    this.output.push(Tok.Eof, 0, last, last);
    this.end = last;
    this.expander.end();
  }

  /** The tokens in the pieces in which they are shared; empty where nothing is. The last one has the final Eof. */
  chunks(): readonly Chunk[] {
    return this.shared;
  }

  /** Reads the frame's segment from what an earlier run left; false where it has to be read. */
  private replay(frame: Frame): boolean {
    const { expander } = this;
    const segment = frame.file.segments.find(frame.next, expander.ids, frame.name);
    if (segment === undefined || (segment.counted && !this.counts(frame.file, frame.next))) return false;
    this.flush(frame);
    if (segment.chunk !== undefined) this.shared.push(segment.chunk);
    expander.apply(segment.changes);
    this.diagnostics.push(...segment.diagnostics);
    if (segment.once) this.once.add(frame.file.path);
    frame.pos = segment.pos;
    frame.limit = segment.limit;
    frame.next = segment.next;
    return true;
  }
  /** The segment ends before a #include or at the end of the file: keeps it for later runs. */
  private endSegment(frame: Frame): void {
    const { expander } = this;
    const { recording } = expander;
    expander.recording = undefined;
    const chunk = this.flush(frame);
    if (recording === undefined || recording.spoiled || frame.lineShift !== 0 || this.stopped) return;
    frame.file.segments.add(recording.next, {
      consulted: recording.names(),
      changes: Int32Array.from(recording.changes),
      chunk,
      diagnostics: this.diagnostics.slice(recording.diagnosticsBefore),
      once: recording.once,
      fileName: recording.fileName,
      counted: recording.counted > 0,
      pos: frame.pos,
      limit: frame.limit,
      next: frame.next,
    });
  }
  private flush(frame: Frame): Chunk | undefined {
    const { file } = frame;
    const chunk = this.output.take(file.path, frame.next < file.dirCount ? locOf(frame, file.dirHash[frame.next] ?? 0) : file.base + file.text.length);
    if (chunk !== undefined) this.shared.push(chunk);
    return chunk;
  }
  /** The run itself went into the text: the segment holds for it alone. */
  spoil(): void {
    if (this.expander.recording !== undefined) this.expander.recording.spoiled = true;
  }
  /** `__FILE__` of the open file. */
  nameOf(frame: Frame): string {
    if (this.expander.recording !== undefined) this.expander.recording.fileName = frame.name;
    return frame.name;
  }
  /** Claims the numbers that `__COUNTER__` has in a segment; false where another one of this run has the same. */
  private counts(file: LexedFile, next: number): boolean {
    const base = counterBase(file.path, next);
    if (this.counting.has(base)) return false;
    this.counting.add(base);
    return true;
  }
  /**
   * The next value of `__COUNTER__`. Where segments are shared, those of headers have numbers of their own, so that
   * they come out alike whatever was included before.
   */
  count(frame: Frame): number {
    const { recording } = this.expander;
    if (recording === undefined) return this.counter++;
    const { file } = frame;
    if (file.path === this.options.main || recording.spoiled || (recording.counted === 0 && !this.counts(file, recording.next))) {
      recording.spoiled = true;
      return this.counter++;
    }
    return counterBase(file.path, recording.next) + recording.counted++;
  }

  /** Copies and expands until only `depth` files are open. */
  private drain(depth: number): void {
    while (this.frames.length > depth && !this.stopped) {
      const frame = this.top;
      if (frame === undefined) return;
      if (frame.fresh) {
        frame.fresh = false;
        if (this.shares && !this.replay(frame)) this.expander.recording = new Recording(frame.next, this.diagnostics.length);
      }
      this.copy(frame);
      if (this.top !== frame) continue;
      if (frame.pos < frame.limit) continue;
      const { dirCount, dirKind } = frame.file;
      const more = frame.next < dirCount;
      const kind = more ? (dirKind[frame.next] ?? 0) : T.D_NONE;
      const includes = kind === D_INCLUDE || kind === D_INCLUDE_NEXT;
      if (this.shares && (includes || !more)) this.endSegment(frame);
      if (more) this.directive(frame);
      else this.leave();
      if (includes) frame.fresh = true;
    }
  }

  private leave(): void {
    this.frames.pop();
    this.top = this.frames[this.frames.length - 1];
  }

  /** Text up to the next directive. A macro call may run on past it, even into another file. */
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
      const { written, steps } = this.expander.origins?.way(spell) ?? { written: spell, steps: [] };
      this.trail = { written, expansions: steps.map(({ macro, place }) => ({ name: this.expander.atoms.text(macro.name), definition: macro.loc, place })) };
      this.stopped = true;
    }
    if (kind === K_OTHER) this.emitOther(v, loc, spell);
    else this.output.push(kind, v, loc, spell);
  }

  /** A literal that its line did not close is closed, so that the parser can go on; stray characters are its to report. */
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
      this.directive(frame);
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

  // Directives

  private directive(frame: Frame): void {
    const { expander } = this;
    const { prevent, parsing, inDirective, callLoc } = expander;
    const mark = expander.mark();
    expander.prevent = 0;
    expander.parsing = 0;
    expander.inDirective = true;
    const d = frame.next;
    const kind = frame.file.dirKind[d] ?? 0;
    goAfter(frame, d);
    if (kind >= D_IF && kind <= D_ENDIF) this.conditional(frame, d, kind);
    else {
      const { file } = frame;
      const from = (file.dirHash[d] ?? 0) + 2;
      const end = file.dirEnd[d] ?? 0;
      switch (kind) {
        case D_DEFINE:
          this.defineAt(frame, d, from, end);
          break;
        case D_UNDEF:
          if (from < end && ((file.kind[from] ?? 0) & K_MASK) === K_IDENT) expander.undefine(file.value[from] ?? 0);
          else this.problem(frame, d, "no macro name given in #undef");
          break;
        case D_INCLUDE:
        case D_INCLUDE_NEXT:
          if (parsing === 2) {
            // Within the arguments of a macro call no piece of a file stands alone.
            this.shares = false;
            expander.recording = undefined;
          }
          this.includeAt(frame, d, kind === D_INCLUDE_NEXT);
          break;
        case D_PRAGMA:
          if (parsing === 2) {
            const records = this.pragma(lineRecords(frame, from, end), locOf(frame, from));
            if (records.length > 0) expander.pushRecords(records);
          } else {
            const records = this.pragma(lineRecords(frame, from, end), locOf(frame, from));
            for (let i = 0; i < records.length; i += STRIDE)
              this.output.push((records[i] ?? 0) & K_MASK, records[i + 1] ?? 0, records[i + 2] ?? 0, records[i + 2] ?? 0);
          }
          break;
        case D_ERROR:
        case D_WARNING:
          this.report(
            kind === D_ERROR ? "error" : "warning",
            kind === D_ERROR ? "pp-error" : "pp-warning",
            `#${kind === D_ERROR ? "error" : "warning"} ${lineText(frame, from, end)}`.trimEnd(),
            locOf(frame, file.dirHash[d] ?? 0),
          );
          break;
        case D_LINE:
          this.lineAt(frame, d, end);
          break;
        case D_UNKNOWN:
          this.problem(frame, d, `invalid preprocessing directive #${this.expander.atoms.text(file.value[(file.dirHash[d] ?? 0) + 1] ?? 0)}`);
          break;
        default:
      }
    }
    if (expander.dead && parsing === 0) expander.abandon();
    expander.release(mark);
    expander.prevent = prevent;
    expander.parsing = parsing;
    expander.inDirective = inDirective;
    expander.callLoc = callLoc;
  }

  private problem(frame: Frame, d: number, message: string): void {
    this.report("error", "pp-directive", message, locOf(frame, frame.file.dirHash[d] ?? 0));
  }
  /** What the pragma leaves in the token stream. */
  pragma(records: Int32Array, loc: number): Int32Array {
    const path = this.top?.file.path;
    return runPragma(records, this.expander, {
      once: () => {
        if (path !== undefined) this.once.add(path);
        if (this.expander.recording !== undefined) this.expander.recording.once = true;
      },
      report: (severity, message) => {
        this.report(severity, `pp-${severity}`, message, loc);
      },
    });
  }

  private conditional(frame: Frame, d: number, kind: number): void {
    const { file } = frame;
    if ((file.dirNext[d] ?? 0) === STRAY_DIRECTIVE) return;
    if (kind <= D_IFNDEF) {
      if (!this.holds(frame, d, kind)) this.skip(frame, d);
      return;
    }
    // The end of a group that was taken: on to the #endif.
    let at = d;
    while (at >= 0 && file.dirKind[at] !== D_ENDIF) at = file.dirNext[at] ?? NO_DIRECTIVE;
    goAfter(frame, at >= 0 ? at : file.dirCount);
    if (at < 0) frame.pos = frame.limit = file.count;
  }

  /** Leaves the group of the conditional `d` for the first later one of the same #if that is taken. */
  private skip(frame: Frame, d: number): void {
    const { file } = frame;
    for (let at = file.dirNext[d] ?? NO_DIRECTIVE; at >= 0; at = file.dirNext[at] ?? NO_DIRECTIVE) {
      const kind = file.dirKind[at] ?? 0;
      if (kind === D_ENDIF || kind === D_ELSE || this.holds(frame, at, kind)) {
        goAfter(frame, at);
        return;
      }
    }
    frame.next = file.dirCount;
    frame.pos = frame.limit = file.count;
  }

  private holds(frame: Frame, d: number, kind: number): boolean {
    const { file } = frame;
    const { expander } = this;
    const from = (file.dirHash[d] ?? 0) + 2;
    const end = file.dirEnd[d] ?? 0;
    if (kind === D_IF || kind === D_ELIF) {
      const { pos, limit } = frame;
      frame.pos = from;
      frame.limit = end;
      const loc = locOf(frame, from - 2);
      expander.callLoc = loc;
      const result = new Condition(expander, (message, place) => {
        this.report("error", "pp-condition", message, place > 0 ? place : loc);
      }).evaluate();
      // An expression given up half-way leaves lists unread.
      while (expander.contexts > 0 && !expander.dead && expander.next() !== K_EOF);
      frame.pos = pos;
      frame.limit = limit;
      return result;
    }
    if (from >= end || ((file.kind[from] ?? 0) & K_MASK) !== K_IDENT) {
      this.problem(frame, d, `no macro name given in #${this.expander.atoms.text(file.value[from - 1] ?? 0)}`);
      return false;
    }
    const defined = expander.isDefined(file.value[from] ?? 0);
    return kind === D_IFDEF || kind === D_ELIFDEF ? defined : !defined;
  }

  private defineAt(frame: Frame, d: number, from: number, end: number): void {
    const { file } = frame;
    const { expander } = this;
    let macro = file.macros[d];
    if (macro === undefined) {
      const problems: LexProblem[] = [];
      const parsed = parseDefine(file, from, end, this.options.cache.macros, problems);
      for (const { code, message, offset } of problems) this.report("error", code, message, file.base + offset);
      if (parsed === null) return;
      file.macros[d] = macro = parsed;
    }
    expander.recording?.consult(macro.name, expander.ids[macro.name] ?? 0);
    const old = expander.macro(macro.name);
    if (old !== undefined && !sameMacro(old, macro)) this.report("warning", "pp-redefined", `"${this.expander.atoms.text(macro.name)}" redefined`, macro.loc);
    expander.define(macro);
  }

  private lineAt(frame: Frame, d: number, end: number): void {
    const { file } = frame;
    const hash = file.dirHash[d] ?? 0;
    const from = ((file.kind[hash + 1] ?? 0) & K_MASK) === K_NUMBER ? hash + 1 : hash + 2;
    const { pos, limit } = frame;
    frame.pos = from;
    frame.limit = end;
    const { expander } = this;
    const tokens: { kind: number; text: string }[] = [];
    for (let kind = expander.next(); kind !== K_EOF; kind = expander.next()) tokens.push({ kind, text: this.expander.atoms.text(expander.v) });
    frame.pos = pos;
    frame.limit = limit;
    const [number, name] = tokens;
    if (number === undefined || !/^[0-9]+$/.test(number.text)) {
      this.problem(frame, d, "#line requires a positive number");
      return;
    }
    frame.lineShift = Number(number.text) - (this.options.cache.sourceMap.line(locOf(frame, hash)) + 1);
    if (name?.kind === K_STRING) frame.name = name.text.slice(1, -1).replace(/\\(.)/g, "$1");
  }

  private includeAt(frame: Frame, d: number, next: boolean): void {
    const { file } = frame;
    const header = headerName(this.expander, frame, (file.dirHash[d] ?? 0) + 2, file.dirEnd[d] ?? 0);
    if (header === undefined) {
      this.problem(frame, d, `#include expects "FILENAME" or <FILENAME>`);
      return;
    }
    const found = this.find(header, frame, next);
    const loc = locOf(frame, file.dirHash[d] ?? 0);
    if (found === undefined) this.report("error", "pp-include", `${header.name}: no such file`, loc);
    else if (this.frames.length > MAX_INCLUDE_DEPTH)
      this.report("error", "pp-include-depth", `#include nested depth exceeds ${String(MAX_INCLUDE_DEPTH)}`, loc);
    else {
      if (!this.files.has(found.path)) this.includedAt.set(found.path, loc);
      this.include(found);
    }
  }

  find(header: Header, frame: Frame, next: boolean): FoundFile | undefined {
    const includer = { path: frame.file.path, name: frame.file.path };
    return next && this.frames.length > 1 ? this.search.findNext(header.name, frame.dir) : this.search.find(header.name, header.quoted, includer);
  }

  private include(found: FoundFile): void {
    const first = !this.files.has(found.path);
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
