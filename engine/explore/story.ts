// What a recorded run shows about one finding: where its schedule departs from the default, which accesses touched the
// object in question, and which of them are unordered. Derived from the recording; it runs nothing.

import type { Frame, MachineFinding } from "../machine/index.js";
import { type Clock, ordered, synchronised } from "./happens-before.js";
import type { Recording } from "./recording.js";
import type { Node, Operation } from "./schedule.js";

/** A place where a thread other than the default runs. Times and thread ids are those of the witness's run. */
export interface Switch {
  /** preemption: a runnable thread is held up; order: another of several waiting threads runs first. */
  readonly kind: "preemption" | "order";
  readonly t: number;
  /** The thread that is held up, the lines between which it is, and until when (absent: to the end of the run). */
  readonly held: number;
  readonly heldName: string;
  readonly after?: Frame;
  readonly before?: Frame;
  readonly until?: number;
  /** The thread that runs instead. */
  readonly goes: number;
  readonly goesName: string;
}

export interface ObjectAccess {
  readonly t: number;
  readonly thread: number;
  readonly type: "read" | "write" | "atomic" | "lock" | "unlock" | "free";
  readonly site: Frame;
  /** Number of similar consecutive accesses of the thread that this entry stands for. */
  readonly count: number;
  /** Set at the access that the finding is about. */
  readonly bad?: true;
}

/** Two accesses by their index in `Story.accesses`. happens-before: ordered for every observer; race: unordered. */
export interface AccessEdge {
  readonly kind: "happens-before" | "race";
  readonly from: number;
  readonly to: number;
}

/** What the timeline of the witness's run shows of one finding. */
export interface Story {
  readonly switches: readonly Switch[];
  /** Accesses to the object in question, in order of time; a long story omits the least important. */
  readonly accesses: readonly ObjectAccess[];
  readonly edges: readonly AccessEdge[];
}

const MAX_ACCESSES = 120;
const TYPES = ["read", "write", "atomic", "lock", "unlock", "lock"] as const;

export function switchesOf({ operations, nodes, threads }: Pick<Recording, "operations" | "nodes" | "threads">): readonly Switch[] {
  const name = (id: number): string => threads.find((l) => l.id === id)?.name ?? `thread ${String(id)}`;
  const found: Switch[] = [];
  nodes.forEach((node, i) => {
    const op = operations[i];
    if (op === undefined) return;
    const usual = node.offers[0]?.thread ?? op.thread;
    if (node.cost === 0 && (!node.picked || usual === op.thread)) return;
    const held = node.cost === 0 ? usual : heldAt(node, op);
    const before = operations.find((o, j) => j >= i && o.thread === held);
    const after = operations.findLast((o, j) => j < i && o.thread === held && o.held !== undefined);
    found.push({
      kind: node.cost === 0 ? "order" : "preemption",
      t: op.t ?? 0,
      held,
      heldName: name(held),
      ...(after?.held === undefined || node.cost === 0 ? {} : { after: after.held }),
      ...(before?.held === undefined ? {} : { before: before.held }),
      ...(before?.t === undefined ? {} : { until: before.t }),
      goes: op.thread,
      goesName: name(op.thread),
    });
  });
  return found;
}

/** The thread that is held up by a preemption: the last one, or, if that sleeps, the first that was offered. */
function heldAt(node: Node, op: Operation): number {
  if (op.thread !== node.last && node.offers.some((o) => o.thread === node.last)) return node.last;
  return node.offers[0]?.thread ?? node.last;
}

/** The object that a finding is about: the lower half of its base address, and its size. */
function objectOf({ access, object }: MachineFinding): { readonly base: number; readonly size: number } | undefined {
  if (access === undefined || access.type === "call") return undefined;
  const at = Number(BigInt.asUintN(32, BigInt(access.address)));
  if (object === undefined) return access.type === "free" ? undefined : { base: at, size: Math.max(1, access.size) };
  return { base: at - object.offset, size: Math.max(1, object.size, object.offset + access.size) };
}

interface Touch {
  readonly index: number;
  readonly at: number;
  readonly end: number;
  readonly write: boolean;
  readonly type: ObjectAccess["type"];
}

export function storyOf(recording: Recording, finding: MachineFinding): Story {
  const switches = switchesOf(recording);
  const object = objectOf(finding);
  if (object === undefined) return { switches, accesses: [], edges: [] };
  const { operations, threads } = recording;
  const touches: Touch[] = [];
  operations.forEach((op, index) => {
    if (op.k !== "access") return;
    for (const { at, size, write } of op.ranges.slice(0, op.reported)) {
      if (at >= object.base + object.size || at + size <= object.base) continue;
      const whole = at === object.base && size >= object.size && op.kind === 1 && finding.freed !== undefined;
      touches.push({ index, at, end: at + size, write, type: whole ? "free" : (TYPES[op.kind] ?? "read") });
      return;
    }
  });
  const thread = threads.find((l) => l.name === finding.thread)?.id ?? -1;
  const bad = touches.findLastIndex((a) => operations[a.index]?.thread === thread && (operations[a.index]?.t ?? 0) <= finding.t);
  const clocks = synchronised(operations);
  const edges = edgesOf(operations, clocks, touches, bad);
  return { switches, ...condensed(operations, touches, bad, edges) };
}

interface Edge {
  readonly kind: AccessEdge["kind"];
  readonly from: number;
  readonly to: number;
}

/** Each access's latest predecessors in other threads, without implied edges; races of the bad access and of frees. */
function edgesOf(operations: readonly Operation[], clocks: readonly Clock[], touches: readonly Touch[], bad: number): readonly Edge[] {
  const edges: Edge[] = [];
  const last = new Map<number, number>(); // thread -> its latest access
  const threadOf = (i: number): number => operations[touches[i]?.index ?? -1]?.thread ?? -1;
  const before = (a: number, b: number): boolean => ordered(operations, clocks, touches[a]?.index ?? 0, touches[b]?.index ?? 0);
  touches.forEach((b, j) => {
    const mine = threadOf(j);
    const own = last.get(mine);
    // Each other thread's last access that is ordered before this access.
    const candidates: number[] = [];
    for (const other of last.keys()) {
      if (other === mine) continue;
      for (let i = j - 1; i >= 0; i--) {
        if (threadOf(i) !== other || !before(i, j)) continue;
        candidates.push(i);
        break;
      }
    }
    for (const i of candidates) {
      if (own !== undefined && i <= own && before(i, own)) continue;
      if (candidates.some((k) => k !== i && k > i && before(i, k))) continue;
      edges.push({ kind: "happens-before", from: i, to: j });
    }
    if (j === bad || b.type === "free") {
      for (const i of last.values()) {
        const a = touches[i];
        if (a === undefined || threadOf(i) === mine || before(i, j)) continue;
        if ((a.write || b.write) && a.at < b.end && b.at < a.end) edges.push({ kind: "race", from: i, to: j });
      }
      const freed = touches.findIndex((a, i) => i < j && a.type === "free");
      if (j === bad && freed >= 0 && threadOf(freed) !== mine && !before(freed, j) && !edges.some((e) => e.from === freed && e.to === j))
        edges.push({ kind: "race", from: freed, to: j });
    }
    last.set(mine, j);
  });
  return edges;
}

/** The accesses to show: ends of edges, frees, the bad access, and the latest of the others; similar neighbours are merged. */
function condensed(operations: readonly Operation[], touches: readonly Touch[], bad: number, edges: readonly Edge[]): Pick<Story, "accesses" | "edges"> {
  const ends = new Set(edges.flatMap((e) => [e.from, e.to]));
  const important = (i: number): boolean => i === bad || ends.has(i) || touches[i]?.type === "free";
  const groups: { readonly first: number; count: number; readonly key: string; readonly fixed: boolean }[] = [];
  touches.forEach((touch, i) => {
    const op = operations[touch.index];
    const key = `${String(op?.thread)} ${touch.type} ${op?.held?.file ?? ""}:${String(op?.held?.line)}`;
    const known = groups[groups.length - 1];
    if (known?.key === key && !known.fixed && !important(i)) known.count++;
    else groups.push({ first: i, count: 1, key, fixed: important(i) });
  });
  let spare = MAX_ACCESSES - groups.filter((g) => g.fixed).length;
  const kept = groups.toReversed().filter((g) => g.fixed || spare-- > 0);
  kept.reverse();
  const place = new Map(kept.map((g, i) => [g.first, i]));
  const accesses = kept.map(({ first, count }): ObjectAccess => {
    const touch = touches[first];
    const op = operations[touch?.index ?? -1];
    return {
      t: op?.t ?? 0,
      thread: op?.thread ?? 0,
      type: touch?.type ?? "read",
      site: op?.held ?? { function: "?", file: "", line: 0, provided: true },
      count,
      ...(first === bad ? { bad: true } : {}),
    };
  });
  return {
    accesses,
    edges: edges.flatMap((e) => {
      const [from, to] = [place.get(e.from), place.get(e.to)];
      return from === undefined || to === undefined ? [] : [{ kind: e.kind, from, to }];
    }),
  };
}
