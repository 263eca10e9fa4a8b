// The macros currently defined, in arrays by atom, and the record of which of them the current segment looked up. Expands
// nothing.
import type { Macro, Macros } from "./macro.js";
import type { Recording } from "./segment.js";
import type { Atoms } from "../lex/index.js";

interface Tables {
  readonly isMacro: Uint8Array<ArrayBuffer>;
  readonly ids: Int32Array<ArrayBuffer>;
  readonly disabled: Uint8Array<ArrayBuffer>;
  readonly arena: Int32Array<ArrayBuffer>;
}
/** Tables of the previous run, reused by the next translation unit. */
let spare: Tables | undefined;
const NO_BYTES = new Uint8Array(0);
const SPARE = 1 << 22;

export class MacroTable {
  /** By atom: 1 where a macro of this name is defined. */
  isMacro: Uint8Array<ArrayBuffer>;
  /** By atom: id of the macro of this name, or 0. */
  ids: Int32Array<ArrayBuffer>;
  /** The record of the current segment's uses of macros. */
  recording: Recording | undefined;
  private readonly saved = new Map<number, (Macro | undefined)[]>();
  protected disabled: Uint8Array<ArrayBuffer>;
  /** Token records of the current expansion. */
  protected arena: Int32Array<ArrayBuffer>;

  constructor(
    readonly atoms: Atoms,
    private readonly macros: Macros,
  ) {
    const { isMacro, ids, disabled, arena } = spare ?? {
      isMacro: new Uint8Array(1 << 17),
      ids: new Int32Array(1 << 17),
      disabled: new Uint8Array(1 << 17),
      arena: new Int32Array(1 << 16),
    };
    spare = undefined;
    this.isMacro = isMacro;
    this.ids = ids;
    this.disabled = disabled;
    this.arena = arena;
  }
  /** Leaves the tables to the next run. */
  releaseTables(): void {
    if (this.arena.length > SPARE) return;
    const { isMacro, ids, disabled, arena } = this;
    spare = { isMacro: isMacro.fill(0), ids: ids.fill(0), disabled: disabled.fill(0), arena };
    this.isMacro = NO_BYTES;
  }

  macro(name: number): Macro | undefined {
    return this.macros.of(this.ids[name] ?? 0);
  }
  define(macro: Macro): void {
    if (macro.name >= this.isMacro.length) this.growTables(macro.name);
    this.isMacro[macro.name] = 1;
    this.ids[macro.name] = macro.id;
    this.recording?.change(macro);
  }
  /** Repeats the changes of a segment: pairs of a name and the id of its macro, 0 for none. */
  apply(changes: Int32Array): void {
    for (let i = 0; i < changes.length; i += 2) {
      const name = changes[i] ?? 0;
      const id = changes[i + 1] ?? 0;
      if (name >= this.isMacro.length) this.growTables(name);
      this.isMacro[name] = id === 0 ? 0 : 1;
      this.ids[name] = id;
    }
  }
  undefine(name: number): void {
    this.isMacro[name] = 0;
    this.ids[name] = 0;
    this.recording?.change(name);
  }
  isDefined(name: number): boolean {
    this.recording?.consult(name, this.ids[name] ?? 0);
    return this.isMacro[name] === 1;
  }
  /** #pragma push_macro / pop_macro. */
  saveMacro(name: number): void {
    if (this.recording !== undefined) this.recording.spoiled = true;
    const stack = this.saved.get(name) ?? [];
    stack.push(this.macro(name));
    this.saved.set(name, stack);
  }
  restoreMacro(name: number): void {
    if (this.recording !== undefined) this.recording.spoiled = true;
    const stack = this.saved.get(name);
    if (stack === undefined || stack.length === 0) return;
    const macro = stack.pop();
    if (macro === undefined) this.undefine(name);
    else this.define(macro);
  }

  private growTables(atom: number): void {
    const size = Math.max(atom + 1, this.isMacro.length * 2);
    const isMacro = new Uint8Array(size);
    isMacro.set(this.isMacro);
    this.isMacro = isMacro;
    const ids = new Int32Array(size);
    ids.set(this.ids);
    this.ids = ids;
    const disabled = new Uint8Array(size);
    disabled.set(this.disabled);
    this.disabled = disabled;
  }
}
