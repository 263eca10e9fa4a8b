// Keyboard, wheel and pointer on the drawing: each event becomes an action of the plot, or a message to the editor.
// Must not draw.

import type { DebugOperation, VariantName } from "../../engine/protocol.js";
import { post } from "../base/index.js";
import { type Mark, pan, type Viewport, type Warp, zoom } from "../marks/index.js";
import type { Hit } from "./brush.js";
import { type Layout, variantAt } from "./layout.js";
import type { Cursor } from "./model.js";
import type { OperationHit, Range } from "./overlay.js";
import { Tip } from "./tip.js";

/** The next visible operation, or an operation that is shown. */
export type OperationRequest = { readonly step: 1 | -1; readonly sameThread: boolean } | { readonly variant: VariantName; readonly operation: DebugOperation };

/** What input can read of the drawing and do with it. */
export interface Plot {
  readonly element: HTMLElement;
  readonly warp: Warp | undefined;
  readonly layout: Layout | undefined;
  readonly viewport: Viewport;
  readonly cursor: Cursor;
  readonly range: Range | undefined;
  /** There is no patch. */
  readonly alone: boolean;
  setViewport(viewport: Viewport): void;
  setRange(range: Range | undefined): void;
  setHover(hit: Hit | undefined): void;
  /** Moves the cursor, in the variant given or its own. */
  go(t: number, variant?: VariantName): void;
  step(direction: 1 | -1): void;
  stepThread(direction: 1 | -1): void;
  zoomBy(factor: number): void;
  fit(): void;
  togglePlay(): void;
  stopPlay(): void;
  requestOperation(request: OperationRequest): void;
  /** The last mark with a line at or before the cursor. */
  markAtCursor(): Mark | undefined;
  /** What is drawn at a point: marks and spans, without operations. */
  hitAt(x: number, y: number): Hit | undefined;
  operationAt(x: number, y: number): OperationHit | undefined;
  hitOf(operation: OperationHit): Hit;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export class PlotInput {
  readonly #plot: Plot;
  readonly #tip = new Tip();
  /** Where a range that is being dragged starts, in ns. */
  #rangeStart: number | undefined;

  constructor(plot: Plot) {
    this.#plot = plot;
    const { element } = plot;
    element.append(this.#tip.element);
    element.addEventListener("keydown", (event) => {
      if (onKey(plot, event)) event.preventDefault();
    });
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    element.addEventListener("pointermove", (event) => this.#pointerMoved(event));
    element.addEventListener("pointerleave", () => this.#setHover(undefined, 0, 0));
    element.addEventListener("pointerdown", (event) => this.#pressed(event));
    element.addEventListener("dblclick", (event) => plot.setViewport(zoom(plot.viewport, 0.25, this.#unitAt(this.#point(event).x))));
  }

  #point(event: MouseEvent): Point {
    const { element } = this.#plot;
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top + element.scrollTop };
  }

  #unitAt(x: number): number {
    const { viewport, layout } = this.#plot;
    const { left = 0, plot = 1 } = layout ?? {};
    return viewport.from + (Math.min(plot, Math.max(0, x - left)) / plot) * (viewport.to - viewport.from);
  }

  #timeAt(x: number): number {
    return this.#plot.warp?.toTime(this.#unitAt(x)) ?? 0;
  }

  #scrub(x: number, variant?: VariantName): void {
    const { warp } = this.#plot;
    if (warp !== undefined) this.#plot.go(warp.toTime(this.#unitAt(x)), variant);
  }

  #wheel(event: WheelEvent): void {
    const plot = this.#plot;
    const { layout } = plot;
    if (layout === undefined) return;
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    // A drawing higher than its view scrolls with the plain wheel, as any page does.
    if (!sideways && !event.ctrlKey && !event.altKey && layout.height > plot.element.clientHeight + 1) return;
    event.preventDefault();
    if (sideways) plot.setViewport(pan(plot.viewport, (event.deltaX || event.deltaY) / layout.plot));
    else plot.setViewport(zoom(plot.viewport, 1.0015 ** event.deltaY, this.#unitAt(this.#point(event).x)));
  }

  #pointerMoved(event: PointerEvent): void {
    const plot = this.#plot;
    const { x, y } = this.#point(event);
    if (event.buttons & 1 && this.#rangeStart !== undefined) {
      const at = this.#timeAt(x);
      plot.setRange({ from: Math.min(at, this.#rangeStart), to: Math.max(at, this.#rangeStart) });
    } else if (event.buttons & 1) this.#scrub(x);
    else {
      const operation = plot.operationAt(x, y);
      this.#setHover(operation === undefined ? plot.hitAt(x, y) : plot.hitOf(operation), x, y);
    }
  }

  #pressed(event: PointerEvent): void {
    const plot = this.#plot;
    const { layout, element } = plot;
    const { x, y } = this.#point(event);
    if (event.button !== 0 || layout === undefined || x > element.clientWidth) return;
    plot.stopPlay();
    this.#rangeStart = event.shiftKey ? this.#timeAt(x) : undefined;
    if (event.shiftKey) {
      element.setPointerCapture(event.pointerId);
      return;
    }
    if (plot.range !== undefined) plot.setRange(undefined);
    const operation = plot.operationAt(x, y);
    if (operation !== undefined) {
      plot.requestOperation(operation);
      return;
    }
    const hit = plot.hitAt(x, y);
    if (hit?.mark !== undefined) {
      plot.go(hit.t, hit.variant);
      revealMark(hit.mark);
      return;
    }
    if (hit?.span?.site !== undefined && hit.span.site.provided !== true)
      post({ type: "reveal", file: hit.span.site.file, line: hit.span.site.line, variant: hit.variant });
    element.setPointerCapture(event.pointerId);
    this.#scrub(x, variantAt(layout, y));
  }

  #setHover(hit: Hit | undefined, x: number, y: number): void {
    const plot = this.#plot;
    plot.setHover(hit);
    plot.element.style.cursor = hit?.mark?.site === undefined && hit?.span?.site === undefined ? "default" : "pointer";
    if (hit === undefined) this.#tip.hide();
    else this.#tip.show(hit, x, y, plot.element, plot.alone);
  }
}

/** Whether the key means something here. */
function onKey(plot: Plot, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { warp, cursor, range, viewport } = plot;
  if (warp === undefined) return false;
  switch (event.key) {
    case "ArrowRight":
    case "ArrowLeft": {
      const direction = event.key === "ArrowRight" ? 1 : -1;
      if (event.shiftKey) plot.setViewport(pan(viewport, direction * 0.1));
      else plot.step(direction);
      return true;
    }
    case "PageDown":
    case "PageUp":
      plot.go(warp.toTime(warp.toUnit(cursor.t) + (event.key === "PageDown" ? 0.1 : -0.1) * (viewport.to - viewport.from)));
      return true;
    case "ArrowUp":
    case "ArrowDown":
      if (!plot.alone) plot.go(cursor.t, event.key === "ArrowUp" ? "before" : "after");
      return true;
    case "Home":
      plot.go(warp.start);
      return true;
    case "End":
      plot.go(warp.end);
      return true;
    case "j":
    case "k":
      plot.stepThread(event.key === "k" ? 1 : -1);
      return true;
    case ",":
    case ".":
      plot.requestOperation({ step: event.key === "." ? 1 : -1, sameThread: false });
      return true;
    // The same keys with Shift, also on layouts where Shift gives other characters.
    case "<":
    case ">":
    case ";":
    case ":":
      plot.requestOperation({ step: event.key === ">" || event.key === ":" ? 1 : -1, sameThread: true });
      return true;
    case "[":
    case "]": {
      const other = event.key === "[" ? (range?.to ?? warp.end) : (range?.from ?? warp.start);
      plot.setRange({ from: Math.min(cursor.t, other), to: Math.max(cursor.t, other) });
      return true;
    }
    case "Escape":
      if (range === undefined) return false;
      plot.setRange(undefined);
      return true;
    case "z": {
      if (range === undefined) return false;
      const from = warp.toUnit(range.from);
      plot.setViewport({ from, to: Math.max(from + 1e-6, warp.toUnit(range.to)) });
      return true;
    }
    case "+":
    case "=":
      plot.zoomBy(0.5);
      return true;
    case "-":
      plot.zoomBy(2);
      return true;
    case "0":
      plot.fit();
      return true;
    case " ":
      plot.togglePlay();
      return true;
    case "Enter": {
      const mark = plot.markAtCursor();
      if (mark !== undefined) revealMark(mark);
      return true;
    }
    default:
      return false;
  }
}

/** A finding leads to its place in the code under review, which the extension computes; other marks to their own line. */
function revealMark(mark: Mark): void {
  if (mark.finding !== undefined) post({ type: "command", command: "showFinding", args: [mark.variant, String(mark.finding)] });
  else if (mark.site !== undefined) post({ type: "reveal", file: mark.site.file, line: mark.site.line, variant: mark.variant });
}
