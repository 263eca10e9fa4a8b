// A debug session: a recorded run, its current position, and the requests of a debugger. Every step is a look-up in the
// journal and a replay from the nearest snapshot; must not change what the run does.

import { type MachineFinding, objectAt, type Thread } from "../machine/index.js";
import { Breakpoints } from "./breakpoints.js";
import { activations, fromTree, nameOf } from "./frames.js";
import { Inspector } from "./inspector.js";
import type { Journal } from "./journal.js";
import { memoryAt } from "./memory.js";
import type { DebugCommand, DebugMove, DebugReply, DebugStop, FindingKey, StopReason } from "./messages.js";
import type { Names } from "./names.js";
import { Operations } from "./operations.js";
import type { Passing, Player } from "./player.js";

/** Limit of operations per reply, on each side. */
const MAX_OPERATIONS = 1_000;

export class DebugSession {
  private readonly inspector: Inspector;
  private readonly breakpoints: Breakpoints;
  private readonly operations: Operations;
  private readonly finding: MachineFinding | undefined;
  private readonly findingIndex: number;
  /** Findings of the run, each with the last place before it. */
  private readonly findings: readonly { readonly finding: MachineFinding; readonly position: number }[];

  /** @param about the finding that "free" and "use" refer to; the run's worst one if it is not there */
  constructor(
    private readonly player: Player,
    private readonly journal: Journal,
    names: Names,
    private readonly own: (file: string) => string | undefined,
    about: FindingKey | undefined,
  ) {
    const { inside } = player.machine;
    this.inspector = new Inspector(player, journal, names);
    this.breakpoints = new Breakpoints(inside.program);
    this.operations = new Operations(journal, inside.program);
    // Recording the journal has played the run to its end.
    const { findings } = inside.state;
    this.findings = findings.map((finding, i) => ({ finding, position: journal.findings[i] ?? journal.begin }));
    this.findingIndex = findingIndex(findings, about);
    this.finding = findings[this.findingIndex];
  }

  close(): void {
    this.player.release();
  }

  /** Where a session begins: before the finding's use, otherwise at the first line of the tree that runs. */
  enter(): DebugStop {
    const { journal } = this;
    if (this.finding !== undefined) return this.toFinding("entry");
    return this.stopAt(journal.find(journal.begin - 1, 1, (p) => p.kind === "line") ?? journal.begin, "entry");
  }

  handle(command: DebugCommand): DebugReply {
    switch (command.c) {
      case "move":
        return this.moved(this.move(command.move, command.thread));
      case "to-time":
        return this.moved(this.stopAt(this.journal.atTime(command.t), "moment"));
      case "to-function":
        return this.toFunction(command.name);
      case "operations": {
        const { operations } = this;
        const found = operations.find(command.from, command.step, command.thread);
        if (found === undefined) return { k: "refused", message: command.step === 1 ? "This is the last operation." : "This is the first operation." };
        return { k: "operations", stop: this.stopAt(found, "step"), operations: operations.around(found, Math.min(command.around, MAX_OPERATIONS)) };
      }
      case "tables":
        return { k: "variables", variables: this.inspector.tables() };
      case "breakpoints":
        return { k: "breakpoints", breakpoints: this.breakpoints.setLines(command.file, command.breakpoints) };
      case "function-breakpoints":
        return { k: "breakpoints", breakpoints: this.breakpoints.setFunctions(command.breakpoints) };
      case "finding-breakpoints":
        this.breakpoints.severities = new Set(command.severities);
        return { k: "done" };
      case "threads":
        return { k: "threads", threads: this.inspector.threads() };
      case "stack":
        return { k: "stack", frames: this.inspector.stack(command.thread) };
      case "scopes":
        return { k: "scopes", scopes: this.inspector.scopes(command.frame) };
      case "variables": {
        const { start = 0, count = 200 } = command;
        const variables = this.inspector.variables(command.ref, start, count);
        return variables === undefined
          ? { k: "refused", message: "These values are out of date: the run has moved. Expand them again." }
          : { k: "variables", variables };
      }
      case "evaluate":
        return this.inspector.evaluated(command.expression, command.frame);
      case "memory":
        return memoryAt(this.player.machine.inside.bytes, this.inspector.values, command.address, command.offset, command.count);
      case "source": {
        const text = this.own(command.file);
        return text === undefined ? { k: "refused", message: `Source file not found: ${command.file}.` } : { k: "source", text };
      }
      case "close":
        this.close();
        return { k: "done" };
    }
  }

  private moved(stop: DebugStop): DebugReply {
    return { k: "stopped", stop };
  }

  private stopAt(
    position: number,
    reason: StopReason,
    more: { readonly text?: string; readonly finding?: string; readonly breakpoints?: readonly number[]; readonly thread?: number } = {},
  ): DebugStop {
    const { player, journal } = this;
    player.goTo(position);
    this.inspector.reset();
    const thread = more.thread ?? player.current?.id ?? 1;
    const { inside } = player.machine;
    const current = inside.state.threads.list[thread - 1];
    const stack = current === undefined ? [] : fromTree(activations(inside, current));
    // Show the line in the .c file, not that of a header's wrapper called from it.
    const at = stack.find((a) => a.fn.origin === "tree" && a.file.endsWith(".c")) ?? stack[0];
    return {
      reason,
      thread,
      position: Math.max(0, player.position - journal.begin),
      places: journal.end - journal.begin,
      t: inside.now(),
      operations: inside.state.ops,
      ...(more.text === undefined ? {} : { text: more.text }),
      ...(more.finding === undefined ? {} : { finding: more.finding }),
      ...(more.breakpoints === undefined ? {} : { breakpoints: more.breakpoints }),
      ...(at === undefined ? {} : { at: { function: nameOf(at), file: at.file, line: at.line } }),
    };
  }

  private move(move: DebugMove, threadId: number | undefined): DebugStop {
    const { journal, player } = this;
    const here = player.position;
    const id = threadId ?? player.current?.id ?? 1;
    switch (move) {
      case "begin":
        return this.stopAt(journal.begin, "begin");
      case "end":
        return this.atEnd();
      case "continue":
        return this.continueTo(1);
      case "reverse-continue":
        return this.continueTo(-1);
      case "operation":
      case "operation-back": {
        const step = move === "operation" ? 1 : -1;
        const found = this.operations.find({ position: here - journal.begin }, step, undefined);
        return found === undefined ? this.beyond(step) : this.stopAt(found, "step");
      }
      case "over":
      case "into":
      case "out":
      case "back":
        return this.step(move, id);
      case "allocation":
      case "free":
        return this.toObject(move);
      case "use":
        return this.finding === undefined ? this.stopAt(here, "moment", { text: "Nothing was found in this run." }) : this.toFinding("finding");
    }
  }

  private toFunction(name: string): DebugReply {
    const { journal } = this;
    const entries = this.breakpoints.entriesOf(name);
    const enters = (p: Passing): boolean => p.kind === "line" && entries.has(p.at);
    const found = journal.find(this.player.position, 1, enters) ?? journal.find(journal.begin - 1, 1, enters);
    return found === undefined
      ? { k: "refused", message: `The run does not reach ${name}.` }
      : this.moved(this.stopAt(found, "moment", { text: `Entering ${name}.` }));
  }

  private atEnd(): DebugStop {
    const { end } = this.player.machine.inside.state;
    const stop = this.stopAt(Number.MAX_SAFE_INTEGER, "end");
    const how = this.player.machine.inside.state.end ?? end;
    return { ...stop, text: how?.k === "cannot" || how?.k === "panic" ? how.message : "End of the run. Step back to see what led here." };
  }

  private beyond(step: 1 | -1): DebugStop {
    return step === 1 ? this.atEnd() : this.stopAt(this.journal.begin, "begin", { text: "Start of the run." });
  }

  private depthOf(thread: Thread): number {
    const place = this.journal.place(this.player.position);
    if (place?.thread === thread.id && place.kind !== "slice") return place.depth;
    const { inside } = this.player.machine;
    return fromTree(activations(inside, thread)).length - 1;
  }

  private step(move: "over" | "into" | "out" | "back", id: number): DebugStop {
    const { journal, player } = this;
    const { inside } = player.machine;
    const thread = inside.state.threads.list[id - 1];
    const here = player.position;
    const [top] = thread === undefined ? [] : fromTree(activations(inside, thread));
    const depth = thread === undefined ? 0 : this.depthOf(thread);
    const elsewhere = (p: Passing): boolean => {
      const line = inside.program.lines[p.at];
      return line?.line !== top?.line || line?.file !== top?.file;
    };
    const stopsHere = (p: Passing): boolean => {
      if (p.thread !== id || p.kind !== "line") return false;
      switch (move) {
        case "over":
        case "back":
          return p.depth < depth || (p.depth === depth && elsewhere(p));
        case "into":
          return p.depth !== depth || elsewhere(p);
        case "out":
          return p.depth < depth;
      }
    };
    const step = move === "back" ? -1 : 1;
    const found = journal.find(here, step, stopsHere);
    // A step does not run past a breakpoint.
    const limit = found ?? (step === 1 ? journal.end : journal.begin - 1);
    const hit = this.nextHit(here, step, (p) => (step === 1 ? p < limit : p > limit));
    if (hit !== undefined) return hit;
    if (found !== undefined) return this.stopAt(found, "step", { thread: id });
    if (step === -1) return this.beyond(-1);
    const last = journal.find(journal.end, -1, (p) => p.thread === id);
    if (last === undefined || last <= here) return this.atEnd();
    // The thread reaches no further line: stop at its last position.
    return this.stopAt(last, "thread ended", { thread: id, text: "This thread reaches no further line of the tree." });
  }

  private toFinding(reason: StopReason): DebugStop {
    const position = this.journal.findings[this.findingIndex];
    const { finding } = this;
    if (position === undefined || finding === undefined) return this.stopAt(this.journal.begin, reason);
    return this.stopAt(Math.max(position, this.journal.begin), reason, aboutTo(finding));
  }

  /** To just before the finding's object is allocated or freed. */
  private toObject(what: "allocation" | "free"): DebugStop {
    const { player, journal, finding } = this;
    const here = player.position;
    const event = what === "free" ? finding?.freed : finding?.allocated;
    const address = finding?.access?.address;
    if (event === undefined || address === undefined)
      return this.stopAt(here, "moment", { text: `The finding has no object that was ${what === "free" ? "freed" : "allocated"}.` });
    const at = Number(BigInt.asUintN(32, BigInt(address)));
    const holds = (): boolean => {
      const { heap } = player.machine.inside.state;
      const object = heap.objects[objectAt(heap, at)];
      return object !== undefined && at < object.base + object.size + 32 && (what === "allocation" || object.freed !== undefined);
    };
    let low = journal.begin;
    let high = journal.end;
    player.goTo(high);
    if (!holds()) return this.stopAt(here, "moment", { text: "The object was not found in this run." });
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      player.goTo(middle);
      if (holds()) high = middle;
      else low = middle;
    }
    return this.stopAt(this.lineOf(low), "moment", { text: what === "free" ? "Before the object is freed." : "Before the object is allocated." });
  }

  /** If a place is inside a service, the place where the line that called the service begins. */
  private lineOf(position: number): number {
    const place = this.journal.place(position);
    this.player.goTo(position);
    const { inside } = this.player.machine;
    const thread = inside.current();
    const [top] = thread === undefined ? [] : activations(inside, thread);
    if (place === undefined || top?.fn.origin !== "provided") return position;
    // Not past a switch: what other threads did since the line began must stay before this stop.
    const line = this.journal.find(position, -1, (p) => p.kind !== "operation");
    return line !== undefined && this.journal.place(line)?.kind === "line" ? line : position;
  }

  private continueTo(step: 1 | -1): DebugStop {
    return this.nextHit(this.player.position, step, () => true) ?? this.beyond(step);
  }

  /** The nearest breakpoint or finding that stops, as far as `within` goes. */
  private nextHit(from: number, step: 1 | -1, within: (position: number) => boolean): DebugStop | undefined {
    const { journal, breakpoints } = this;
    const findings = new Map<number, MachineFinding>();
    for (const { finding, position } of this.findings)
      if (breakpoints.severities.has(finding.severity) && !findings.has(position)) findings.set(position, finding);
    for (let at = from; ;) {
      const found = journal.find(at, step, (p) => !within(p.position) || findings.has(p.position) || breakpoints.at(p).length > 0);
      if (found === undefined || !within(found)) return undefined;
      at = found;
      const finding = findings.get(found);
      if (finding !== undefined) return this.stopAt(found, "finding", aboutTo(finding));
      const place = journal.place(found);
      if (place === undefined) return undefined;
      const ids = breakpoints.at(place).filter((b) =>
        b.wants(
          found,
          (condition) => this.holds(condition, found),
          () => this.hitsBefore(b.id, found),
        ),
      );
      if (ids.length > 0) return this.stopAt(found, ids.every((b) => b.byName) ? "function breakpoint" : "breakpoint", { breakpoints: ids.map((b) => b.id) });
    }
  }

  /** How often the breakpoint was hit up to a place, with its condition true. */
  private hitsBefore(id: number, position: number): number {
    let hits = 0;
    for (let at = this.journal.begin; at <= position; at++) {
      const place = this.journal.place(at);
      if (place === undefined) continue;
      for (const b of this.breakpoints.at(place)) if (b.id === id && (b.condition === undefined || this.holds(b.condition, at))) hits++;
    }
    return hits;
  }

  private holds(condition: string, position: number): boolean {
    this.stopAt(position, "step");
    return this.inspector.conditionHolds(condition);
  }
}

/** Text of a stop before a finding. */
function aboutTo({ kind, message }: MachineFinding): { readonly text: string; readonly finding: string } {
  return { text: `Stopped before: ${message}`, finding: kind.replaceAll("-", " ") };
}

function findingIndex(findings: readonly MachineFinding[], about: FindingKey | undefined): number {
  const exact = about === undefined ? -1 : findings.findIndex((f) => f.kind === about.kind && f.function === about.function && f.line === about.line);
  if (exact >= 0) return exact;
  const rank = { oops: 0, silent: 1, warning: 2 } as const;
  let best = -1;
  findings.forEach((f, i) => {
    const other = findings[best];
    if (other === undefined || rank[f.severity] < rank[other.severity]) best = i;
  });
  return best;
}
