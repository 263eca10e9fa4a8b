// Plays the visible part of the run: the cursor moves with the screen's frames or, with reduced motion, from event to event.
// Must not depend on what is drawn.

import type { Viewport, Warp } from "../marks/index.js";

/** The time in which the visible part plays, in ms. */
const playTime = 8_000;
/** The time between two events with reduced motion, in ms. */
const stepTime = 600;

export interface Playable {
  readonly warp: Warp | undefined;
  readonly viewport: Viewport;
  readonly cursor: { readonly t: number };
  /** Whether any event follows the cursor. */
  readonly hasNext: boolean;
  go(t: number): void;
  step(direction: 1 | -1): void;
}

export class Playback {
  readonly #plot: Playable;
  readonly #onChange: () => void;
  #timer: number | undefined;

  constructor(plot: Playable, onChange: () => void) {
    this.#plot = plot;
    this.#onChange = onChange;
  }

  get playing(): boolean {
    return this.#timer !== undefined;
  }

  toggle(): void {
    if (this.playing) {
      this.stop();
      return;
    }
    const plot = this.#plot;
    const { warp } = plot;
    if (warp === undefined) return;
    if (plot.cursor.t >= warp.end) plot.go(warp.start);
    const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let last = performance.now();
    const tick = (now: number): void => {
      if (!this.playing) return;
      if (reduced) plot.step(1);
      else plot.go(warp.toTime(warp.toUnit(plot.cursor.t) + ((now - last) / playTime) * (plot.viewport.to - plot.viewport.from)));
      last = now;
      if (plot.cursor.t >= warp.end || (reduced && !plot.hasNext)) this.stop();
      else this.#timer = reduced ? window.setTimeout(() => tick(performance.now()), stepTime) : requestAnimationFrame(tick);
    };
    this.#timer = requestAnimationFrame(tick);
    this.#onChange();
  }

  stop(): void {
    if (this.#timer === undefined) return;
    cancelAnimationFrame(this.#timer);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#onChange();
  }
}
