// Where preprocessed tokens pile up: growing typed arrays that end as a TokenStream. Knows nothing of macros.
import type { TokenStream } from "./tokens.js";

export class TokenOutput {
  length = 0;
  private kind: Uint8Array;
  private value: Int32Array;
  private loc: Int32Array;
  private spell: Int32Array;

  constructor(private capacity = 1 << 17) {
    this.kind = new Uint8Array(capacity);
    this.value = new Int32Array(capacity);
    this.loc = new Int32Array(capacity);
    this.spell = new Int32Array(capacity);
  }

  push(kind: number, value: number, loc: number, spell: number): void {
    const at = this.length;
    if (at === this.capacity) this.grow();
    this.kind[at] = kind;
    this.value[at] = value;
    this.loc[at] = loc;
    this.spell[at] = spell;
    this.length = at + 1;
  }

  private grow(): void {
    this.capacity *= 2;
    const wider = (old: Int32Array): Int32Array => {
      const grown = new Int32Array(this.capacity);
      grown.set(old);
      return grown;
    };
    const kind = new Uint8Array(this.capacity);
    kind.set(this.kind);
    this.kind = kind;
    this.value = wider(this.value);
    this.loc = wider(this.loc);
    this.spell = wider(this.spell);
  }

  stream(): TokenStream {
    const { length } = this;
    return {
      length,
      kind: this.kind.slice(0, length),
      value: this.value.slice(0, length),
      loc: this.loc.slice(0, length),
      spell: this.spell.slice(0, length),
    };
  }
}
