// What a debugger sees at the current position of a recorded run: threads, frames, scopes, variables and expressions, and
// the reference numbers by which the host names them. Must not move the run.

import { TK, type VarSym } from "../c/types/index.js";
import { hex64, type Thread } from "../machine/index.js";
import { evaluate, type Surroundings } from "./evaluate.js";
import { type Activation, activations, frameBase, fromTree, localOf, nameOf, ofBits } from "./frames.js";
import type { Journal } from "./journal.js";
import type { DebugFrame, DebugReply, DebugScope, DebugThread, DebugVariable } from "./messages.js";
import { inSight, type Names, type Variable } from "./names.js";
import type { Player } from "./player.js";
import { type Shown, TableView } from "./table.js";
import { typeWords } from "./type-names.js";
import { type Value, Values } from "./values.js";

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

export class Inspector {
  readonly values: Values;
  private readonly tableView: TableView;
  /** Meanings of the reference numbers given out since the last move. */
  private frames: { readonly thread: Thread; readonly activation: Activation }[] = [];
  private refs: ((start: number, count: number) => readonly Entry[])[] = [];

  constructor(
    private readonly player: Player,
    private readonly journal: Journal,
    private readonly names: Names,
  ) {
    const { inside } = player.machine;
    this.values = new Values(inside, names.atoms);
    this.tableView = new TableView(inside, names, this.values);
  }

  /** The run has moved: earlier reference numbers are no longer valid. */
  reset(): void {
    this.frames = [];
    this.refs = [];
  }

  /** The iommu_tables, as in the scope "TCE table". */
  tables(): readonly DebugVariable[] {
    return this.tableView.tables().map((s) => this.variable(this.shown(s)));
  }

  /** The members of the value with this reference number; undefined where the number is no longer valid. */
  variables(ref: number, start: number, count: number): readonly DebugVariable[] | undefined {
    return this.refs[ref - 1]?.(start, count).map((e) => this.variable(e));
  }

  /** Whether a condition is true in the current thread; false where it cannot be evaluated there. */
  conditionHolds(condition: string): boolean {
    const { inside } = this.player.machine;
    const thread = inside.current();
    const activation = thread === undefined ? undefined : activations(inside, thread)[0];
    const v = evaluate(condition, this.around(activation));
    if (!v.ok) return false;
    const number = this.values.number(v.value);
    return number !== undefined && number !== 0n && number !== 0;
  }

  threads(): readonly DebugThread[] {
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

  stack(id: number): readonly DebugFrame[] {
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

  scopes(frame: number): readonly DebugScope[] {
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
    add("TCE table", "table", () => this.tableView.tables().map((s) => this.shown(s)));
    add("Machine", "machine", () =>
      this.tableView.machine(this.player.position - this.journal.begin, this.journal.end - this.journal.begin).map((s) => this.shown(s)),
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
      const selected =
        expression === undefined
          ? undefined
          : path === "*"
            ? `*(${expression})`
            : `${/^[\w.>[\]-]+$/.test(expression) ? expression : `(${expression})`}${path}`;
      return this.entry(name, inner, selected);
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

  evaluated(expression: string, frame: number | undefined): DebugReply {
    const { inside } = this.player.machine;
    const thread = inside.current();
    // Without a frame: the run's current position in the tree.
    const activation = this.frames[(frame ?? 0) - 1]?.activation ?? (thread === undefined ? undefined : fromTree(activations(inside, thread))[0]);
    const v = evaluate(expression, this.around(activation));
    if (!v.ok) return { k: "refused", message: v.error.message };
    return { k: "variables", variables: [this.variable(this.entry(expression, v.value, expression))] };
  }
}

function words(name: string, text: string): Entry {
  return { name, words: text, type: "", named: 0, indexed: 0 };
}
