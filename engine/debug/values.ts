// C values in a stopped machine, read from memory by type, with the state of the shadow, as data and as text. Read-only;
// must not know expressions or frames.

import { STACKS_BASE } from "../c/emit/index.js";
import { kernelName, MEMORY_SIZE, type Program, TAG_LINEAR, TAG_MASK, TEXT_BASE, TEXT_STRIDE } from "../c/ir/index.js";
import { type CType, enumeratorsOf, type Field, isComplete, sizeOf, TK } from "../c/types/index.js";
import type { Atoms } from "../c/lex/index.js";
import { type Core, HEAP_PAGES, HEAP_SLAB, HEAP_VMALLOC, type HeapObject, hex64, objectAt, shadowReason, type SiteEvent } from "../machine/index.js";
import { typeWords } from "./type-names.js";

/** A value: in memory, or immediate. */
export type Value =
  | { readonly k: "place"; readonly type: CType; readonly address: bigint; readonly field?: Field }
  | { readonly k: "scalar"; readonly type: CType; readonly v: bigint | number };

export interface Member {
  readonly name: string;
  readonly value: Value;
  /** C suffix that selects it from its parent: ".it_size", "[3]". */
  readonly path: string;
}

const TEXT_LENGTH = 120;

export class Values {
  private readonly program: Program;

  /** `atoms`: the table of the names in the program's types. */
  constructor(
    private readonly core: Core,
    readonly atoms: Atoms,
  ) {
    this.program = core.program;
  }

  // ---- memory -----------------------------------------------------------------------------------------------------

  /** Offset in linear memory of an address that is backed by memory. */
  offset(address: bigint): number | undefined {
    const upper = Number(BigInt.asUintN(64, address) >> 32n);
    const low = Number(BigInt.asUintN(32, address));
    return (upper & TAG_MASK) >>> 0 === TAG_LINEAR >>> 0 && low < MEMORY_SIZE ? low : undefined;
  }

  /** The bytes, regardless of the shadow; undefined if there is no memory. */
  bytes(address: bigint, size: number): Uint8Array | undefined {
    const at = this.offset(address);
    return at === undefined || at + size > MEMORY_SIZE ? undefined : this.core.bytes.subarray(at, at + size);
  }

  /** A scalar's number; undefined for other types and without memory. */
  number(value: Value): bigint | number | undefined {
    if (value.k === "scalar") return value.v;
    const { type, field } = value;
    const size = sizeOf(type);
    if (field !== undefined && field.width >= 0) {
      const raw = this.bytes(value.address, Math.ceil((field.bit + field.width) / 8));
      if (raw === undefined) return undefined;
      const bits = (little(raw) >> BigInt(field.bit)) & ((1n << BigInt(field.width)) - 1n);
      return type.signed ? BigInt.asIntN(field.width, bits) : bits;
    }
    if (type.kind === TK.Struct || type.kind === TK.Array || type.kind === TK.Func || type.kind === TK.Void) return undefined;
    const raw = this.bytes(value.address, size);
    if (raw === undefined) return undefined;
    if (type.kind === TK.Float) {
      const view = new DataView(raw.buffer, raw.byteOffset, size);
      return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
    }
    const bits = little(raw);
    return type.signed ? BigInt.asIntN(8 * size, bits) : bits;
  }

  /** What is wrong with an access to this memory, as text; "" if nothing. */
  trouble(address: bigint, size: number): string {
    const at = this.offset(address);
    if (at === undefined) return address >= 0n && address < 0x10000n ? "a null pointer" : "no memory at this address";
    if (shadowReason(this.core.bytes, at, Math.max(1, size)) === 0) return "";
    if (at >= STACKS_BASE) return "not within a stack variable";
    const object = this.objectAround(at);
    if (object?.freed !== undefined) return `freed ${kindWords(object)}, freed by ${this.eventWords(object.freed)}`;
    return object === undefined ? "never allocated" : `past the ${String(object.size)} bytes of a ${kindWords(object)}`;
  }

  /** The heap object that contains an offset, redzone included. */
  objectAround(at: number): HeapObject | undefined {
    const { heap } = this.core.state;
    const object = heap.objects[objectAt(heap, at)];
    return object !== undefined && at < object.base + object.size + 32 ? object : undefined;
  }

  eventWords({ thread, sites }: SiteEvent): string {
    const frame = this.core.treeFrame(sites);
    const where = frame === undefined ? "" : ` in ${frame.function} (${frame.file.slice(frame.file.lastIndexOf("/") + 1)}:${String(frame.line)})`;
    return `${this.core.threadName(thread)}${where}`;
  }

  // ---- words ------------------------------------------------------------------------------------------------------

  /** The value on one line. */
  words(value: Value): string {
    const { type } = value;
    if (value.k === "place") {
      const trouble = this.trouble(value.address, value.field === undefined ? sizeOf(type) : 1);
      const shown = this.plain(value);
      return trouble === "" ? shown : `${shown}  ⚠ ${trouble}`;
    }
    return this.plain(value);
  }

  private plain(value: Value): string {
    const { type } = value;
    switch (type.kind) {
      case TK.Struct:
        return value.k === "place" ? `${typeWords(type, this.atoms)} at 0x${hex64(value.address)}` : typeWords(type, this.atoms);
      case TK.Array: {
        if (value.k !== "place") return typeWords(type, this.atoms);
        const text = type.base?.kind === TK.Int && type.base.variant === 1 ? this.text(value.address, Math.max(0, type.len)) : undefined;
        return text ?? typeWords(type, this.atoms);
      }
      case TK.Func:
        return value.k === "place" ? this.pointerWords(value.address, type) : "";
      default: {
        const v = this.number(value);
        return v === undefined ? "not readable" : this.numberWords(v, type);
      }
    }
  }

  private numberWords(v: bigint | number, type: CType): string {
    if (typeof v === "number") return String(v);
    switch (type.kind) {
      case TK.Ptr:
        return this.pointerWords(BigInt.asUintN(64, v), type.base);
      case TK.Bool:
        return v === 0n ? "false" : v === 1n ? "true" : String(v);
      case TK.Enum: {
        const constant = enumeratorsOf(type).find((c) => c.value === v);
        return constant === undefined ? String(v) : `${this.atoms.text(constant.name)} (${String(v)})`;
      }
      default: {
        if (type.size === 1 && type.variant === 1 && v >= 0x20n && v < 0x7fn) return `${String(v)} '${String.fromCharCode(Number(v))}'`;
        return v > 0xffffn || v < -0xffffn ? `${String(v)} (0x${BigInt.asUintN(8 * type.size, v).toString(16)})` : String(v);
      }
    }
  }

  private pointerWords(address: bigint, target: CType | undefined): string {
    if (address === 0n) return "NULL";
    const number = `0x${hex64(address)}`;
    const name = this.symbolWords(address);
    const text = target?.kind === TK.Int && target.size === 1 ? this.text(address, TEXT_LENGTH) : undefined;
    const size = target === undefined || !isComplete(target) ? 1 : sizeOf(target);
    const trouble = target?.kind === TK.Func ? "" : this.trouble(address, size);
    const state = trouble === "" || (name ?? "") !== "" ? "" : ` → ${trouble}`;
    return `${number}${name === undefined ? "" : ` <${name}>`}${text === undefined || state !== "" ? "" : ` ${text}`}${state}`;
  }

  /** The function or global at an address, with the distance into it. */
  symbolWords(address: bigint): string | undefined {
    const low = Number(BigInt.asUintN(32, address));
    const slot = (low - TEXT_BASE) / TEXT_STRIDE;
    if (slot >= 0 && Number(address >> 32n) === TAG_LINEAR) {
      const fn = this.program.functions[slot]?.name ?? [...this.program.assumed.keys()][slot - this.program.functions.length];
      if (fn !== undefined) return kernelName(fn);
    }
    const at = this.offset(address);
    const global = at === undefined ? undefined : this.program.globals.find((g) => g.name !== "" && at >= g.addr && at < g.addr + g.size);
    if (global === undefined || at === undefined) return undefined;
    return at === global.addr ? global.name : `${global.name}+${String(at - global.addr)}`;
  }

  /** Quoted string up to its NUL; undefined if it is no text. */
  private text(address: bigint, length: number): string | undefined {
    const at = this.offset(address);
    if (at === undefined || this.trouble(address, 1) !== "") return undefined;
    let text = "";
    for (let i = at; i < Math.min(at + length, MEMORY_SIZE); i++) {
      const c = this.core.bytes[i] ?? 0;
      if (c === 0) return `"${text}"`;
      if ((c < 0x20 && c !== 10 && c !== 9) || c > 0x7e) return undefined;
      text += c === 10 ? "\\n" : c === 9 ? "\\t" : String.fromCharCode(c);
    }
    return length >= TEXT_LENGTH ? `"${text}…"` : `"${text}"`;
  }

  // ---- children ----------------------------------------------------------------------------------------------------

  /** Numbers of named and indexed children. */
  counts(value: Value): { readonly named: number; readonly indexed: number } {
    const { type } = value;
    if (type.kind === TK.Array && value.k === "place") return { named: 0, indexed: Math.max(0, type.len) };
    if (type.kind === TK.Struct && value.k === "place") return { named: this.fields(type).length, indexed: 0 };
    const target = this.pointee(value);
    if (target === undefined) return { named: 0, indexed: 0 };
    return { named: target.type.kind === TK.Struct ? this.fields(target.type).length : 1, indexed: 0 };
  }

  /** What a pointer points to; undefined if it is unreadable or has no size. */
  pointee(value: Value): Extract<Value, { k: "place" }> | undefined {
    const { base } = value.type;
    if (value.type.kind !== TK.Ptr || base === undefined || base.kind === TK.Func || base.kind === TK.Void || !isComplete(base)) return undefined;
    const address = this.number(value);
    return typeof address === "bigint" && this.offset(address) !== undefined ? { k: "place", type: base, address: BigInt.asUintN(64, address) } : undefined;
  }

  /** Members of a struct (also through a pointer), elements `start` to `start + count` of an array, what a pointer points to. */
  members(value: Value, start = 0, count = 100): readonly Member[] {
    const { type } = value;
    if (value.k === "place" && type.kind === TK.Struct) return this.structMembers(value.address, type, ".");
    if (value.k === "place" && type.kind === TK.Array && type.base !== undefined) {
      const { base } = type;
      const size = sizeOf(base);
      const found: Member[] = [];
      for (let i = start; i < Math.min(start + count, type.len); i++)
        found.push({ name: `[${String(i)}]`, path: `[${String(i)}]`, value: { k: "place", type: base, address: value.address + BigInt(i * size) } });
      return found;
    }
    const target = this.pointee(value);
    if (target === undefined) return [];
    return target.type.kind === TK.Struct ? this.structMembers(target.address, target.type, "->") : [{ name: "*", path: "*", value: target }];
  }

  private structMembers(address: bigint, type: CType, arrow: string): readonly Member[] {
    return this.fields(type).map(({ name, field, offset }) => ({
      name,
      path: `${arrow}${name}`,
      value: { k: "place", type: field.type, address: address + BigInt(offset), ...(field.width < 0 ? {} : { field }) },
    }));
  }

  /** Named fields, including those of anonymous members, as in C. */
  private fields(type: CType, base = 0): readonly { readonly name: string; readonly field: Field; readonly offset: number }[] {
    return (type.body?.fields ?? []).flatMap((field) => {
      if (field.name !== 0) return [{ name: this.atoms.text(field.name), field, offset: base + field.offset }];
      return field.width < 0 && field.type.body !== undefined ? this.fields(field.type, base + field.offset) : [];
    });
  }
}

function little(raw: Uint8Array): bigint {
  let v = 0n;
  for (let i = raw.length - 1; i >= 0; i--) v = (v << 8n) | BigInt(raw[i] ?? 0);
  return v;
}

function kindWords({ kind }: HeapObject): string {
  return kind === HEAP_SLAB ? "slab object" : kind === HEAP_VMALLOC ? "vmalloc area" : kind === HEAP_PAGES ? "page" : "object";
}
