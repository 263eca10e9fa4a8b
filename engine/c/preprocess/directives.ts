// The directives (C11 6.10.1 to 6.10.6): conditions, definitions, includes, #line, #error, pragmas. Runs within a macro
// call too, whose arguments may contain directives.
import type { LexProblem } from "../lex/index.js";
import type { RunContext } from "./context.js";
import { Condition } from "./expression.js";
import { type Frame, lineRecords, lineText, locOf, moveAfter } from "./frame.js";
import { headerName } from "./header-name.js";
import { parseDefine, sameMacro } from "./macro.js";
import { obeyPragma } from "./pragma.js";
import * as T from "../lex/index.js";

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
  K_EOF,
  K_IDENT,
  K_MASK,
  K_NUMBER,
  K_STRING,
  NO_DIRECTIVE,
  STRAY_DIRECTIVE,
  STRIDE,
} = T;

const MAX_INCLUDE_DEPTH = 200;

export class Directives {
  constructor(private readonly run: RunContext) {}

  /** Obeys the next directive of the frame. */
  obey(frame: Frame): void {
    const { expander } = this.run;
    const { prevent, parsing, inDirective, callLoc } = expander;
    const mark = expander.mark();
    expander.prevent = 0;
    expander.parsing = 0;
    expander.inDirective = true;
    const d = frame.next;
    const kind = frame.file.dirKind[d] ?? 0;
    moveAfter(frame, d);
    if (kind >= D_IF && kind <= D_ENDIF) this.conditional(frame, d, kind);
    else {
      const { file } = frame;
      const from = (file.dirHash[d] ?? 0) + 2;
      const end = file.dirEnd[d] ?? 0;
      switch (kind) {
        case D_DEFINE:
          this.define(frame, d, from, end);
          break;
        case D_UNDEF:
          if (from < end && ((file.kind[from] ?? 0) & K_MASK) === K_IDENT) expander.undefine(file.value[from] ?? 0);
          else this.problem(frame, d, "no macro name given in #undef");
          break;
        case D_INCLUDE:
        case D_INCLUDE_NEXT:
          if (parsing === 2) this.run.sharing.stop();
          this.include(frame, d, kind === D_INCLUDE_NEXT);
          break;
        case D_PRAGMA: {
          const records = obeyPragma(this.run, lineRecords(frame, from, end), locOf(frame, from));
          if (parsing === 2) {
            if (records.length > 0) expander.pushRecords(records);
            break;
          }
          const { output } = this.run;
          for (let i = 0; i < records.length; i += STRIDE)
            output.push((records[i] ?? 0) & K_MASK, records[i + 1] ?? 0, records[i + 2] ?? 0, records[i + 2] ?? 0);
          break;
        }
        case D_ERROR:
        case D_WARNING:
          this.run.report(
            kind === D_ERROR ? "error" : "warning",
            kind === D_ERROR ? "pp-error" : "pp-warning",
            `#${kind === D_ERROR ? "error" : "warning"} ${lineText(frame, from, end)}`.trimEnd(),
            locOf(frame, file.dirHash[d] ?? 0),
          );
          break;
        case D_LINE:
          this.line(frame, d, end);
          break;
        case D_UNKNOWN:
          this.problem(frame, d, `invalid preprocessing directive #${this.run.expander.atoms.text(file.value[(file.dirHash[d] ?? 0) + 1] ?? 0)}`);
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
    this.run.report("error", "pp-directive", message, locOf(frame, frame.file.dirHash[d] ?? 0));
  }
  private conditional(frame: Frame, d: number, kind: number): void {
    const { file } = frame;
    if ((file.dirNext[d] ?? 0) === STRAY_DIRECTIVE) return;
    if (kind <= D_IFNDEF) {
      if (!this.isTaken(frame, d, kind)) this.skip(frame, d);
      return;
    }
    // The end of the group that was taken: continue after the #endif.
    let at = d;
    while (at >= 0 && file.dirKind[at] !== D_ENDIF) at = file.dirNext[at] ?? NO_DIRECTIVE;
    moveAfter(frame, at >= 0 ? at : file.dirCount);
    if (at < 0) frame.pos = frame.limit = file.count;
  }

  /** Skips the group of the conditional `d`, up to the first later group of the same #if that is taken. */
  private skip(frame: Frame, d: number): void {
    const { file } = frame;
    for (let at = file.dirNext[d] ?? NO_DIRECTIVE; at >= 0; at = file.dirNext[at] ?? NO_DIRECTIVE) {
      const kind = file.dirKind[at] ?? 0;
      if (kind === D_ENDIF || kind === D_ELSE || this.isTaken(frame, at, kind)) {
        moveAfter(frame, at);
        return;
      }
    }
    frame.next = file.dirCount;
    frame.pos = frame.limit = file.count;
  }

  private isTaken(frame: Frame, d: number, kind: number): boolean {
    const { file } = frame;
    const { expander } = this.run;
    const from = (file.dirHash[d] ?? 0) + 2;
    const end = file.dirEnd[d] ?? 0;
    if (kind === D_IF || kind === D_ELIF) {
      const { pos, limit } = frame;
      frame.pos = from;
      frame.limit = end;
      const loc = locOf(frame, from - 2);
      expander.callLoc = loc;
      const result = new Condition(expander, (message, place) => {
        this.run.report("error", "pp-condition", message, place > 0 ? place : loc);
      }).evaluate();
      // An expression abandoned half-way leaves token lists unread.
      while (expander.contexts > 0 && !expander.dead && expander.next() !== K_EOF);
      frame.pos = pos;
      frame.limit = limit;
      return result;
    }
    if (from >= end || ((file.kind[from] ?? 0) & K_MASK) !== K_IDENT) {
      this.problem(frame, d, `no macro name given in #${this.run.expander.atoms.text(file.value[from - 1] ?? 0)}`);
      return false;
    }
    const defined = expander.isDefined(file.value[from] ?? 0);
    return kind === D_IFDEF || kind === D_ELIFDEF ? defined : !defined;
  }

  private define(frame: Frame, d: number, from: number, end: number): void {
    const { file } = frame;
    const { expander } = this.run;
    let macro = file.macros[d];
    if (macro === undefined) {
      const problems: LexProblem[] = [];
      const parsed = parseDefine(file, from, end, this.run.options.cache.macros, problems);
      for (const { code, message, offset } of problems) this.run.report("error", code, message, file.base + offset);
      if (parsed === null) return;
      file.macros[d] = macro = parsed;
    }
    expander.recording?.consult(macro.name, expander.ids[macro.name] ?? 0);
    const old = expander.macro(macro.name);
    if (old !== undefined && !sameMacro(old, macro))
      this.run.report("warning", "pp-redefined", `"${this.run.expander.atoms.text(macro.name)}" redefined`, macro.loc);
    expander.define(macro);
  }

  private line(frame: Frame, d: number, end: number): void {
    const { file } = frame;
    const hash = file.dirHash[d] ?? 0;
    const from = ((file.kind[hash + 1] ?? 0) & K_MASK) === K_NUMBER ? hash + 1 : hash + 2;
    const { pos, limit } = frame;
    frame.pos = from;
    frame.limit = end;
    const { expander } = this.run;
    const tokens: { kind: number; text: string }[] = [];
    for (let kind = expander.next(); kind !== K_EOF; kind = expander.next()) tokens.push({ kind, text: this.run.expander.atoms.text(expander.v) });
    frame.pos = pos;
    frame.limit = limit;
    const [number, name] = tokens;
    if (number === undefined || !/^[0-9]+$/.test(number.text)) {
      this.problem(frame, d, "#line requires a positive number");
      return;
    }
    frame.lineShift = Number(number.text) - (this.run.options.cache.sourceMap.line(locOf(frame, hash)) + 1);
    if (name?.kind === K_STRING) frame.name = name.text.slice(1, -1).replace(/\\(.)/g, "$1");
  }

  private include(frame: Frame, d: number, next: boolean): void {
    const { file } = frame;
    const header = headerName(this.run.expander, frame, (file.dirHash[d] ?? 0) + 2, file.dirEnd[d] ?? 0);
    if (header === undefined) {
      this.problem(frame, d, `#include expects "FILENAME" or <FILENAME>`);
      return;
    }
    const found = this.run.find(header, frame, next);
    const loc = locOf(frame, file.dirHash[d] ?? 0);
    if (found === undefined) this.run.report("error", "pp-include", `${header.name}: no such file`, loc);
    else if (this.run.frames.length > MAX_INCLUDE_DEPTH)
      this.run.report("error", "pp-include-depth", `#include nested depth exceeds ${String(MAX_INCLUDE_DEPTH)}`, loc);
    else this.run.include(found, loc);
  }
}
