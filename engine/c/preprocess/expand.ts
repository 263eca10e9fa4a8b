// Macro expansion: a stack of token lists being read, as gcc's preprocessor has it, so that what may be expanded
// again is decided exactly as there (C11 6.10.3.4 and the cases it leaves open). Tokens are handed over in the
// fields kf/v/s, not as objects. Knows files and directives only through TokenSource.
import { fixed } from "../lex/index.js";
import type { Macro } from "./macro.js";
import { MacroTable } from "./macro-table.js";
import type { Origins } from "./origins.js";
import type { Operators } from "./operators.js";
import type { PpCache } from "./preprocess.js";
import * as T from "../lex/index.js";

// Copies, because loaders that keep modules apart read an imported name through a function, each time.
const { F_FILE, F_NOEXPAND, F_PASTE, F_SOURCE, F_SPACE, F_STRINGIFY, K_ARG, K_EOF, K_IDENT, K_MASK, K_PAD, K_PUNCT, K_STRING, K_VAEND, K_VAOPT, STRIDE } = T;

const OPEN = fixed("(");
const CLOSE = fixed(")");
const COMMA = fixed(",");

/** Token records one outermost macro call may read or make; beyond it is a bomb. */
const MAX_STEPS = 12_000_000;
/** Macro calls within arguments of macro calls; each needs a few frames of our own stack. */
const MAX_NESTING = 400;

/** The file under the expansion. */
export interface TokenSource {
  /** Puts the next token of the file (or of the directive's line) into `to`; K_EOF at its end, which is not consumed. */
  pull(to: Expander): void;
  /** Steps back before the token pulled last. */
  unpull(): void;
  /** Expands a built-in macro, by pushing tokens; false to leave the name alone. */
  builtin(to: Expander, macro: Macro): boolean;
  report(severity: "error" | "warning", code: string, message: string, loc: number): void;
}

/** Slots per collected argument: first, end of its tokens; first, end of them expanded (-1: not yet); atom of its string. */
const ARG = 5;

export class Expander extends MacroTable {
  /** Set to be told the way of each token; those of a replacement list then have the number of their origin in `s`. */
  origins: Origins | undefined;

  /** The current token: kind and flags, value, location of its spelling. */
  kf = 0;
  v = 0;
  s = 0;

  /** Names read while this is positive are not expanded. */
  prevent = 0;
  /** 1: looking for a macro's "(", 2: collecting its arguments. */
  parsing: 0 | 1 | 2 = 0;
  /** Within a directive; padding is left out. */
  inDirective = false;
  /** Place of the outermost macro name. */
  callLoc = 0;
  /** What __LINE__ counts as its place: the outermost macro name, or within arguments the outermost in the argument. */
  point = 0;
  /** A bomb went off: everything reads as ended until the outermost call is left. */
  dead = false;

  private depth = 0;
  private ctxBuf: Int32Array[] = [];
  private ctxPos = new Int32Array(256);
  private ctxEnd = new Int32Array(256);
  private ctxMacro = new Int32Array(256);
  private arenaTop = 0;
  private loose = new Int32Array(1 << 12);
  private looseTop = 0;
  private args = new Int32Array(1 << 12);
  private argTop = 0;
  private steps = 0;
  private nesting = 0;
  /** Depth of the argument being expanded on its own; 0 outside arguments. */
  private wall = 0;
  private tracking = false;
  private readonly operators: Operators;

  constructor(
    private readonly source: TokenSource,
    { atoms, macros, operators }: PpCache,
  ) {
    super(atoms, macros);
    this.operators = operators;
  }

  get contexts(): number {
    return this.depth;
  }
  /** Begins the expansion of the outermost macro name: nothing of an earlier one is needed any more. */
  begin(name: number, loc: number): void {
    // gcc: where the outermost macro has no parameters, all that comes of it is on its line.
    this.tracking = this.macro(name)?.kind === "function";
    this.callLoc = loc;
    this.point = loc;
    this.steps = 0;
    this.arenaTop = 0;
    this.looseTop = 0;
    this.argTop = 0;
    this.dead = false;
  }
  /** A place to return to with `release`, for expansions in the middle of another (a directive within arguments). */
  mark(): number {
    return this.arenaTop;
  }
  release(mark: number): void {
    this.arenaTop = mark;
  }
  /** After a bomb: forgets every list being read. */
  abandon(): void {
    while (this.depth > 0) this.pop();
    this.dead = false;
    this.steps = 0;
  }

  private bomb(message: string): void {
    if (!this.dead) this.source.report("error", "pp-expansion-limit", message, this.callLoc);
    this.dead = true;
  }

  private reserve(records: number): void {
    const needed = this.arenaTop + records * STRIDE;
    if (needed <= this.arena.length) return;
    if (needed > MAX_STEPS * STRIDE) {
      this.bomb("macro expansion is too large");
      return;
    }
    const grown = new Int32Array(Math.max(needed, this.arena.length * 2));
    grown.set(this.arena);
    // Lists being read keep the old array, whose contents stay true.
    this.arena = grown;
  }
  private put(kf: number, v: number, s: number): void {
    if (this.arenaTop + STRIDE > this.arena.length) {
      this.reserve(1);
      if (this.dead) return;
    }
    const top = this.arenaTop;
    this.arena[top] = kf;
    this.arena[top + 1] = v;
    this.arena[top + 2] = s;
    this.arenaTop = top + STRIDE;
  }

  private push(buf: Int32Array, from: number, to: number, macro: number): void {
    const d = this.depth;
    if (d === this.ctxPos.length) {
      const wider = (old: Int32Array): Int32Array<ArrayBuffer> => {
        const grown = new Int32Array(old.length * 2);
        grown.set(old);
        return grown;
      };
      this.ctxPos = wider(this.ctxPos);
      this.ctxEnd = wider(this.ctxEnd);
      this.ctxMacro = wider(this.ctxMacro);
    }
    this.ctxBuf[d] = buf;
    this.ctxPos[d] = from;
    this.ctxEnd[d] = to;
    this.ctxMacro[d] = macro;
    this.depth = d + 1;
    // Also counts expansions to nothing.
    this.steps += 1 + ((to - from) >> 1);
    if (this.steps > MAX_STEPS) this.bomb("macro expansion does not terminate within its limit");
  }
  private pop(): void {
    const d = --this.depth;
    const macro = this.ctxMacro[d] ?? 0;
    if (macro !== 0) this.disabled[macro] = 0;
  }
  /** Pushes one token to be read next. These lie apart, since an argument may just be piling up in the arena. */
  pushToken(kf: number, v: number, s: number): void {
    const from = this.looseTop;
    if (from + STRIDE > this.loose.length) {
      const grown = new Int32Array(this.loose.length * 2);
      grown.set(this.loose);
      this.loose = grown;
    }
    this.loose[from] = kf;
    this.loose[from + 1] = v;
    this.loose[from + 2] = s;
    this.looseTop = from + STRIDE;
    this.push(this.loose, from, this.looseTop, 0);
  }
  /** Pushes records to be read next. */
  pushRecords(records: Int32Array): void {
    this.push(records, 0, records.length, 0);
  }

  private unread(): void {
    if (this.depth > 0) this.ctxPos[this.depth - 1] = (this.ctxPos[this.depth - 1] ?? 0) - STRIDE;
    else this.source.unpull();
  }

  /** Reads the next token, macros expanded: into kf/v/s, kind returned. K_PAD where white space matters, K_EOF at an end. */
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
        if (buf === undefined) continue; // never: a list stands at every level below depth
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

  /** Pushes the expansion of the macro `atom`, whose name was just read at `site`; false where it isn't a call. */
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
          this.bomb("macro calls are nested too deeply");
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
        if (++this.steps > MAX_STEPS) this.bomb("macro expansion does not terminate within its limit");
      }
      // Trailing padding falls away; K_EOF is the wall against which the argument is expanded.
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
      // GNU: a lone variable argument that is empty counts as left out, so that `,##` before it goes.
      this.args[base] = -1;
      this.args[base + 1] = -1;
    }
    return true;
  }

  private addArg(first: number, end: number): void {
    if (this.argTop + ARG > this.args.length) {
      const grown = new Int32Array(this.args.length * 2);
      grown.set(this.args);
      this.args = grown;
    }
    const at = this.argTop;
    this.args[at] = first;
    this.args[at + 1] = end;
    this.args[at + 2] = -1;
    this.args[at + 3] = -1;
    this.args[at + 4] = -1;
    this.argTop = at + ARG;
  }

  /** Expands an argument completely on its own (6.10.3.1), once. */
  private expandArg(at: number): void {
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
    // Expanded tokens pile up beside those the expansion itself leaves in the arena, so they are kept aside first.
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
      if (++this.steps > MAX_STEPS) this.bomb("macro expansion does not terminate within its limit");
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
  private readonly spare: number[][] = [];

  /** Pushes the replacement list with the arguments in place of the parameters (gcc's replace_args, step by step). */
  private substitute(macro: Macro, body: Int32Array, base: number): void {
    const paramc = macro.params.length;
    for (let i = 0; i < body.length; i += STRIDE) {
      const kf = body[i] ?? 0;
      if ((kf & K_MASK) !== K_ARG && (kf & K_MASK) !== K_VAOPT) continue;
      const at = base + ((kf & K_MASK) === K_ARG ? (body[i + 1] ?? 0) : paramc - 1) * ARG;
      if ((kf & F_STRINGIFY) !== 0 && (kf & K_MASK) === K_ARG) {
        if ((this.args[at + 4] ?? 0) < 0) this.args[at + 4] = this.operators.stringify(this.arena, this.args[at] ?? 0, this.args[at + 1] ?? 0);
      } else if ((kf & F_PASTE) === 0 && (i === 0 || ((body[i - STRIDE] ?? 0) & F_PASTE) === 0)) this.expandArg(at);
      else if ((kf & K_MASK) === K_VAOPT) this.expandArg(at);
    }
    const out = this.arenaTop;
    /** Where the text of the open __VA_OPT__ begins, or -1. */
    let vaStart = -1;
    /** Its flags: it may be to be made a string. */
    let vaFlags = 0;
    for (let i = 0; i < body.length; i += STRIDE) {
      const kf = body[i] ?? 0;
      const kind = kf & K_MASK;
      const pasteBefore = i > 0 && ((body[i - STRIDE] ?? 0) & F_PASTE) !== 0;
      if (kind !== K_ARG) {
        if (kind === K_VAOPT) {
          const at = base + (paramc - 1) * ARG;
          if (!this.inDirective && i > 0 && !pasteBefore) this.put(K_PAD | F_SOURCE | (kf & F_SPACE), 0, 0);
          vaStart = this.arenaTop;
          vaFlags = kf;
          // Left out with all it holds, up to its end.
          if (this.isBlank(this.args[at + 2] ?? 0, this.args[at + 3] ?? 0)) i = (body[i + 1] ?? 0) * STRIDE - STRIDE;
          continue;
        }
        if (kind === K_VAEND) {
          while (this.arenaTop > vaStart && ((this.arena[this.arenaTop - STRIDE] ?? 0) & K_MASK) === K_PAD) this.arenaTop -= STRIDE;
          if ((vaFlags & F_STRINGIFY) !== 0) {
            const text = this.operators.stringify(this.arena, vaStart, this.arenaTop);
            this.arenaTop = vaStart;
            this.put(K_STRING | (vaFlags & F_SPACE), text, body[i + 2] ?? 0);
          }
          const empty = this.arenaTop === vaStart;
          const last = this.arenaTop - STRIDE;
          vaStart = -1;
          // What was to be pasted to nothing stays as it is.
          if (empty && last >= out) this.arena[last] = (this.arena[last] ?? 0) & ~F_PASTE;
          if ((kf & F_PASTE) === 0) {
            if (!this.inDirective) this.put(K_PAD, 0, 0);
          } else if (!empty) this.arena[last] = (this.arena[last] ?? 0) | F_PASTE;
          continue;
        }
        this.put(kf, body[i + 1] ?? 0, body[i + 2] ?? 0);
        continue;
      }
      const at = base + (body[i + 1] ?? 0) * ARG;
      const pasteAfter = (kf & F_PASTE) !== 0;
      let from = 0;
      let to = 0;
      /** Record whose F_PASTE is to follow this parameter's, or -1. */
      let pasteAt = -1;
      const string = (kf & F_STRINGIFY) !== 0;
      if (!string) {
        if (pasteAfter || pasteBefore) {
          from = this.args[at] ?? 0;
          to = this.args[at + 1] ?? 0;
          if (!pasteAfter && pasteBefore && this.arenaTop > out) {
            const last = this.arenaTop - STRIDE;
            const kfLast = this.arena[last] ?? 0;
            if ((kfLast & K_MASK) === K_PUNCT && this.arena[last + 1] === COMMA && macro.variadic && body[i + 1] === paramc - 1) {
              if (from < 0) this.arenaTop = last;
              else pasteAt = last;
            } else if (from === to) pasteAt = last;
          }
          if (from < 0) from = to = 0;
        } else {
          from = this.args[at + 2] ?? 0;
          to = this.args[at + 3] ?? 0;
          if (this.arenaTop === vaStart) while (from < to && ((this.arena[from] ?? 0) & K_MASK) === K_PAD) from += STRIDE;
        }
      }
      if (!this.inDirective && i > 0 && !pasteBefore && this.arenaTop !== vaStart) this.put(K_PAD | F_SOURCE | (kf & F_SPACE), 0, 0);
      if (string) {
        this.put(K_STRING, this.args[at + 4] ?? 0, body[i + 2] ?? 0);
        if (pasteAfter) pasteAt = this.arenaTop - STRIDE;
      } else if (to > from) {
        this.reserve((to - from) / STRIDE);
        if (this.dead) return;
        const { arena } = this;
        let top = this.arenaTop;
        for (let j = from; j < to; j += STRIDE, top += STRIDE) {
          // From here on it is of the macro, not of the file.
          arena[top] = (arena[j] ?? 0) & ~F_FILE;
          arena[top + 1] = arena[j + 1] ?? 0;
          arena[top + 2] = arena[j + 2] ?? 0;
        }
        this.arenaTop = top;
        if (pasteAfter) pasteAt = this.arenaTop - STRIDE;
      }
      if (!this.inDirective && !pasteAfter && this.arenaTop !== vaStart) this.put(K_PAD, 0, 0);
      if (pasteAt >= 0) this.arena[pasteAt] = pasteAfter ? (this.arena[pasteAt] ?? 0) | F_PASTE : (this.arena[pasteAt] ?? 0) & ~F_PASTE;
    }
    if (!this.dead) this.push(this.arena, out, this.arenaTop, macro.name);
  }

  private isBlank(from: number, to: number): boolean {
    for (let i = from; i < to; i += STRIDE) if (((this.arena[i] ?? 0) & K_MASK) !== K_PAD) return false;
    return true;
  }

  /** The current token has F_PASTE: joins it with what follows in its list. True where the result was pushed to be read. */
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
