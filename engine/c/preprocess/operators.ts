// The results of the operators # and ## on token records; substitute.ts and expand.ts apply them.
import { type Atoms, fixed, lexText } from "../lex/index.js";
import * as T from "../lex/index.js";

const BACKSLASH = fixed("\\");
export class Operators {
  /** Results of pasting by left atom * 2^26 + right; valid for all translation units, as atoms are. */
  private readonly pastes = new Map<number, number>();

  constructor(private readonly atoms: Atoms) {}

  /** Atom of the string that spells the tokens (6.10.3.2). */
  stringify(records: Int32Array, from: number, to: number): number {
    let text = '"';
    let pad = -1;
    let backslashes = 0;
    for (let i = from; i < to; i += T.STRIDE) {
      const kf = records[i] ?? 0;
      const kind = kf & T.K_MASK;
      if (kind === T.K_PAD) {
        const isSource = (kf & T.F_SOURCE) !== 0;
        if (pad < 0 || ((pad & T.F_SPACE) === 0 && !isSource)) pad = isSource ? kf : -1;
        continue;
      }
      if (text.length > 1 && ((pad < 0 ? kf : pad) & T.F_SPACE) !== 0) text += " ";
      pad = -1;
      const atom = records[i + 1] ?? 0;
      const spelling = this.atoms.text(atom);
      backslashes = atom === BACKSLASH ? backslashes + 1 : 0;
      text += kind === T.K_STRING || kind === T.K_CHAR ? spelling.replace(/[\\"]/g, "\\$&") : spelling;
    }
    // An odd number of backslashes at the end would escape the closing quote.
    if (backslashes % 2 === 1) text = text.slice(0, -1);
    return this.atoms.of(`${text}"`);
  }

  /** Kind + 16 * atom of the single token that both spell together, or -1. */
  paste(left: number, right: number): number {
    const key = left * 0x4000000 + right;
    const known = this.pastes.get(key);
    if (known !== undefined) return known;
    const spelling = this.atoms.text(left) + this.atoms.text(right);
    const lexed = lexText(spelling, this.atoms);
    const value = lexed.value[0] ?? 0;
    const single = lexed.count === 1 && lexed.problems.length === 0 && (this.atoms.text(value) === spelling || ((lexed.kind[0] ?? 0) & T.K_MASK) === T.K_PUNCT);
    const result = single ? ((lexed.kind[0] ?? 0) & T.K_MASK) | (value << 4) : -1;
    this.pastes.set(key, result);
    return result;
  }
}
