// A thread's spans in layers: phases below, and what the thread does in them above. In a layer above the phases spans do
// not overlap, so that visible spans are found by bisection and a crowd is drawn as one bar. Must not depend on pixels.

import type { Span } from "../../engine/protocol.js";
import { firstAt } from "./mark-series.js";

/** A span, or several spans of the same kind and name in close succession: `msleep × 56`. */
export interface DrawnSpan extends Span {
  readonly count: number;
}

export class SpanLayer {
  private readonly ends: Float64Array;

  /** @param spans sorted by start; unless `nested`, also by end */
  constructor(
    readonly spans: readonly DrawnSpan[],
    private readonly nested: boolean,
  ) {
    let latest = 0;
    this.ends = Float64Array.from(spans, (span) => (nested ? span.end : (latest = Math.max(latest, span.end))));
  }

  /** Visits the visible spans; of spans inside the same column only the first. `edges`: times at which columns begin. */
  visible(edges: Float64Array, visit: (span: DrawnSpan) => void): void {
    const last = edges.length - 1;
    const [from, to] = [edges[0] ?? 0, edges[last] ?? 0];
    if (this.nested) {
      for (const span of this.spans) if (span.end >= from && span.start <= to) visit(span);
      return;
    }
    let column = 0;
    for (let i = firstAt(this.ends, from); ;) {
      const span = this.spans[i];
      if (span === undefined || span.start > to) return;
      visit(span);
      while (column < last - 1 && (edges[column + 1] ?? Infinity) <= span.start) column++;
      const columnEnd = edges[column + 1] ?? Infinity;
      i = span.end < columnEnd ? Math.max(i + 1, firstAt(this.ends, columnEnd)) : i + 1;
    }
  }
}

/** In drawing order. */
const layerKinds = [["phase"], ["run"], ["sleep"], ["lock"], ["dead"]] as const satisfies readonly (readonly Span["kind"][])[];

export function layersByThread(spans: readonly Span[]): ReadonlyMap<number, readonly SpanLayer[]> {
  const threads = new Map<number, Span[]>();
  for (const span of spans) {
    const own = threads.get(span.thread);
    if (own === undefined) threads.set(span.thread, [span]);
    else own.push(span);
  }
  return new Map(
    [...threads].map(([thread, own]) => {
      own.sort((a, b) => a.start - b.start || b.end - a.end);
      const layers = layerKinds.map((kinds) => {
        const ofKind = own.filter((span) => kinds.some((kind) => kind === span.kind));
        return new SpanLayer(joinRepeated(ofKind), kinds[0] === "phase");
      });
      return [thread, layers] as const;
    }),
  );
}

/** The threads that ran on each CPU: their run spans, named after the thread. */
export function layersByCpu(
  spans: readonly Span[],
  threads: ReadonlyMap<number, { readonly name: string; readonly cpu: number }>,
): ReadonlyMap<number, SpanLayer> {
  const cpus = new Map<number, DrawnSpan[]>();
  for (const span of spans) {
    const thread = threads.get(span.thread);
    if (span.kind !== "run" || thread === undefined) continue;
    const own = cpus.get(thread.cpu) ?? [];
    cpus.set(thread.cpu, own);
    own.push({ ...span, name: thread.name, count: 1 });
  }
  return new Map(
    [...cpus].map(([cpu, own]) => [
      cpu,
      new SpanLayer(
        own.sort((a, b) => a.start - b.start),
        false,
      ),
    ]),
  );
}

/** Joins repetitions with a pause of up to a quarter of their length. */
function joinRepeated(spans: readonly Span[]): readonly DrawnSpan[] {
  const joined: DrawnSpan[] = [];
  const lastOfKind = new Map<string, number>();
  for (const span of spans) {
    if (span.kind !== "sleep" && span.kind !== "lock") {
      joined.push({ ...span, count: 1 });
      continue;
    }
    const key = `${span.kind} ${span.name} ${span.site?.function ?? ""}`;
    const at = lastOfKind.get(key);
    const last = at === undefined ? undefined : joined[at];
    if (at !== undefined && last !== undefined && span.start - last.end <= (span.end - span.start) / 4)
      joined[at] = { ...last, end: Math.max(last.end, span.end), count: last.count + 1 };
    else {
      lastOfKind.set(key, joined.length);
      joined.push({ ...span, count: 1 });
    }
  }
  return joined;
}
