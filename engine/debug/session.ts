// A debug session: a recorded run, its current position, and the requests of a debugger. Every step is a look-up in the
// journal and a replay from the nearest snapshot; must not change what the run does.

import { kernelName } from "../c/ir/index.js";
import { TK, type VarSym } from "../c/types/index.js";
import { hex64, type MachineFinding, objectAt, type Thread } from "../machine/index.js";
import { Breakpoints } from "./breakpoints.js";
import { evaluate, type Surroundings } from "./evaluate.js";
import { type Activation, activations, frameBase, localOf, ofBits } from "./frames.js";
import type { Journal } from "./journal.js";
import type { DebugCommand, DebugFrame, DebugMove, DebugReply, DebugScope, DebugStop, DebugThread, DebugVariable, FindingKey, StopReason } from "./messages.js";
import { memoryAt } from "./memory.js";
import { inSight, type Names, type Variable } from "./names.js";
import { Operations } from "./operations.js";
import type { Passing, Player } from "./player.js";
import { type Shown, TableView } from "./table.js";
import { typeWords } from "./type-names.js";
import { type Value, Values } from "./values.js";

/** Limit of operations per reply, on each side. */
const MOST_OPERATIONS = 1_000;

interface Entry {
  readonly name: string;
  readonly words: string;
  readonly type: string;
  readonly named: number;
  readonly indexed: number;
  readonly inside?: (start: number, count: number) => readonly Entry[];
  readonly expression?: string;
  readonly address?: string;
}

export class DebugSession {
  private readonly values: Values;
  private readonly tables: TableView;
  private readonly breakpoints: Breakpoints;
  private readonly operations: Operations;
  /** Meanings of the reference numbers given out since the last move. */
  private frames: { readonly thread: Thread; readonly activation: Activation }[] = [];
  private refs: ((start: number, count: number) => readonly Entry[])[] = [];
  private readonly finding: MachineFinding | undefined;
  private readonly findingIndex: number;
  /** Findings of the run, each with the last place before it. */
  private readonly findings: readonly { readonly finding: MachineFinding; readonly position: number }[];

  /** @param about the finding that "free" and "use" refer to; the run's worst one if it is not there */
  constructor(
    private readonly player: Player,
    private readonly journal: Journal,
    private readonly names: Names,
    private readonly own: (file: string) => string | undefined,
    about: FindingKey | undefined,
  ) {
    const { inside } = player.machine;
    this.values = new Values(inside, names.atoms);
    this.tables = new TableView(inside, names, this.values);
    this.breakpoints = new Breakpoints(inside.program);
    this.operations = new Operations(journal, inside.program);
    // Recording the journal has played the run to its end.
    const { findings } = inside.state;
    this.findings = findings.map((finding, i) => ({ finding, position: journal.findings[i] ?? journal.begin }));
    this.findingIndex = chosen(findings, about);
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
        return { k: "operations", stop: this.stopAt(found, "step"), operations: operations.around(found, Math.min(command.around, MOST_OPERATIONS)) };
      }
      case "tables":
        return { k: "variables", variables: this.tables.tables().map((s) => this.variable(this.shown(s))) };
      case "breakpoints":
        return { k: "breakpoints", breakpoints: this.breakpoints.setLines(command.file, command.breakpoints) };
      case "function-breakpoints":
        return { k: "breakpoints", breakpoints: this.breakpoints.setFunctions(command.breakpoints) };
      case "finding-breakpoints":
        this.breakpoints.severities = new Set(command.severities);
        return { k: "done" };
      case "threads":
        return { k: "threads", threads: this.threads() };
      case "stack":
        return { k: "stack", frames: this.stack(command.thread) };
      case "scopes":
        return { k: "scopes", scopes: this.scopes(command.frame) };
      case "variables": {
        const { start = 0, count = 200 } = command;
        const inside = this.refs[command.ref - 1];
        return inside === undefined
          ? { k: "refused", message: "These values are out of date: the run has moved. Expand them again." }
          : { k: "variables", variables: inside(start, count).map((e) => this.variable(e)) };
      }
      case "evaluate":
        return this.evaluated(command.expression, command.frame);
      case "memory":
        return memoryAt(this.player.machine.inside.bytes, this.values, command.address, command.offset, command.count);
      case "source": {
        const text = this.own(command.file);
        return text === undefined ? { k: "refused", message: `Source file not found: ${command.file}.` } : { k: "source", text };
      }
      case "close":
        this.close();
        return { k: "done" };
    }
  }

  // ---- moving -----------------------------------------------------------------------------------------------------

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
    this.frames = [];
    this.refs = [];
    const thread = more.thread ?? player.current?.id ?? 1;
    const { inside } = player.machine;
    const current = inside.state.threads.list[thread - 1];
    const stack = current === undefined ? [] : this.treeFirst(activations(inside, current));
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

  /** The frames from the innermost tree frame outwards. */
  private treeFirst(stack: readonly Activation[]): readonly Activation[] {
    const first = stack.findIndex((a) => a.fn.origin === "tree");
    return first < 0 ? stack : stack.slice(first);
  }

  private move(move: DebugMove, wanted: number | undefined): DebugStop {
    const { journal, player } = this;
    const here = player.position;
    const id = wanted ?? player.current?.id ?? 1;
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
    return this.treeFirst(activations(inside, thread)).length - 1;
  }

  private step(move: "over" | "into" | "out" | "back", id: number): DebugStop {
    const { journal, player } = this;
    const { inside } = player.machine;
    const thread = inside.state.threads.list[id - 1];
    const here = player.position;
    const [top] = thread === undefined ? [] : this.treeFirst(activations(inside, thread));
    const depth = thread === undefined ? 0 : this.depthOf(thread);
    const elsewhere = (p: Passing): boolean => {
      const line = inside.program.lines[p.at];
      return line?.line !== top?.line || line?.file !== top?.file;
    };
    const wanted = (p: Passing): boolean => {
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
    const found = journal.find(here, step, wanted);
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
    const { inside } = this.player.machine;
    const thread = inside.current();
    const activation = thread === undefined ? undefined : activations(inside, thread)[0];
    const v = evaluate(condition, this.around(activation));
    if (!v.ok) return false;
    const number = this.values.number(v.value);
    return number !== undefined && number !== 0n && number !== 0;
  }

  // ---- looking ----------------------------------------------------------------------------------------------------

  private threads(): readonly DebugThread[] {
    const { inside } = this.player.machine;
    return inside.state.threads.list.map((thread) => ({ id: thread.id, name: thread.name, cpu: thread.cpu, state: this.stateOf(thread) }));
  }

  private stateOf(thread: Thread): string {
    const { inside } = this.player.machine;
    const { state } = inside;
    switch (thread.state) {
      case "done":
        return "ended";
      case "dead":
        return "died";
      case "blocked": {
        const frame = inside.waitFrame(inside.callSitesOf(thread.id, thread.csp));
        return `${thread.spin ? "waiting for a lock" : "sleeping"}${frame === undefined ? "" : ` in ${frame.function}`}`;
      }
      case "ready":
        if (state.slice?.thread === thread.id || state.threads.current === thread.id) return "running";
        return thread.preempted ? "preempted" : thread.started ? "ready" : "not started";
    }
  }

  private stack(id: number): readonly DebugFrame[] {
    const { inside } = this.player.machine;
    const thread = inside.state.threads.list[id - 1];
    if (thread === undefined) return [];
    return activations(inside, thread).map((activation) => {
      this.frames.push({ thread, activation });
      return {
        id: this.frames.length,
        provided: activation.fn.origin === "provided",
        function: nameOf(activation),
        file: activation.file,
        line: activation.line,
      };
    });
  }

  private scopes(frame: number): readonly DebugScope[] {
    const held = this.frames[frame - 1];
    if (held === undefined) return [];
    const { activation } = held;
    const known = this.names.function(activation.fn);
    const scopes: DebugScope[] = [];
    const add = (name: string, kind: DebugScope["kind"], inside: () => readonly Entry[], expensive = false): void => {
      scopes.push({ name, kind, ref: this.ref(inside), expensive });
    };
    const all = known === undefined ? [] : inSight(known.variables, activation.line);
    const parameters = all.filter((v) => v.parameter);
    if (parameters.length > 0) add("Arguments", "arguments", () => parameters.map((v) => this.ofVariable(v, activation)));
    const locals = all.filter((v) => !v.parameter);
    if (locals.length > 0 || parameters.length === 0)
      add("Locals", "locals", () =>
        activation.saved === undefined
          ? [words("variables", "not available: the thread ended here and its variables were not kept")]
          : known === undefined
            ? [words("variables", "not available for this function")]
            : locals.map((v) => this.ofVariable(v, activation)),
      );
    add("TCE table", "table", () => this.tables.tables().map((s) => this.shown(s)));
    add("Machine", "machine", () =>
      this.tables.machine(this.player.position - this.journal.begin, this.journal.end - this.journal.begin).map((s) => this.shown(s)),
    );
    add(`Globals of ${activation.fn.file.slice(activation.fn.file.lastIndexOf("/") + 1)}`, "globals", () => this.globals(activation), true);
    return scopes;
  }

  private globals(activation: Activation): readonly Entry[] {
    const { program } = this.player.machine.inside;
    const of = this.names.function(activation.fn)?.of ?? this.names.unitOf(activation.fn.file);
    if (of === undefined) return [];
    return program.globals
      .filter((g) => g.file === activation.fn.file && g.name !== "")
      .flatMap((g): readonly Entry[] => {
        const sym = of.unit.symbol(g.name);
        if (sym?.kind !== "var" || sym.link !== g.symbol) return [];
        return [this.entry(g.name, { k: "place", type: sym.type, address: program.address(g.symbol) }, g.name)];
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private ofVariable(v: Variable, activation: Activation): Entry {
    const value = this.variableValue(v, activation);
    if (typeof value === "string") return { ...words(v.name, value), type: typeWords(v.type, this.values.atoms) };
    const entry = this.entry(v.name, value, v.name);
    // Its own line has not run yet, so its value is not known.
    return !v.parameter && v.from === activation.line && v.home.k === "local" && this.atLine()
      ? { ...entry, words: `${entry.words}  (not set yet, or from a previous iteration)` }
      : entry;
  }

  private atLine(): boolean {
    return this.journal.place(this.player.position)?.kind === "line";
  }

  private variableValue(v: Variable, activation: Activation): Value | string {
    const { inside } = this.player.machine;
    switch (v.home.k) {
      case "local": {
        const bits = localOf(inside, activation, v.home.local);
        if (bits === undefined) return "not available here";
        // A struct parameter comes as its address.
        if (v.type.kind === TK.Struct) return { k: "place", type: v.type, address: bits };
        return { k: "scalar", type: v.type, v: ofBits(bits, v.type) };
      }
      case "frame": {
        const base = frameBase(inside, activation);
        return base === undefined ? "not available here" : { k: "place", type: v.type, address: inside.address(base + v.home.off, 0) };
      }
      case "static": {
        const address = inside.program.address(v.home.symbol);
        return address === 0n ? "not used by the code that runs" : { k: "place", type: v.type, address };
      }
      case "nowhere":
        return "not used by the code that runs";
    }
  }

  // ---- values -----------------------------------------------------------------------------------------------------

  private ref(inside: (start: number, count: number) => readonly Entry[]): number {
    this.refs.push(inside);
    return this.refs.length;
  }

  private variable(e: Entry): DebugVariable {
    return {
      name: e.name,
      value: e.words,
      type: e.type,
      ref: e.inside === undefined ? 0 : this.ref(e.inside),
      named: e.named,
      indexed: e.indexed,
      ...(e.expression === undefined ? {} : { expression: e.expression }),
      ...(e.address === undefined ? {} : { address: e.address }),
    };
  }

  private entry(name: string, value: Value, expression: string | undefined): Entry {
    const { named, indexed } = this.values.counts(value);
    const pointee = this.values.pointee(value);
    const address = pointee?.address ?? (value.k === "place" ? value.address : undefined);
    return {
      name,
      words: this.values.words(value),
      type: typeWords(value.type, this.values.atoms),
      named,
      indexed,
      ...(named + indexed === 0 ? {} : { inside: (start: number, count: number): readonly Entry[] => this.membersOf(value, expression, start, count) }),
      ...(expression === undefined ? {} : { expression }),
      ...(address === undefined ? {} : { address: `0x${hex64(address)}` }),
    };
  }

  private membersOf(value: Value, expression: string | undefined, start: number, count: number): readonly Entry[] {
    return this.values.members(value, start, count).map(({ name, value: inner, path }) => {
      const whole =
        expression === undefined
          ? undefined
          : path === "*"
            ? `*(${expression})`
            : `${/^[\w.>[\]-]+$/.test(expression) ? expression : `(${expression})`}${path}`;
      return this.entry(name, inner, whole);
    });
  }

  private shown(s: Shown): Entry {
    const { inside } = s;
    if (s.value !== undefined) {
      const e = this.entry(s.name, s.value, undefined);
      return s.words === undefined ? e : { ...e, words: s.words };
    }
    if (inside === undefined) return words(s.name, s.words ?? "");
    return { ...words(s.name, s.words ?? ""), named: 1, inside: () => inside().map((i) => this.shown(i)) };
  }

  /** Names in an activation's scope, for an expression. */
  private around(activation: Activation | undefined): Surroundings {
    const { program } = this.player.machine.inside;
    const known = activation === undefined ? undefined : this.names.function(activation.fn);
    const of = known?.of ?? this.names.unitOf(activation?.fn.file ?? "");
    if (of === undefined) throw new Error("the program has no units");
    const locals = new Map<VarSym, Value | string>();
    if (known !== undefined && activation !== undefined)
      // Copies, because an expression may take an address, which marks the symbol.
      for (const v of inSight(known.variables, activation.line)) locals.set({ ...v.sym }, this.variableValue(v, activation));
    return { of, values: this.values, locals, address: (symbol) => program.address(symbol) };
  }

  private evaluated(expression: string, frame: number | undefined): DebugReply {
    const { inside } = this.player.machine;
    const thread = inside.current();
    // Without a frame: the run's current position in the tree.
    const activation = this.frames[(frame ?? 0) - 1]?.activation ?? (thread === undefined ? undefined : this.treeFirst(activations(inside, thread))[0]);
    const v = evaluate(expression, this.around(activation));
    if (!v.ok) return { k: "refused", message: v.error.message };
    return { k: "variables", variables: [this.variable(this.entry(expression, v.value, expression))] };
  }
}

/** Text of a stop before a finding. */
function aboutTo({ kind, message }: MachineFinding): { readonly text: string; readonly finding: string } {
  return { text: `Stopped before: ${message}`, finding: kind.replaceAll("-", " ") };
}

function chosen(findings: readonly MachineFinding[], about: FindingKey | undefined): number {
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

function nameOf({ fn }: Activation): string {
  return kernelName(fn.name);
}

function words(name: string, text: string): Entry {
  return { name, words: text, type: "", named: 0, indexed: 0 };
}
