// The events of a result as marks and rows of the timeline: pure data sorted by time, with the source line of each mark.
// Must not depend on pixels.

import type { Frame, ReviewResult, Span, TimelineEvent, VariantName, VariantResult } from "../../engine/protocol.js";
import { counted, returnCode, severityVerdict, t } from "../base/index.js";

export interface Mark {
  readonly variant: VariantName;
  readonly t: number;
  readonly thread: number;
  readonly kind: TimelineEvent["k"];
  readonly tone: "plain" | "warning" | "silent" | "error";
  readonly label: string;
  readonly site?: Frame;
  /** Index into the variant's findings. */
  readonly finding?: number;
}

/** Groups of marks that the user can hide. */
export const markGroups = ["calls", "maps", "log", "findings", "waits", "runs"] as const;
export type MarkGroup = (typeof markGroups)[number];

export function groupOf(kind: TimelineEvent["k"] | Span["kind"]): MarkGroup | undefined {
  switch (kind) {
    case "hcall":
    case "rtas":
      return "calls";
    case "map":
    case "unmap":
      return "maps";
    case "log":
      return "log";
    case "finding":
      return "findings";
    case "sleep":
    case "lock":
      return "waits";
    case "run":
      return "runs";
    case "phase":
    case "dead":
      return undefined;
  }
}

/** Builds no label, so that it can run for a million events. */
export function toneOf(result: VariantResult, event: TimelineEvent): Mark["tone"] {
  switch (event.k) {
    case "hcall":
    case "rtas":
      return event.rc === 0 ? "plain" : "warning";
    case "map":
    case "unmap":
      return "plain";
    case "log":
      return event.level <= 3 ? "error" : event.level === 4 ? "warning" : "plain";
    case "finding": {
      const severity = result.findings[event.finding]?.severity ?? "warning";
      return severity === "oops" ? "error" : severity;
    }
  }
}

export function markOf(variant: VariantName, result: VariantResult, event: TimelineEvent): Mark {
  const base = { variant, t: event.t, thread: event.thread, kind: event.k, tone: toneOf(result, event) } as const;
  const at = (site: Frame | undefined): { readonly site?: Frame } => (site === undefined || site.provided === true ? {} : { site });
  switch (event.k) {
    case "hcall":
      return {
        ...base,
        label: `${event.name} ${window(event.liobn)}, ${counted(event.count, "{0} TCE", "{0} TCEs")} → ${returnCode(event.rc)}`,
        ...at(event.site),
      };
    case "rtas":
      return {
        ...base,
        label: `${event.name}${event.liobn === 0 ? "" : ` ${window(event.liobn)}`} → ${returnCode(event.rc)}`,
      };
    case "map":
      return { ...base, label: t("maps buffer {0} at {1}", event.buffer, event.dma) };
    case "unmap":
      return { ...base, label: t("unmaps buffer {0} at {1}", event.buffer, event.dma) };
    case "log":
      return { ...base, label: event.text.trim(), ...at(event.site) };
    case "finding": {
      const finding = result.findings[event.finding];
      if (finding === undefined) return { ...base, label: t("finding") };
      const { mark, title } = severityVerdict(finding.severity);
      return {
        ...base,
        label: `${mark} ${title}: ${finding.message}`,
        finding: event.finding,
        site: { function: finding.function, file: finding.file, line: finding.line },
      };
    }
  }
}

function window(liobn: number): string {
  return `0x${liobn.toString(16)}`;
}

/** A lane of the timeline: a thread, matched by name in both variants; or what all threads share. */
export type Row =
  | { readonly kind: "thread"; readonly name: string; readonly cpu: number; readonly ids: Readonly<Partial<Record<VariantName, number>>> }
  | { readonly kind: "cpu"; readonly name: string; readonly cpu: number }
  | { readonly kind: "hypervisor"; readonly name: string }
  | { readonly kind: "log"; readonly name: string };

export function rowsOf(result: ReviewResult): readonly Row[] {
  const threads = new Map<string, { name: string; cpu: number; ids: Partial<Record<VariantName, number>> }>();
  const cpus = new Set<number>();
  for (const variant of variantsOf(result)) {
    const seen = new Map<string, number>();
    const busy = busyThreads(result[variant]);
    for (const lane of result[variant]?.timeline.lanes ?? []) {
      if (!busy.has(lane.id)) continue;
      cpus.add(lane.cpu);
      // Threads of the same name have a lane each: the n-th of one variant matches the n-th of the other.
      const nth = seen.get(lane.name) ?? 0;
      seen.set(lane.name, nth + 1);
      const key = `${lane.name}#${nth}`;
      const row = threads.get(key) ?? { name: lane.name, cpu: lane.cpu, ids: {} };
      row.ids[variant] = lane.id;
      threads.set(key, row);
    }
  }
  return [
    ...[...threads.values()].map((row): Row => ({ kind: "thread", ...row })),
    ...[...cpus].sort((a, b) => a - b).map((cpu): Row => ({ kind: "cpu", name: `CPU${cpu}`, cpu })),
    { kind: "hypervisor", name: t("hypervisor") },
    { kind: "log", name: t("log") },
  ];
}

export function variantsOf(result: ReviewResult): readonly VariantName[] {
  return result.after === undefined ? ["before"] : ["before", "after"];
}

function busyThreads(variant: VariantResult | undefined): ReadonlySet<number> {
  const busy = new Set<number>();
  for (const span of variant?.timeline.spans ?? []) busy.add(span.thread);
  for (const event of variant?.timeline.events ?? []) busy.add(event.thread);
  return busy;
}

/** Moments that deserve room on the axis: changes of the table, findings, failed calls, ends of phases; of a repeated log line only the first and the last. */
export function busyTimes(result: ReviewResult): readonly number[] {
  const times = new Set<number>();
  for (const name of variantsOf(result)) {
    const variant = result[name];
    if (variant === undefined) continue;
    for (const { t } of variant.occupancy) times.add(t);
    const lastPrinted = new Map<string, number>();
    for (const event of variant.timeline.events) {
      if (event.k === "finding" || event.k === "rtas" || (event.k === "hcall" && event.rc !== 0)) times.add(event.t);
      if (event.k !== "log") continue;
      if (!lastPrinted.has(event.text)) times.add(event.t);
      lastPrinted.set(event.text, event.t);
    }
    for (const t of lastPrinted.values()) times.add(t);
    for (const span of variant.timeline.spans) {
      if (span.kind === "phase" || span.kind === "dead") times.add(span.start).add(span.end);
    }
    if (variant.detach !== null) times.add(variant.detach.start).add(variant.detach.end ?? variant.timeline.end);
  }
  return [...times];
}

/** Where the story starts: the first buffer mapped, or the removal. The boot before it is not shown at first. */
export function firstMoment(result: ReviewResult): number {
  const starts = variantsOf(result).flatMap((name) => {
    const variant = result[name];
    const mapping = variant?.occupancy.find(({ mapped }) => mapped > 0)?.t;
    const first = [mapping, variant?.detach?.start].filter((t) => t !== undefined);
    return first.length > 0 ? [Math.min(...first)] : [];
  });
  return starts.length > 0 ? Math.min(...starts) : 0;
}

/** The last moment drawn. */
export function lastMoment(result: ReviewResult): number {
  return Math.max(...variantsOf(result).map((name) => result[name]?.timeline.end ?? 0), 1);
}

/** A wait inside the engine's own code is described without its place, which would mean nothing to a kernel developer. */
export function spanWords(span: Span): string {
  const place = span.site === undefined || span.site.provided === true ? undefined : span.site.function;
  switch (span.kind) {
    case "sleep":
      return place === undefined ? t("sleeps") : t("sleeps in {0}", place);
    case "lock":
      return place === undefined ? t("waits") : t("waits in {0}", place);
    case "dead":
      return t("dead");
    case "run":
      return span.name === "run" ? t("runs") : span.name;
    case "phase":
      return span.name;
  }
}
