// A writer for the WebAssembly binary format (core specification, chapter 5): LEB128 numbers, sections, opcode
// numbers by name. Must not know the IR or the machine.

import type { ValType } from "../ir/index.js";

export class ByteWriter {
  private bytes: Uint8Array;
  private used = 0;

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.used;
  }

  private room(extra: number): void {
    const need = this.used + extra;
    if (need <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(need, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.used));
    this.bytes = grown;
  }

  clear(): void {
    this.used = 0;
  }

  u8(value: number): void {
    if (this.used === this.bytes.length) this.room(1);
    this.bytes[this.used++] = value;
  }

  /** Unsigned LEB128 of a number below 2^32. */
  u32(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.u8(rest);
  }

  /** Signed LEB128 of a 32-bit pattern. */
  s32(value: number): void {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
        this.u8(low);
        return;
      }
      this.u8(low | 0x80);
    }
  }

  /** Signed LEB128 of a 64-bit pattern. */
  s64(value: bigint): void {
    const signed = BigInt.asIntN(64, value);
    if (signed >= -0x40000000n && signed < 0x40000000n) {
      this.s32(Number(signed));
      return;
    }
    let rest = signed;
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) {
        this.u8(low);
        return;
      }
      this.u8(low | 0x80);
    }
  }

  f32(value: number): void {
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, value, true);
    for (let i = 0; i < 4; i++) this.u8(view.getUint8(i));
  }

  f64(value: number): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.u8(view.getUint8(i));
  }

  /** Length and UTF-8 bytes. */
  name(text: string): void {
    const utf8 = new TextEncoder().encode(text);
    this.u32(utf8.length);
    this.append(utf8);
  }

  append(data: Uint8Array): void {
    this.room(data.length);
    this.bytes.set(data, this.used);
    this.used += data.length;
  }

  /** The bytes written so far; valid until the next write. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.used);
  }

  take(): Uint8Array {
    return this.bytes.slice(0, this.used);
  }
}

export const VALTYPE: Readonly<Record<ValType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };
export const VOID_BLOCK = 0x40;

/** Control, variable and bulk-memory instructions. */
export const Op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  bulk: 0xfc,
} as const;
export const BULK_COPY = 10;
export const BULK_FILL = 11;

const INT_COMPARE = "eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u".split(" ");
const FLOAT_COMPARE = "eq ne lt gt le ge".split(" ");
const INT_ARITH = "clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr".split(" ");
const FLOAT_ARITH = "abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign".split(" ");
const CONVERSIONS = [
  "i32.wrap_i64",
  "i32.trunc_f32_s",
  "i32.trunc_f32_u",
  "i32.trunc_f64_s",
  "i32.trunc_f64_u",
  "i64.extend_i32_s",
  "i64.extend_i32_u",
  "i64.trunc_f32_s",
  "i64.trunc_f32_u",
  "i64.trunc_f64_s",
  "i64.trunc_f64_u",
  "f32.convert_i32_s",
  "f32.convert_i32_u",
  "f32.convert_i64_s",
  "f32.convert_i64_u",
  "f32.demote_f64",
  "f64.convert_i32_s",
  "f64.convert_i32_u",
  "f64.convert_i64_s",
  "f64.convert_i64_u",
  "f64.promote_f32",
  "i32.reinterpret_f32",
  "i64.reinterpret_f64",
  "f32.reinterpret_i32",
  "f64.reinterpret_i64",
  "i32.extend8_s",
  "i32.extend16_s",
  "i64.extend8_s",
  "i64.extend16_s",
  "i64.extend32_s",
];
const MEMORY = [
  ..."i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u".split(" "),
  ..."i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u".split(" "),
  ..."i32.store i64.store f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32".split(" "),
];

function numberOpcodes(): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  MEMORY.forEach((op, i) => table.set(op, 0x28 + i));
  let code = 0x45;
  const group = (type: ValType, ops: readonly string[]): void => {
    for (const op of ops) table.set(`${type}.${op}`, code++);
  };
  group("i32", INT_COMPARE);
  group("i64", INT_COMPARE);
  group("f32", FLOAT_COMPARE);
  group("f64", FLOAT_COMPARE);
  group("i32", INT_ARITH);
  group("i64", INT_ARITH);
  group("f32", FLOAT_ARITH);
  group("f64", FLOAT_ARITH);
  for (const op of CONVERSIONS) table.set(op, code++);
  return table;
}

/** Instructions with the prefix Op.bulk, by their second number: conversions that do not trap. */
export const SATURATING: ReadonlyMap<string, number> = new Map(
  ["i32", "i64"].flatMap((to) => ["f32_s", "f32_u", "f64_s", "f64_u"].map((from) => `${to}.trunc_sat_${from}`)).map((op, i) => [op, i]),
);

/** Number of a numeric or memory instruction by its name in the specification. */
export const OPCODE: ReadonlyMap<string, number> = numberOpcodes();

export function opcode(name: string): number {
  const code = OPCODE.get(name);
  if (code === undefined) throw new Error(`no WebAssembly instruction ${name}`);
  return code;
}

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
} as const;

/** Buffer for the section being written; sections do not nest. */
const sectionBody = new ByteWriter(4096);

/** Writes one section: id, size, content. */
export function section(out: ByteWriter, id: number, fill: (body: ByteWriter) => void): void {
  const body = sectionBody;
  body.clear();
  fill(body);
  out.u8(id);
  out.u32(body.length);
  out.append(body.view());
}

export const MAGIC = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
