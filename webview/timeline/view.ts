// The drawing and the hand: zoom, pan, scrub, hover, click, keys. Keeps the visible part and the cursor, draws when
// either changes, and says where the cursor went; what that means to others is not its business.

import type { DebugOperation, VariantName, VariantResult } from "../../engine/protocol.js";
import { baseName, counted, h, keep, moment, onThemeChange, post, readPalette, recall, t, variantTitle } from "../base/index.js";
import { firstAfter, follow, type Mark, pan, type Scale, scaleOf, type Viewport, type Warp, whole, zoom } from "../marks/index.js";
import { type Layout, layoutOf, variantAt } from "./layout.js";
import type { Hit } from "./brush.js";
import { hitAt, operationAt } from "./hits.js";
import { figuresAt, type Model, nextStop, previousStop, stopOfThread } from "./model.js";
import { operationWords, type Stepped, steppedWords } from "./operations.js";
import { type Extras, type OperationHit, paintCursor, type Range } from "./overlay.js";
import { paint } from "./paint.js";
import type { Match } from "./search.js";

export interface Cursor {
  readonly t: number;
  readonly variant: VariantName;
}

/** How long the whole visible part takes to play, in ms. */
const playTime = 8_000;
/** A step to an operation nearer than this, in px, zooms in until it is so wide. */
const leastStep = 6;
const goodStep = 24;
/** With reduced motion, play steps from event to event instead. */
const stepTime = 600;

/** The next visible operation, or one that is shown. */
export type OperationWish = { readonly step: 1 | -1; readonly sameThread: boolean } | { readonly variant: VariantName; readonly operation: DebugOperation };

export class TimelineView {
  readonly element: HTMLElement;
  readonly #base = h("canvas", { "aria-hidden": "true" });
  readonly #top = h("canvas", { "aria-hidden": "true" });
  readonly #tip = h("div", { class: "tip", role: "tooltip", hidden: true });
  readonly #moved: (cursor: Cursor) => void;
  readonly #playing: (playing: boolean) => void;
  #model: Model | undefined;
  #palette = readPalette();
  #view: Viewport = { from: recall<number>("from", 0), to: recall<number>("to", 1) };
  #even = recall<boolean>("even", true);
  #cursor: Cursor = { t: 0, variant: "before" };
  #layout: Layout | undefined;
  #hits: readonly Hit[] = [];
  #hover: Hit | undefined;
  #frame: number | undefined;
  #baseDirty = true;
  #play: { timer: number } | undefined;
  #range: Range | undefined;
  #rangeStart: number | undefined;
  #matches: readonly Match[] = [];
  #thread: number | undefined;
  readonly #ranged: (range: Range | undefined) => void;
  readonly #stopped: (mark: Mark | undefined) => void;
  readonly #operation: (wish: OperationWish) => void;
  #stepped: Stepped | undefined;
  #operationHits: readonly OperationHit[] = [];

  /**
   * @param moved the cursor moved, by whatever hand
   * @param ranged another stretch of time is chosen
   * @param stopped a step ended at this mark: the editor may follow
   * @param operation a visible operation is wanted
   */
  constructor(
    moved: (cursor: Cursor) => void,
    playing: (playing: boolean) => void,
    ranged: (range: Range | undefined) => void,
    stopped: (mark: Mark | undefined) => void,
    operation: (wish: OperationWish) => void,
  ) {
    this.#operation = operation;
    this.#moved = moved;
    this.#playing = playing;
    this.#ranged = ranged;
    this.#stopped = stopped;
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
      this.#tip,
    );
    new ResizeObserver(() => this.#invalidate()).observe(this.element);
    onThemeChange(() => {
      this.#palette = readPalette();
      this.#invalidate();
    });
    this.#listen();
  }

  get even(): boolean {
    return this.#even;
  }
  get playing(): boolean {
    return this.#play !== undefined;
  }
  get range(): Range | undefined {
    return this.#range;
  }

  setMatches(matches: readonly Match[]): void {
    this.#matches = matches;
    this.#request();
  }

  setRange(range: Range | undefined): void {
    this.#range = range;
    this.#ranged(range);
    this.#request();
  }

  /** Brings a moment in sight with the cursor on it. */
  goTo(moment: number, variant: VariantName): void {
    this.#go(moment, variant);
  }

  /** The thread whose events or operations are at the cursor. */
  get thread(): number | undefined {
    return this.#thread ?? this.#markAtCursor()?.thread;
  }

  /** Shows operations with the cursor on the one stepped to, close enough to see the step. Undefined: they are of another run. */
  setStepped(stepped: Stepped | undefined): void {
    this.#stepped = stepped;
    const warp = this.#warp;
    if (stepped === undefined || warp === undefined) {
      this.#request();
      return;
    }
    const { t: to } = stepped.stop;
    const gap = Math.abs(warp.toUnit(to) - warp.toUnit(this.#cursor.t));
    const width = this.#view.to - this.#view.from;
    const pixels = (gap / width) * (this.#layout?.plot ?? 1);
    if (gap > 0 && pixels < leastStep) this.#setView(zoom(this.#view, pixels / goodStep, warp.toUnit(to)));
    this.#go(to, stepped.variant);
    this.#thread = stepped.stop.thread;
  }

  show(model: Model, fresh: boolean): void {
    this.#model = model;
    if (fresh) this.#setView(this.#story());
    this.#invalidate();
  }

  setCursor(cursor: Cursor): void {
    this.#cursor = cursor;
    this.#describe();
    this.#request();
  }

  setEven(even: boolean): void {
    const before = this.#warp;
    const center = before?.toTime((this.#view.from + this.#view.to) / 2) ?? 0;
    const all = this.#view.to - this.#view.from > 0.7;
    this.#even = even;
    keep("even", even);
    const width = this.#view.to - this.#view.from;
    // The story stays the story; closer up, the same moment stays in the middle.
    if (all) this.#setView(this.#story());
    else if (this.#warp !== undefined) this.#setView(pan(this.#view, (this.#warp.toUnit(center) - (this.#view.from + this.#view.to) / 2) / width));
    this.#invalidate();
  }

  zoomBy(factor: number): void {
    const unit = this.#warp?.toUnit(this.#cursor.t) ?? 0.5;
    const inside = unit >= this.#view.from && unit <= this.#view.to;
    this.#setView(zoom(this.#view, factor, inside ? unit : (this.#view.from + this.#view.to) / 2));
  }

  /** The story first; asked again, everything from boot. */
  fit(): void {
    const story = this.#story();
    this.#setView(this.#view.from === story.from && this.#view.to === story.to ? whole : story);
  }

  step(direction: 1 | -1): void {
    const model = this.#model;
    if (model === undefined) return;
    const to = direction === 1 ? nextStop(model, this.#cursor.t) : previousStop(model, this.#cursor.t);
    if (to === undefined) return;
    this.#go(to);
    const mark = this.#markAtCursor();
    this.#thread = mark?.thread;
    this.#stopped(mark?.t === to ? mark : undefined);
  }

  /** To the next or previous thing that the thread at the cursor does; the others stand still, as it were. */
  stepThread(direction: 1 | -1): void {
    const variant = this.#model?.variants.find(({ name }) => name === this.#cursor.variant);
    const thread = this.#thread ?? this.#markAtCursor()?.thread;
    if (variant === undefined || thread === undefined) return;
    const to = stopOfThread(variant, thread, this.#cursor.t, direction);
    if (to === undefined) return;
    this.#go(to);
    this.#thread = thread;
    for (const mark of variant.marks.within(to, to)) if (mark.thread === thread) this.#stopped(mark);
  }

  togglePlay(): void {
    if (this.#play !== undefined) {
      this.#stop();
      return;
    }
    const warp = this.#warp;
    if (warp === undefined) return;
    if (this.#cursor.t >= warp.end) this.#go(warp.start);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let last = performance.now();
    const tick = (now: number): void => {
      if (this.#play === undefined) return;
      if (calm) this.step(1);
      else this.#go(warp.toTime(warp.toUnit(this.#cursor.t) + ((now - last) / playTime) * (this.#view.to - this.#view.from)));
      last = now;
      const model = this.#model;
      if (this.#cursor.t >= warp.end || (calm && (model === undefined || nextStop(model, this.#cursor.t) === undefined))) this.#stop();
      else this.#play.timer = calm ? window.setTimeout(() => tick(performance.now()), stepTime) : requestAnimationFrame(tick);
    };
    this.#play = { timer: requestAnimationFrame(tick) };
    this.#playing(true);
  }

  #stop(): void {
    if (this.#play === undefined) return;
    cancelAnimationFrame(this.#play.timer);
    clearTimeout(this.#play.timer);
    this.#play = undefined;
    this.#playing(false);
  }

  get #warp(): Warp | undefined {
    return this.#even ? this.#model?.activity : this.#model?.linear;
  }

  get #scale(): Scale | undefined {
    return this.#warp === undefined || this.#layout === undefined ? undefined : scaleOf(this.#warp, this.#view, this.#layout.plot);
  }

  /** All but what boots before the first buffer is mapped. */
  #story(): Viewport {
    const warp = this.#warp;
    if (warp === undefined || this.#model === undefined) return whole;
    const from = warp.toUnit(this.#model.first);
    return { from: Math.max(0, from - (1 - from) * 0.02), to: 1 };
  }

  #setView(view: Viewport): void {
    if (view.from === this.#view.from && view.to === this.#view.to) return;
    this.#view = view;
    keep("from", view.from);
    keep("to", view.to);
    this.#invalidate();
  }

  /** Moves the cursor, keeps it in sight, and tells. */
  #go(to: number, variant: VariantName = this.#cursor.variant): void {
    const warp = this.#warp;
    if (warp === undefined) return;
    const within = Math.min(warp.end, Math.max(warp.start, to));
    const view = follow(this.#view, warp.toUnit(within));
    if (view !== this.#view) this.#setView(view);
    this.setCursor({ t: within, variant });
    this.#moved(this.#cursor);
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

  /** What a screen reader says of the cursor. */
  #describe(): void {
    const model = this.#model;
    const warp = this.#warp;
    if (model === undefined || warp === undefined) return;
    const figures = model.variants.map(
      (variant) => `${variantTitle(variant.name, model.variants.length === 1)}: ${t("{0} mapped", figuresAt(variant, this.#cursor.t).mapped)}`,
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
    this.element.setAttribute("aria-valuetext", [moment(this.#cursor.t), ...figures, ...here].join(", "));
  }

  #listen(): void {
    const { element } = this;
    element.addEventListener("keydown", (event) => {
      if (this.#key(event)) event.preventDefault();
    });
    element.addEventListener(
      "wheel",
      (event) => {
        const layout = this.#layout;
        if (layout === undefined) return;
        const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
        // A drawing higher than its view scrolls with the plain wheel, as any page does.
        if (!sideways && !event.ctrlKey && !event.altKey && layout.height > element.clientHeight + 1) return;
        event.preventDefault();
        if (sideways) this.#setView(pan(this.#view, (event.deltaX || event.deltaY) / layout.plot));
        else this.#setView(zoom(this.#view, 1.0015 ** event.deltaY, this.#unitAt(this.#point(event).x)));
      },
      { passive: false },
    );
    element.addEventListener("pointermove", (event) => this.#pointerMoved(event));
    element.addEventListener("pointerleave", () => this.#setHover(undefined, 0, 0));
    element.addEventListener("pointerdown", (event) => this.#pressed(event));
    element.addEventListener("dblclick", (event) => this.#setView(zoom(this.#view, 0.25, this.#unitAt(this.#point(event).x))));
  }

  #key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const warp = this.#warp;
    if (warp === undefined) return false;
    const width = this.#view.to - this.#view.from;
    switch (event.key) {
      case "ArrowRight":
      case "ArrowLeft": {
        const direction = event.key === "ArrowRight" ? 1 : -1;
        if (event.shiftKey) this.#setView(pan(this.#view, direction * 0.1));
        else this.step(direction);
        return true;
      }
      case "PageDown":
      case "PageUp":
        this.#go(warp.toTime(warp.toUnit(this.#cursor.t) + (event.key === "PageDown" ? 0.1 : -0.1) * width));
        return true;
      case "ArrowUp":
      case "ArrowDown":
        if ((this.#model?.variants.length ?? 0) > 1) this.#go(this.#cursor.t, event.key === "ArrowUp" ? "before" : "after");
        return true;
      case "Home":
        this.#go(warp.start);
        return true;
      case "End":
        this.#go(warp.end);
        return true;
      case "j":
      case "k":
        this.stepThread(event.key === "k" ? 1 : -1);
        return true;
      case ",":
      case ".":
        this.#operation({ step: event.key === "." ? 1 : -1, sameThread: false });
        return true;
      // The same keys with shift, also where that gives other signs.
      case "<":
      case ">":
      case ";":
      case ":":
        this.#operation({ step: event.key === ">" || event.key === ":" ? 1 : -1, sameThread: true });
        return true;
      case "[":
      case "]": {
        const { t: at } = this.#cursor;
        const other = event.key === "[" ? (this.#range?.to ?? warp.end) : (this.#range?.from ?? warp.start);
        this.setRange({ from: Math.min(at, other), to: Math.max(at, other) });
        return true;
      }
      case "Escape":
        if (this.#range === undefined) return false;
        this.setRange(undefined);
        return true;
      case "z":
        if (this.#range === undefined) return false;
        this.#setView({ from: warp.toUnit(this.#range.from), to: Math.max(warp.toUnit(this.#range.from) + 1e-6, warp.toUnit(this.#range.to)) });
        return true;
      case "+":
      case "=":
        this.zoomBy(0.5);
        return true;
      case "-":
        this.zoomBy(2);
        return true;
      case "0":
        this.fit();
        return true;
      case " ":
        this.togglePlay();
        return true;
      case "Enter": {
        const mark = this.#markAtCursor();
        if (mark !== undefined) revealMark(mark);
        return true;
      }
      default:
        return false;
    }
  }

  /** The last mark with a line at or before the cursor, of the cursor's variant. */
  #markAtCursor(): Mark | undefined {
    const variant = this.#model?.variants.find(({ name }) => name === this.#cursor.variant);
    if (variant === undefined) return undefined;
    const { marks } = variant;
    for (let i = firstAfter(marks.times, this.#cursor.t) - 1; i >= 0; i--) {
      const mark = marks.at(i);
      if (mark?.site !== undefined) return mark;
    }
    return undefined;
  }

  #point(event: MouseEvent): { readonly x: number; readonly y: number } {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top + this.element.scrollTop };
  }

  #unitAt(x: number): number {
    const { left = 0, plot = 1 } = this.#layout ?? {};
    return this.#view.from + (Math.min(plot, Math.max(0, x - left)) / plot) * (this.#view.to - this.#view.from);
  }

  #pointerMoved(event: PointerEvent): void {
    const { x, y } = this.#point(event);
    if (event.buttons & 1 && this.#rangeStart !== undefined) {
      const at = this.#timeAt(x);
      this.setRange({ from: Math.min(at, this.#rangeStart), to: Math.max(at, this.#rangeStart) });
    } else if (event.buttons & 1) this.#scrub(x);
    else this.#setHover(this.#hitAt(x, y), x, y);
  }

  #hitAt(x: number, y: number): Hit | undefined {
    const operation = operationAt(this.#operationHits, x, y);
    return operation === undefined ? hitAt(this.#hits, x, y) : this.#operationHit(operation);
  }

  #operationHit({ x, y, height, variant, operation }: OperationHit): Hit {
    return { x: x - 2, y, width: 4, height, variant, label: () => operationWords(operation, this.#resultOf(variant)), t: operation.t };
  }

  #resultOf(variant: VariantName): VariantResult | undefined {
    return this.#model?.variants.find(({ name }) => name === variant)?.result;
  }

  #pressed(event: PointerEvent): void {
    const layout = this.#layout;
    const { x, y } = this.#point(event);
    if (event.button !== 0 || layout === undefined || x > this.element.clientWidth) return;
    this.#stop();
    this.#rangeStart = event.shiftKey ? this.#timeAt(x) : undefined;
    if (event.shiftKey) {
      this.element.setPointerCapture(event.pointerId);
      return;
    }
    if (this.#range !== undefined) this.setRange(undefined);
    const operation = operationAt(this.#operationHits, x, y);
    if (operation !== undefined) {
      this.#operation(operation);
      return;
    }
    const hit = hitAt(this.#hits, x, y);
    if (hit?.mark !== undefined) {
      this.#go(hit.t, hit.variant);
      revealMark(hit.mark);
      return;
    }
    if (hit?.span?.site !== undefined && hit.span.site.provided !== true)
      post({ type: "reveal", file: hit.span.site.file, line: hit.span.site.line, variant: hit.variant });
    this.element.setPointerCapture(event.pointerId);
    this.#scrub(x, variantAt(layout, y));
  }

  #timeAt(x: number): number {
    return this.#warp?.toTime(this.#unitAt(x)) ?? 0;
  }

  #scrub(x: number, variant?: VariantName): void {
    const warp = this.#warp;
    if (warp !== undefined) this.#go(warp.toTime(this.#unitAt(x)), variant);
  }

  #setHover(hit: Hit | undefined, x: number, y: number): void {
    if (hit !== this.#hover) {
      this.#hover = hit;
      this.#request();
    }
    this.#tip.hidden = hit === undefined;
    this.element.style.cursor = hit?.mark?.site === undefined && hit?.span?.site === undefined ? "default" : "pointer";
    if (hit === undefined) return;
    const site = hit.mark?.site ?? hit.span?.site;
    const alone = this.#model?.variants.length === 1;
    this.#tip.replaceChildren(
      h("div", {}, hit.label()),
      h(
        "div",
        { class: "where" },
        [
          alone ? undefined : variantTitle(hit.variant, false),
          moment(hit.t),
          site === undefined ? undefined : t("{0} at {1}", site.function, `${baseName(site.file)}:${site.line}`),
        ]
          .filter((part) => part !== undefined)
          .join(" · "),
      ),
    );
    const { offsetWidth, offsetHeight } = this.#tip;
    this.#tip.style.left = `${Math.max(2, Math.min(x + 12, this.element.clientWidth - offsetWidth - 4))}px`;
    const below = y + 16;
    const bottom = this.element.scrollTop + this.element.clientHeight;
    this.#tip.style.top = `${below + offsetHeight > bottom ? y - offsetHeight - 8 : below}px`;
  }
}

/** The story of the finding at the cursor, else of the worst one whose witness is the run that is drawn. */
function storyAt(model: Model, cursor: Cursor): Extras["story"] {
  const variant = model.variants.find(({ name }) => name === cursor.variant);
  if (variant === undefined) return undefined;
  const told = variant.result.findings.filter(({ story, witness }) => story !== undefined && witness === variant.result.witness);
  const finding = told.find((one) => one.t === cursor.t) ?? told.find(({ severity }) => severity === "oops") ?? told[0];
  return finding?.story === undefined ? undefined : { variant: cursor.variant, story: finding.story };
}

/** A finding leads to its place in the code under review, which the extension knows; other marks to their own line. */
function revealMark(mark: Mark): void {
  if (mark.finding !== undefined) post({ type: "command", command: "showFinding", args: [mark.variant, String(mark.finding)] });
  else if (mark.site !== undefined) post({ type: "reveal", file: mark.site.file, line: mark.site.line, variant: mark.variant });
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

export function figureWords(model: Model, cursor: Cursor): readonly { readonly variant: VariantName; readonly words: string }[] {
  return model.variants.map((variant) => {
    const { mapped, bits } = figuresAt(variant, cursor.t);
    return { variant: variant.name, words: bits === mapped ? t("{0} mapped", mapped) : counted(bits, "{1} mapped, {0} bit", "{1} mapped, {0} bits", mapped) };
  });
}
