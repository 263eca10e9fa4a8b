// Seeded pseudo-random numbers, the same on every platform (xorshift32).

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed | 0, 0x9e3779b1) ^ 0x2545f491;
    if (this.state === 0) this.state = 1;
  }
  /** For a snapshot. */
  save(): number {
    return this.state;
  }
  restore(state: number): void {
    this.state = state;
  }
  /** 0 .. n-1; n from 1 to 2^32. */
  below(n: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (x >>> 0) % n;
  }
}
