// The drawing: the visible part of the run, the cursor and what is chosen, drawn again when any of them changes.
// What a key or the pointer does is input.ts; what a cursor means to the editor is the page's.

import type { VariantName, VariantResult } from "../../engine/protocol.js";
import { counted, h, keep, moment, onThemeChange, readPalette, recall, t, variantTitle } from "../base/index.js";
import { firstAfter, follow, fullView, type Mark, pan, type Scale, scaleOf, type Viewport, type Warp, zoom } from "../marks/index.js";
import type { Hit } from "./brush.js";
import { hitAt, operationAt } from "./hits.js";
import { type OperationRequest, type Plot, PlotInput } from "./input.js";
import { type Layout, layoutOf } from "./layout.js";
import { type Cursor, type Model, nextStop, previousStop, stopOfThread, tableStateAt } from "./model.js";
import { operationWords, type Stepped, steppedWords } from "./operations.js";
import { type Extras, type OperationHit, paintCursor, type Range } from "./overlay.js";
import { paint } from "./paint.js";
import { Playback } from "./playback.js";
import type { Match } from "./search.js";

/** A step to an operation nearer than this, in px, zooms in until it is `goodStep` wide. */
const leastStep = 6;
const goodStep = 24;

export interface ViewEvents {
  /** The cursor moved, by input or by playback. */
  readonly moved: (cursor: Cursor) => void;
  readonly playing: () => void;
  /** Another range of time was chosen. */
  readonly ranged: () => void;
  /** A step ended at this mark: the editor may follow. */
  readonly stopped: (mark: Mark | undefined) => void;
  readonly operation: (request: OperationRequest) => void;
}
export class TimelineView implements Plot {
  readonly element: HTMLElement;
  readonly #base = h("canvas", { "aria-hidden": "true" });
  readonly #top = h("canvas", { "aria-hidden": "true" });
  readonly #events: ViewEvents;
  readonly #playback: Playback;
  #model: Model | undefined;
  #palette = readPalette();
  #viewport: Viewport = { from: recall<number>("from", 0), to: recall<number>("to", 1) };
  #even = recall<boolean>("even", true);
  #cursor: Cursor = { t: 0, variant: "before" };
  #layout: Layout | undefined;
  #hits: readonly Hit[] = [];
  #hover: Hit | undefined;
  #frame: number | undefined;
  #baseDirty = true;
  #range: Range | undefined;
  #matches: readonly Match[] = [];
  #thread: number | undefined;
  #stepped: Stepped | undefined;
  #operationHits: readonly OperationHit[] = [];

  constructor(events: ViewEvents) {
    this.#events = events;
    this.#playback = new Playback(this, events.playing);
    this.element = h(
      "div",
      {
        class: "plot",
        tabindex: "0",
        role: "slider",
        "aria-label": t("Position in virtual time"),
        "aria-description": t(
          "Left and Right move by event, J and K by event of one thread. Comma and Period move by operation, with Shift within one thread. Plus and Minus zoom, brackets select a range, Space plays, Enter shows the source line.",
        ),
      },
      this.#base,
      this.#top,
    );
    new ResizeObserver(() => this.#invalidate()).observe(this.element);
    onThemeChange(() => {
      this.#palette = readPalette();
      this.#invalidate();
    });
    new PlotInput(this);
  }

  get even(): boolean {
    return this.#even;
  }
  get playing(): boolean {
    return this.#playback.playing;
  }
  get range(): Range | undefined {
    return this.#range;
  }
  get cursor(): Cursor {
    return this.#cursor;
  }
  get viewport(): Viewport {
    return this.#viewport;
  }
  get layout(): Layout | undefined {
    return this.#layout;
  }
  get warp(): Warp | undefined {
    return this.#even ? this.#model?.activity : this.#model?.linear;
  }
  get alone(): boolean {
    return this.#model?.variants.length === 1;
  }
  get hasNext(): boolean {
    return this.#model !== undefined && nextStop(this.#model, this.#cursor.t) !== undefined;
  }

  setMatches(matches: readonly Match[]): void {
    this.#matches = matches;
    this.#request();
  }

  setRange(range: Range | undefined): void {
    this.#range = range;
    this.#events.ranged();
    this.#request();
  }

  /** The thread whose events or operations are at the cursor. */
  get thread(): number | undefined {
    return this.#thread ?? this.markAtCursor()?.thread;
  }

  /** Shows operations, with the cursor on the current operation, close enough to see the step. Undefined: clears them. */
  setStepped(stepped: Stepped | undefined): void {
    this.#stepped = stepped;
    const warp = this.warp;
    if (stepped === undefined || warp === undefined) {
      this.#request();
      return;
    }
    const { t: to } = stepped.stop;
    const gap = Math.abs(warp.toUnit(to) - warp.toUnit(this.#cursor.t));
    const width = this.#viewport.to - this.#viewport.from;
    const pixels = (gap / width) * (this.#layout?.plot ?? 1);
    if (gap > 0 && pixels < leastStep) this.setViewport(zoom(this.#viewport, pixels / goodStep, warp.toUnit(to)));
    this.go(to, stepped.variant);
    this.#thread = stepped.stop.thread;
  }

  show(model: Model, fresh: boolean): void {
    this.#model = model;
    if (fresh) this.setViewport(this.#story());
    this.#invalidate();
  }

  setCursor(cursor: Cursor): void {
    this.#cursor = cursor;
    this.#describe();
    this.#request();
  }

  setEven(even: boolean): void {
    const before = this.warp;
    const center = before?.toTime((this.#viewport.from + this.#viewport.to) / 2) ?? 0;
    const all = this.#viewport.to - this.#viewport.from > 0.7;
    this.#even = even;
    keep("even", even);
    const width = this.#viewport.to - this.#viewport.from;
    // A view of the whole story still shows all of it; closer up, the same moment stays in the middle.
    if (all) this.setViewport(this.#story());
    else if (this.warp !== undefined) this.setViewport(pan(this.#viewport, (this.warp.toUnit(center) - (this.#viewport.from + this.#viewport.to) / 2) / width));
    this.#invalidate();
  }

  zoomBy(factor: number): void {
    const unit = this.warp?.toUnit(this.#cursor.t) ?? 0.5;
    const inside = unit >= this.#viewport.from && unit <= this.#viewport.to;
    this.setViewport(zoom(this.#viewport, factor, inside ? unit : (this.#viewport.from + this.#viewport.to) / 2));
  }

  /** Shows the story or, if it is shown already, everything from boot. */
  fit(): void {
    const story = this.#story();
    this.setViewport(this.#viewport.from === story.from && this.#viewport.to === story.to ? fullView : story);
  }

  step(direction: 1 | -1): void {
    const model = this.#model;
    if (model === undefined) return;
    const to = direction === 1 ? nextStop(model, this.#cursor.t) : previousStop(model, this.#cursor.t);
    if (to === undefined) return;
    this.go(to);
    const mark = this.markAtCursor();
    this.#thread = mark?.thread;
    this.#events.stopped(mark?.t === to ? mark : undefined);
  }

  /** Moves to the next or previous event of the thread at the cursor. */
  stepThread(direction: 1 | -1): void {
    const variant = this.#model?.variants.find(({ name }) => name === this.#cursor.variant);
    const thread = this.#thread ?? this.markAtCursor()?.thread;
    if (variant === undefined || thread === undefined) return;
    const to = stopOfThread(variant, thread, this.#cursor.t, direction);
    if (to === undefined) return;
    this.go(to);
    this.#thread = thread;
    for (const mark of variant.marks.within(to, to)) if (mark.thread === thread) this.#events.stopped(mark);
  }

  togglePlay(): void {
    this.#playback.toggle();
  }

  stopPlay(): void {
    this.#playback.stop();
  }

  requestOperation(request: OperationRequest): void {
    this.#events.operation(request);
  }

  setHover(hit: Hit | undefined): void {
    if (hit === this.#hover) return;
    this.#hover = hit;
    this.#request();
  }

  hitAt(x: number, y: number): Hit | undefined {
    return hitAt(this.#hits, x, y);
  }

  operationAt(x: number, y: number): OperationHit | undefined {
    return operationAt(this.#operationHits, x, y);
  }

  hitOf({ x, y, height, variant, operation }: OperationHit): Hit {
    return { x: x - 2, y, width: 4, height, variant, label: () => operationWords(operation, this.#resultOf(variant)), t: operation.t };
  }

  #resultOf(variant: VariantName): VariantResult | undefined {
    return this.#model?.variants.find(({ name }) => name === variant)?.result;
  }

  get #scale(): Scale | undefined {
    return this.warp === undefined || this.#layout === undefined ? undefined : scaleOf(this.warp, this.#viewport, this.#layout.plot);
  }

  /** Everything but the boot before the first buffer is mapped. */
  #story(): Viewport {
    const warp = this.warp;
    if (warp === undefined || this.#model === undefined) return fullView;
    const from = warp.toUnit(this.#model.first);
    return { from: Math.max(0, from - (1 - from) * 0.02), to: 1 };
  }

  setViewport(view: Viewport): void {
    if (view.from === this.#viewport.from && view.to === this.#viewport.to) return;
    this.#viewport = view;
    keep("from", view.from);
    keep("to", view.to);
    this.#invalidate();
  }

  /** Moves the cursor, keeps it in sight, and reports it. */
  go(to: number, variant: VariantName = this.#cursor.variant): void {
    const warp = this.warp;
    if (warp === undefined) return;
    const within = Math.min(warp.end, Math.max(warp.start, to));
    const view = follow(this.#viewport, warp.toUnit(within));
    if (view !== this.#viewport) this.setViewport(view);
    this.setCursor({ t: within, variant });
    this.#events.moved(this.#cursor);
  }

  #invalidate(): void {
    this.#baseDirty = true;
    this.#request();
  }

  #request(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #draw(): void {
    const model = this.#model;
    const { clientWidth, clientHeight } = this.element;
    if (model === undefined || clientWidth === 0) return;
    if (this.#baseDirty) this.#layout = layoutOf(model, clientWidth, clientHeight);
    const layout = this.#layout;
    const scale = this.#scale;
    if (layout === undefined || scale === undefined) return;
    if (this.#baseDirty) {
      const ctx = sized(this.#base, layout);
      if (ctx !== null) this.#hits = paint(ctx, model, layout, scale, this.#palette);
      this.#baseDirty = false;
    }
    const ctx = sized(this.#top, layout);
    if (ctx !== null)
      this.#operationHits = paintCursor(ctx, model, layout, scale, this.#palette, this.#cursor.t, this.#cursor.variant, this.#hover, this.#extras(model));
  }

  #extras(model: Model): Extras {
    return { range: this.#range, matches: this.#matches, story: storyAt(model, this.#cursor), stepped: this.#stepped };
  }

  /** Describes the cursor for a screen reader. */
  #describe(): void {
    const model = this.#model;
    const warp = this.warp;
    if (model === undefined || warp === undefined) return;
    const states = model.variants.map(
      (variant) => `${variantTitle(variant.name, model.variants.length === 1)}: ${t("{0} mapped", tableStateAt(variant, this.#cursor.t).mapped)}`,
    );
    const here =
      this.#stepped?.stop.t === this.#cursor.t && this.#stepped.variant === this.#cursor.variant
        ? [steppedWords(this.#stepped, this.#resultOf(this.#stepped.variant))]
        : [];
    for (const { marks } of model.variants)
      for (const mark of marks.within(this.#cursor.t, this.#cursor.t)) {
        if (here.length >= 3) break;
        here.push(mark.label);
      }
    this.element.setAttribute("aria-valuemin", String(Math.round(warp.start)));
    this.element.setAttribute("aria-valuemax", String(Math.round(warp.end)));
    this.element.setAttribute("aria-valuenow", String(Math.round(this.#cursor.t)));
    this.element.setAttribute("aria-valuetext", [moment(this.#cursor.t), ...states, ...here].join(", "));
  }

  /** The last mark with a line at or before the cursor, in the cursor's variant. */
  markAtCursor(): Mark | undefined {
    const variant = this.#model?.variants.find(({ name }) => name === this.#cursor.variant);
    if (variant === undefined) return undefined;
    const { marks } = variant;
    for (let i = firstAfter(marks.times, this.#cursor.t) - 1; i >= 0; i--) {
      const mark = marks.at(i);
      if (mark?.site !== undefined) return mark;
    }
    return undefined;
  }
}

/** The story of the finding at the cursor, else of the worst finding whose witness is the run that is drawn. */
function storyAt(model: Model, cursor: Cursor): Extras["story"] {
  const variant = model.variants.find(({ name }) => name === cursor.variant);
  if (variant === undefined) return undefined;
  const withStory = variant.result.findings.filter(({ story, witness }) => story !== undefined && witness === variant.result.witness);
  const finding = withStory.find((f) => f.t === cursor.t) ?? withStory.find(({ severity }) => severity === "oops") ?? withStory[0];
  return finding?.story === undefined ? undefined : { variant: cursor.variant, story: finding.story };
}

function sized(canvas: HTMLCanvasElement, { width, height }: Layout): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  const [w, hh] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== hh) {
    canvas.width = w;
    canvas.height = hh;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const ctx = canvas.getContext("2d");
  ctx?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}

export function tableStateWords(model: Model, cursor: Cursor): readonly { readonly variant: VariantName; readonly words: string }[] {
  return model.variants.map((variant) => {
    const { mapped, bits } = tableStateAt(variant, cursor.t);
    return { variant: variant.name, words: bits === mapped ? t("{0} mapped", mapped) : counted(bits, "{1} mapped, {0} bit", "{1} mapped, {0} bits", mapped) };
  });
}
