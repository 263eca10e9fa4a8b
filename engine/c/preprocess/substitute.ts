// Arguments in place of parameters (C11 6.10.3.1 to 6.10.3.3, __VA_OPT__, GNU's `,##`): gcc's replace_args, step by step.
// Does not collect or expand arguments.
import type { Atoms } from "../lex/index.js";
import type { Macro, Macros } from "./macro.js";
import type { Operators } from "./operators.js";
import { type Reporter, TokenLists } from "./token-lists.js";
import * as T from "../lex/index.js";

const { F_FILE, F_PASTE, F_SOURCE, F_SPACE, F_STRINGIFY, K_ARG, K_MASK, K_PAD, K_PUNCT, K_STRING, K_VAEND, K_VAOPT, STRIDE } = T;

const COMMA = T.fixed(",");

/** Slots per collected argument: first and end of its tokens; first and end of its expanded tokens (-1: not yet expanded); atom of its string (-1: none yet). */
const ARG = 5;

/** The tables that expansions of all translation units share; PpCache has them. */
export interface ExpansionTables {
  readonly atoms: Atoms;
  readonly macros: Macros;
  readonly operators: Operators;
}

export abstract class Substitution extends TokenLists {
  /** Within a directive, which needs no padding. */
  inDirective = false;
  /** Collected arguments of the calls being expanded, ARG slots each. */
  protected args = new Int32Array(1 << 12);
  protected argTop = 0;
  protected readonly operators: Operators;

  constructor(reporter: Reporter, { atoms, macros, operators }: ExpansionTables) {
    super(reporter, atoms, macros);
    this.operators = operators;
  }

  /** Expands the argument whose slots begin at `at`, once. */
  protected abstract expandArg(at: number): void;

  protected addArg(first: number, end: number): void {
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

  /** Pushes the replacement list with the arguments in place of the parameters. */
  protected substitute(macro: Macro, body: Int32Array, base: number): void {
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
    /** Arena index where the text of the open __VA_OPT__ begins, or -1. */
    let vaStart = -1;
    /** Flags of the open __VA_OPT__. */
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
          // Skip it and its contents.
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
          // A token pasted to nothing is unchanged.
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
      /** Record that gets the F_PASTE of this parameter, or -1. */
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
          // From here on the token belongs to the macro, not to the file.
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
}
