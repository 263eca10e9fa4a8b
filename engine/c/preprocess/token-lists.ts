// The stack of token lists that macro expansion reads, and the arena in which new lists are built: growing typed arrays of
// token records. Expands nothing.
import type { Atoms } from "../lex/index.js";
import type { Macros } from "./macro.js";
import { MacroTable } from "./macro-table.js";
import * as T from "../lex/index.js";

// A local copy: module loaders that isolate modules read an imported name through a getter every time.
const { STRIDE } = T;

/** Token records that one outermost macro call may read or build. */
const MAX_STEPS = 12_000_000;

export interface Reporter {
  report(severity: "error" | "warning", code: string, message: string, loc: number): void;
}

export class TokenLists extends MacroTable {
  /** Location of the outermost macro name. */
  callLoc = 0;
  /** An expansion exceeded a limit: everything reads as ended until the outermost call is left. */
  dead = false;

  /** Number of lists being read. */
  protected depth = 0;
  protected ctxBuf: Int32Array[] = [];
  protected ctxPos = new Int32Array(256);
  protected ctxEnd = new Int32Array(256);
  /** Name of the macro whose expansion the list is, or 0. */
  private ctxMacro = new Int32Array(256);
  protected arenaTop = 0;
  private loose = new Int32Array(1 << 12);
  private looseTop = 0;
  private steps = 0;

  constructor(
    private readonly reporter: Reporter,
    atoms: Atoms,
    macros: Macros,
  ) {
    super(atoms, macros);
  }

  get contexts(): number {
    return this.depth;
  }
  /** Forgets what the previous outermost call left. */
  protected reset(): void {
    this.steps = 0;
    this.arenaTop = 0;
    this.looseTop = 0;
    this.dead = false;
  }
  /** The arena's top, to be restored with `release` after an expansion within another (a directive within arguments). */
  mark(): number {
    return this.arenaTop;
  }
  release(mark: number): void {
    this.arenaTop = mark;
  }
  /** Forgets every list being read, after an overrun. */
  abandon(): void {
    while (this.depth > 0) this.pop();
    this.dead = false;
    this.steps = 0;
  }

  protected overrun(message: string): void {
    if (!this.dead) this.reporter.report("error", "pp-expansion-limit", message, this.callLoc);
    this.dead = true;
  }

  protected countSteps(steps: number): void {
    this.steps += steps;
    if (this.steps > MAX_STEPS) this.overrun("macro expansion does not terminate within its limit");
  }

  protected reserve(records: number): void {
    const needed = this.arenaTop + records * STRIDE;
    if (needed <= this.arena.length) return;
    if (needed > MAX_STEPS * STRIDE) {
      this.overrun("macro expansion is too large");
      return;
    }
    const grown = new Int32Array(Math.max(needed, this.arena.length * 2));
    grown.set(this.arena);
    // Lists being read keep the old array, whose contents stay valid.
    this.arena = grown;
  }
  protected put(kf: number, v: number, s: number): void {
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

  protected push(buf: Int32Array, from: number, to: number, macro: number): void {
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
    this.countSteps(1 + ((to - from) >> 1));
  }
  protected pop(): void {
    const d = --this.depth;
    const macro = this.ctxMacro[d] ?? 0;
    if (macro !== 0) this.disabled[macro] = 0;
  }
  /** Pushes one token to be read next. It is not in the arena, where an argument may be under construction. */
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
}
