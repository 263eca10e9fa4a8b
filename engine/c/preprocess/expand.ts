// Macro expansion, as gcc's preprocessor does it: a stack of token lists being read decides what may be expanded again
// (C11 6.10.3.4 and the cases it leaves open). Passes tokens in the fields kf/v/s, not as objects. Reaches files and
// directives only through TokenSource.
import { fixed } from "../lex/index.js";
import type { Macro } from "./macro.js";
import type { Origins } from "./origins.js";
import { type ExpansionTables, Substitution } from "./substitute.js";
import type { Reporter } from "./token-lists.js";
import * as T from "../lex/index.js";

// Local copies: module loaders that isolate modules read an imported name through a getter every time.
const { F_FILE, F_NOEXPAND, F_PASTE, F_SOURCE, F_SPACE, K_EOF, K_IDENT, K_MASK, K_PAD, K_PUNCT, STRIDE } = T;

const OPEN = fixed("(");
const CLOSE = fixed(")");
const COMMA = fixed(",");

/** Macro calls within arguments of macro calls; each takes a few stack frames of the host. */
const MAX_NESTING = 400;

/** The file whose tokens are being expanded. */
export interface TokenSource extends Reporter {
  /** Puts the next token of the file (or of the directive's line) into `to`; K_EOF at its end, which is not consumed. */
  pull(to: Expander): void;
  /** Steps back over the token pulled last. */
  unpull(): void;
  /** Expands a built-in macro by pushing tokens; false leaves the name unexpanded. */
  builtin(to: Expander, macro: Macro): boolean;
}

export class Expander extends Substitution {
  /** Set while a token is traced: tokens of a replacement list then have the number of their origin in `s`. */
  origins: Origins | undefined;

  /** The current token: kind and flags, value, location of its spelling. */
  kf = 0;
  v = 0;
  s = 0;

  /** Names read while this is positive are not expanded. */
  prevent = 0;
  /** 1: looking for a macro's "(", 2: collecting its arguments. */
  parsing: 0 | 1 | 2 = 0;
  /** Location that __LINE__ reports: of the outermost macro name, or within an argument of the outermost name in the argument. */
  point = 0;
  private nesting = 0;
  /** Depth of the argument being expanded on its own; 0 outside arguments. */
  private wall = 0;
  /** Whether `point` follows the names in arguments. */
  private tracking = false;
  /** Buffers for expanded arguments, for reuse. */
  private readonly spare: number[][] = [];

  constructor(
    private readonly source: TokenSource,
    tables: ExpansionTables,
  ) {
    super(source, tables);
  }

  /** Begins the expansion of an outermost macro name. */
  begin(name: number, loc: number): void {
    // gcc: everything that an object-like macro expands to is on the line of the outermost name.
    this.tracking = this.macro(name)?.kind === "function";
    this.callLoc = loc;
    this.point = loc;
    this.reset();
    this.argTop = 0;
  }
  private unread(): void {
    if (this.depth > 0) this.ctxPos[this.depth - 1] = (this.ctxPos[this.depth - 1] ?? 0) - STRIDE;
    else this.source.unpull();
  }

  /** Reads the next token into kf/v/s with macros expanded; returns its kind. K_PAD where white space matters, K_EOF at an end. */
  next(): number {
    for (;;) {
      if (this.dead) {
        this.kf = K_EOF;
        return K_EOF;
      }
      let kf: number;
      if (this.depth > 0) {
        const d = this.depth - 1;
        const pos = this.ctxPos[d] ?? 0;
        if (pos >= (this.ctxEnd[d] ?? 0)) {
          this.pop();
          if (this.inDirective) continue;
          this.kf = K_PAD;
          return K_PAD;
        }
        this.ctxPos[d] = pos + STRIDE;
        const buf = this.ctxBuf[d];
        if (buf === undefined) continue; // never: every level below depth has a list
        kf = this.kf = buf[pos] ?? 0;
        this.v = buf[pos + 1] ?? 0;
        this.s = buf[pos + 2] ?? 0;
        if ((kf & F_PASTE) !== 0) {
          if (this.pasteAll()) continue;
          kf = this.kf;
        }
      } else {
        this.source.pull(this);
        kf = this.kf;
      }
      const kind = kf & K_MASK;
      if (kind === K_IDENT) this.recording?.consult(this.v, this.ids[this.v] ?? 0);
      if (kind !== K_IDENT || this.isMacro[this.v] !== 1 || (kf & F_NOEXPAND) !== 0) return kind;
      const atom = this.v;
      if (this.disabled[atom] === 1) {
        this.kf = kf | F_NOEXPAND;
        return kind;
      }
      if (this.prevent > 0) return kind;
      const s = this.s;
      if (this.tracking && this.depth === this.wall && (kf & F_FILE) !== 0) this.point = s;
      if (this.enter(atom, s)) {
        if (this.inDirective) continue;
        this.kf = K_PAD | F_SOURCE | (kf & F_SPACE);
        return K_PAD;
      }
      this.kf = kf;
      this.v = atom;
      this.s = s;
      return kind;
    }
  }

  /** Pushes the expansion of the macro `atom`, whose name was just read at `site`; false where it is not a call. */
  enter(atom: number, site: number): boolean {
    const macro = this.macro(atom);
    if (macro === undefined) return false;
    if (macro.kind === "builtin") return this.source.builtin(this, macro);
    if (macro.kind === "function") {
      const base = this.argTop;
      if (!this.call(macro)) {
        this.argTop = base;
        return false;
      }
      if (macro.params.length > 0) {
        if (this.nesting >= MAX_NESTING) {
          this.overrun("macro calls are nested too deeply");
          this.argTop = base;
          return false;
        }
        this.nesting++;
        this.substitute(macro, this.origins?.bodyOf(macro, site) ?? macro.body, base);
        this.nesting--;
        this.argTop = base;
        this.disabled[atom] = 1;
        return true;
      }
      this.argTop = base;
    }
    this.push(this.origins?.bodyOf(macro, site) ?? macro.body, 0, macro.body.length, atom);
    this.disabled[atom] = 1;
    return true;
  }

  /** Looks for "(" and collects the arguments; false where there is no proper call. */
  private call(macro: Macro): boolean {
    const parsing = this.parsing;
    this.prevent++;
    this.parsing = 1;
    let padding = -1;
    let kind = this.next();
    while (kind === K_PAD) {
      const weak = padding < 0 || (padding & F_SOURCE) === 0 || ((padding & F_SPACE) === 0 && (this.kf & F_SOURCE) === 0);
      if (weak) padding = this.kf;
      kind = this.next();
    }
    let called = false;
    if (kind === K_PUNCT && this.v === OPEN) {
      this.parsing = 2;
      called = this.collect(macro);
    } else {
      if (kind !== K_EOF || this.depth > 0) this.unread();
      if (padding >= 0) this.pushToken(padding, 0, 0);
    }
    this.parsing = parsing;
    this.prevent--;
    return called;
  }

  private collect(macro: Macro): boolean {
    const base = this.argTop;
    const paramc = macro.params.length;
    const callLoc = this.s;
    let argc = 0;
    let kind: number;
    let punct: number;
    do {
      argc++;
      const first = this.arenaTop;
      let end = first;
      let parens = 0;
      for (;;) {
        kind = this.next();
        punct = 0;
        if (kind === K_PAD) {
          if (end === first) continue;
          this.put(this.kf, 0, 0);
          continue;
        }
        if (kind === K_PUNCT) {
          punct = this.v;
          if (punct === OPEN) parens++;
          else if (punct === CLOSE) {
            if (parens-- === 0) break;
          } else if (punct === COMMA && parens === 0 && !(macro.variadic && argc === paramc)) break;
        } else if (kind === K_EOF) break;
        this.put(this.kf, this.v, this.s);
        end = this.arenaTop;
        this.countSteps(1);
      }
      // Drops trailing padding. The K_EOF stops the expansion of the argument.
      this.arenaTop = end;
      this.put(K_EOF, 0, 0);
      if (argc <= paramc || argc === 1) this.addArg(first, end);
    } while (kind !== K_EOF && punct !== CLOSE);
    const name = this.atoms.text(macro.name);
    if (kind === K_EOF) {
      if (this.depth > 0) this.unread();
      if (!this.dead) this.source.report("error", "pp-unterminated-call", `unterminated argument list invoking macro "${name}"`, callLoc);
      return false;
    }
    const firstEmpty = this.args[base] === this.args[base + 1];
    if (argc === 1 && paramc === 0 && firstEmpty) argc = 0;
    if (argc < paramc) {
      if (!(argc + 1 === paramc && macro.variadic)) {
        this.source.report("error", "pp-arguments", `macro "${name}" requires ${String(paramc)} arguments, but only ${String(argc)} given`, callLoc);
        return false;
      }
      this.addArg(-1, -1);
    } else if (argc > paramc) {
      this.source.report("error", "pp-arguments", `macro "${name}" passed ${String(argc)} arguments, but takes just ${String(paramc)}`, callLoc);
      return false;
    } else if (argc === 1 && firstEmpty && macro.variadic) {
      // GNU: a lone variable argument that is empty counts as left out, so that `,##` before it is dropped.
      this.args[base] = -1;
      this.args[base + 1] = -1;
    }
    return true;
  }

  /** 6.10.3.1: as if the argument formed the rest of the file. */
  protected override expandArg(at: number): void {
    const first = this.args[at] ?? 0;
    const end = this.args[at + 1] ?? 0;
    if ((this.args[at + 2] ?? 0) >= 0) return;
    let plain = true;
    for (let i = first; i < end; i += STRIDE) {
      if (((this.arena[i] ?? 0) & K_MASK) === K_IDENT && this.isMacro[this.arena[i + 1] ?? 0] === 1) {
        plain = false;
        break;
      }
    }
    if (plain) {
      this.args[at + 2] = first;
      this.args[at + 3] = end;
      return;
    }
    const prevent = this.prevent;
    const parsing = this.parsing;
    this.prevent = 0;
    this.parsing = 0;
    // The expansion itself builds lists in the arena, so its result is collected elsewhere first.
    const kept = this.spare.pop() ?? [];
    let used = 0;
    this.push(this.arena, first, end + STRIDE, 0);
    const { point, wall: outerWall } = this;
    const wall = this.depth;
    this.wall = wall;
    for (;;) {
      if (this.depth === wall) this.point = point;
      const kind = this.next();
      if (kind === K_EOF) break;
      kept[used] = this.kf;
      kept[used + 1] = this.v;
      kept[used + 2] = this.s;
      used += STRIDE;
      this.countSteps(1);
    }
    while (this.depth >= wall) this.pop();
    this.point = point;
    this.wall = outerWall;
    const from = this.arenaTop;
    this.reserve(used / STRIDE);
    if (!this.dead) {
      for (let i = 0; i < used; i++) this.arena[from + i] = kept[i] ?? 0;
      this.arenaTop = from + used;
    } else used = 0;
    if (kept.length < 1 << 16) this.spare.push(kept);
    this.args[at + 2] = from;
    this.args[at + 3] = from + used;
    this.prevent = prevent;
    this.parsing = parsing;
  }

  /** The current token has F_PASTE: pastes it to what follows in its list. True where the result was pushed to be read. */
  private pasteAll(): boolean {
    const d = this.depth - 1;
    const buf = this.ctxBuf[d];
    if (buf === undefined) return false;
    const flags = this.kf & F_SPACE;
    let kind = this.kf & K_MASK;
    let value = this.v;
    let more = true;
    while (more) {
      const pos = this.ctxPos[d] ?? 0;
      if (pos >= (this.ctxEnd[d] ?? 0)) break;
      const rhs = buf[pos] ?? 0;
      if ((rhs & K_MASK) === K_PAD) {
        this.ctxPos[d] = pos + STRIDE;
        continue;
      }
      if ((rhs & K_MASK) === K_EOF) break;
      const joined = this.operators.paste(value, buf[pos + 1] ?? 0);
      if (joined < 0) {
        this.source.report(
          "error",
          "pp-paste",
          `pasting "${this.atoms.text(value)}" and "${this.atoms.text(buf[pos + 1] ?? 0)}" does not give a valid preprocessing token`,
          this.callLoc,
        );
        break;
      }
      this.ctxPos[d] = pos + STRIDE;
      kind = joined & K_MASK;
      value = joined >>> 4;
      more = (rhs & F_PASTE) !== 0;
    }
    this.pushToken(kind | flags, value, this.s);
    return true;
  }
}
