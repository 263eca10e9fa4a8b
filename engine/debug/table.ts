// Scopes for readers of the IOMMU code, at every stop: all live and freed iommu_tables with the hypervisor's TCEs, and the
// state of the machine. Tables are found by their type.

import { type CType, findMember, sizeOf, T } from "../c/types/index.js";
import { type Core, HEAP_SLAB, type HeapObject, hex64 } from "../machine/index.js";
import type { Names } from "./names.js";
import type { Value, Values } from "./values.js";

/** A line of a scope: a C value, or text. */
export interface Shown {
  readonly name: string;
  readonly words?: string;
  readonly value?: Value;
  readonly inside?: () => readonly Shown[];
}

/** Limit of entries listed per window. */
const LISTED = 256;
const TCE_VALID = 3n;

export class TableView {
  constructor(
    private readonly core: Core,
    private readonly names: Names,
    private readonly values: Values,
  ) {}

  /** Every iommu_table ever allocated, live ones first. */
  tables(): readonly Shown[] {
    const type = this.tableType();
    if (type === undefined) return [{ name: "iommu_table", words: "this tree has no struct iommu_table" }];
    const found = this.core.state.heap.objects.filter((o) => this.isTable(o, type));
    if (found.length === 0) return [{ name: "iommu_table", words: "none yet" }];
    return found
      .sort((a, b) => Number(a.freed !== undefined) - Number(b.freed !== undefined))
      .map((object): Shown => {
        const address = this.core.address(object.base, object.kind);
        const state = object.freed === undefined ? "" : `  ⚠ freed by ${this.values.eventWords(object.freed)}`;
        return {
          name: `LIOBN 0x${this.read(type, address, "it_index").toString(16)}`,
          words: `${this.summary(type, address)}${state}`,
          inside: () => this.insides(type, address),
        };
      });
  }

  private tableType(): CType | undefined {
    for (const { unit } of this.names.units) {
      const type = unit.tag("iommu_table");
      if (type?.body?.complete === true) return type;
    }
    return undefined;
  }

  /** A slab object of the type's size whose `it_ops` points to operations of an IOMMU table. */
  private isTable(object: HeapObject, type: CType): boolean {
    if (object.kind !== HEAP_SLAB || object.size !== sizeOf(type)) return false;
    const ops = this.read(type, this.core.address(object.base, object.kind), "it_ops");
    return object.freed !== undefined || ops === 0n || this.values.symbolWords(ops) !== undefined;
  }

  private member(type: CType, address: bigint, name: string): Value | undefined {
    const path = type.body === undefined ? undefined : findMember(type.body, this.values.atoms.of(name));
    const field = path?.[path.length - 1];
    if (path === undefined || field === undefined) return undefined;
    return { k: "place", type: field.type, address: address + BigInt(path.reduce((sum, f) => sum + f.offset, 0)) };
  }

  private read(type: CType, address: bigint, name: string): bigint {
    const member = this.member(type, address, name);
    const v = member === undefined ? undefined : this.values.number(member);
    return typeof v === "bigint" ? BigInt.asUintN(64, v) : 0n;
  }

  private summary(type: CType, address: bigint): string {
    const size = this.read(type, address, "it_size");
    const bits = this.bits(type, address);
    return `${bits === undefined ? "it_map unreadable" : `${String(bits.set)} of ${String(size)} bits set`}, ${String(this.held(this.read(type, address, "it_index")).length)} TCEs held by the hypervisor`;
  }

  /** Number of bits set in it_map, and why it can't be read. */
  private bits(type: CType, address: bigint): { readonly set: number; readonly first: readonly number[] } | undefined {
    const size = Number(this.read(type, address, "it_size"));
    const bytes = size > 0x4000000 ? undefined : this.values.bytes(this.read(type, address, "it_map"), Math.ceil(size / 8));
    if (bytes === undefined) return undefined;
    const first: number[] = [];
    let set = 0;
    bytes.forEach((byte, i) => {
      for (let b = 0; byte >> b !== 0; b++) {
        if (((byte >> b) & 1) === 0) continue;
        set++;
        if (first.length < LISTED) first.push(8 * i + b);
      }
    });
    return { set, first };
  }

  private insides(type: CType, address: bigint): readonly Shown[] {
    const value = (name: string): readonly Shown[] => {
      const member = this.member(type, address, name);
      return member === undefined ? [] : [{ name, value: member }];
    };
    const map = this.read(type, address, "it_map");
    const trouble = map === 0n ? "" : this.values.trouble(map, 8);
    const bits = this.bits(type, address);
    const held = this.held(this.read(type, address, "it_index"));
    const references = this.member(type, address, "it_kref");
    return [
      ...value("it_index"),
      ...value("it_size"),
      ...value("it_page_shift"),
      {
        name: "bits set in it_map",
        words: bits === undefined ? "unreadable" : `${String(bits.set)}${trouble === "" ? "" : `  ⚠ ${trouble}`}`,
        ...(bits === undefined || bits.set === 0
          ? {}
          : { inside: (): readonly Shown[] => bits.first.map((bit) => ({ name: `bit ${String(bit)}`, words: `entry ${String(bit)}` })) }),
      },
      ...value("it_reserved_start"),
      ...value("it_reserved_end"),
      ...(references === undefined ? [] : [{ name: "references", words: this.references(references), value: references }]),
      {
        name: "TCEs held by the hypervisor",
        words: held.length === 0 ? "none" : String(held.length),
        ...(held.length === 0
          ? {}
          : {
              inside: (): readonly Shown[] =>
                held.slice(0, LISTED).map(({ index, tce }) => ({
                  name: `entry ${String(index)}`,
                  words: `0x${hex64(tce)}: real page 0x${(tce & ~0xfffn).toString(16)}, ${rights(tce)}`,
                })),
            }),
      },
      { name: "struct iommu_table", value: { k: "place", type, address } },
    ];
  }

  /** The first int of a kref is its counter. */
  private references(kref: Value): string {
    const v = kref.k === "place" ? this.values.number({ k: "place", type: T.int, address: kref.address }) : undefined;
    return v === undefined ? "unreadable" : String(v);
  }

  /** Valid TCEs of a window, read from the hypervisor's C data. */
  private held(liobn: bigint): readonly { readonly index: number; readonly tce: bigint }[] {
    const all = this.names.units.map(({ unit }) => unit.known(unit.atoms.of("hv_windows"))).find((sym) => sym?.kind === "var");
    if (all?.kind !== "var") return [];
    const address = this.core.program.address(all.link);
    const found: { index: number; tce: bigint }[] = [];
    if (address === 0n) return found;
    for (const { value } of this.values.members({ k: "place", type: all.type, address })) {
      if (value.k !== "place" || this.read(value.type, value.address, "live") === 0n || this.read(value.type, value.address, "liobn") !== liobn) continue;
      const chunks = this.member(value.type, value.address, "chunk");
      if (chunks === undefined) continue;
      this.values.members(chunks, 0, chunks.type.len).forEach((chunk, i) => {
        const at = this.values.number(chunk.value);
        const bytes = typeof at === "bigint" && at !== 0n ? this.values.bytes(BigInt.asUintN(64, at), CHUNK * 8) : undefined;
        if (bytes === undefined) return;
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        for (let j = 0; j < CHUNK; j++) {
          const tce = view.getBigUint64(8 * j, true);
          if ((tce & TCE_VALID) !== 0n) found.push({ index: i * CHUNK + j, tce });
        }
      });
    }
    return found;
  }

  /** State of the machine. */
  machine(position: number, places: number): readonly Shown[] {
    const { core } = this;
    const { state } = core;
    const thread = core.current();
    const lines: Shown[] = [
      { name: "virtual time", words: `${(core.now() / 1e9).toFixed(6)} s` },
      { name: "position in the run", words: `${String(position)} of ${String(places)}` },
      { name: "visible operations", words: String(state.ops + core.globals.ops.value) },
      { name: "CPU", words: thread === undefined ? "none" : String(thread.cpu) },
      { name: "TCEs mapped", words: String(state.trace.mapped) },
      { name: "findings so far", words: String(state.findings.length), ...(state.findings.length === 0 ? {} : { inside: () => this.findings() }) },
    ];
    const own = this.names.units.map(({ unit }) => unit.known(unit.atoms.of("svc_threads"))).find((sym) => sym?.kind === "var");
    const address = own?.kind === "var" ? core.program.address(own.link) : 0n;
    if (own?.kind === "var" && address !== 0n && thread !== undefined) {
      const [me] = this.values.members({ k: "place", type: own.type, address }, thread.id, 1);
      if (me?.value.k === "place") {
        lines.push({ name: "spin locks held", words: String(this.read(me.value.type, me.value.address, "spinning")) });
        lines.push({ name: "interrupts", words: this.read(me.value.type, me.value.address, "irq_mask") === 0n ? "on" : "off" });
      }
    }
    return lines;
  }

  private findings(): readonly Shown[] {
    return this.core.state.findings.map((f) => ({ name: f.kind, words: `${f.message} (${f.function}, ${f.file}:${String(f.line)})` }));
  }
}

/** TCEs in a chunk of the hypervisor's table (engine/world/hypervisor.c). */
const CHUNK = 512;

function rights(tce: bigint): string {
  return (tce & 1n) !== 0n ? ((tce & 2n) !== 0n ? "read and write" : "read") : "write";
}
