// A 128-bit hash of ranges of linear memory, to recognize equal states: the rounds of xxHash64 (Y. Collet) in four lanes, of
// which two results are kept. WebAssembly is several times as fast as JavaScript at this. Not cryptographic.

import { ByteWriter, MAGIC, Op, opcode, SECTION, section, VALTYPE, VOID_BLOCK } from "../c/emit/index.js";

const LANES = 4;
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const STEP = 8 * LANES;

/** Function 0: (from, to) hashes the words from `from` on in full steps up to `to`. Globals 0 to 3: the lanes. */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(512);
  out.append(MAGIC);
  section(out, SECTION.type, (b) => {
    b.append(new Uint8Array([1, 0x60, 2, VALTYPE.i32, VALTYPE.i32, 0]));
  });
  section(out, SECTION.import, (b) => {
    b.u32(1);
    b.name("env");
    b.name("memory");
    b.append(new Uint8Array([2, 0, 0]));
  });
  section(out, SECTION.function, (b) => {
    b.append(new Uint8Array([1, 0]));
  });
  section(out, SECTION.global, (b) => {
    b.u32(LANES);
    for (let lane = 0; lane < LANES; lane++) {
      b.append(new Uint8Array([VALTYPE.i64, 1, Op.i64Const]));
      b.s64(0n);
      b.u8(Op.end);
    }
  });
  section(out, SECTION.export, (b) => {
    b.u32(1 + LANES);
    b.name("hash");
    b.append(new Uint8Array([0, 0]));
    for (let lane = 0; lane < LANES; lane++) {
      b.name(`lane${String(lane)}`);
      b.append(new Uint8Array([3, lane]));
    }
  });
  section(out, SECTION.code, (b) => {
    const code = body();
    b.u32(1);
    b.u32(code.length);
    b.append(code);
  });
  return new Uint8Array(out.take());
}

function body(): Uint8Array {
  const b = new ByteWriter(256);
  const op = (name: string): void => {
    b.u8(opcode(name));
  };
  const local = (how: number, index: number): void => {
    b.u8(how);
    b.u32(index);
  };
  const i32 = (value: number): void => {
    b.u8(Op.i32Const);
    b.s32(value);
  };
  const i64 = (value: bigint): void => {
    b.u8(Op.i64Const);
    b.s64(value);
  };
  // Locals 0: at; 1: to; 2..5: the lanes.
  b.append(new Uint8Array([1, LANES, VALTYPE.i64]));
  for (let lane = 0; lane < LANES; lane++) {
    local(Op.globalGet, lane);
    local(Op.localSet, 2 + lane);
  }
  b.append(new Uint8Array([Op.block, VOID_BLOCK, Op.loop, VOID_BLOCK]));
  local(Op.localGet, 0);
  i32(STEP);
  op("i32.add");
  local(Op.localGet, 1);
  op("i32.gt_u");
  b.u8(Op.brIf);
  b.u32(1);
  for (let lane = 0; lane < LANES; lane++) {
    local(Op.localGet, 0);
    op("i64.load");
    b.u8(3);
    b.u32(8 * lane);
    i64(P2);
    op("i64.mul");
    local(Op.localGet, 2 + lane);
    op("i64.add");
    i64(31n);
    op("i64.rotl");
    i64(P1);
    op("i64.mul");
    local(Op.localSet, 2 + lane);
  }
  local(Op.localGet, 0);
  i32(STEP);
  op("i32.add");
  local(Op.localSet, 0);
  b.u8(Op.br);
  b.u32(0);
  b.append(new Uint8Array([Op.end, Op.end]));
  for (let lane = 0; lane < LANES; lane++) {
    local(Op.localGet, 2 + lane);
    local(Op.globalSet, lane);
  }
  b.u8(Op.end);
  return b.take();
}

let compiled: WebAssembly.Module | undefined;

export class MemoryHash {
  private readonly lanes: readonly WebAssembly.Global<bigint>[];
  private readonly run: (from: number, to: number) => void;

  constructor(memory: WebAssembly.Memory) {
    compiled ??= new WebAssembly.Module(moduleBytes());
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    this.run = exports["hash"] as (from: number, to: number) => void;
    this.lanes = Array.from({ length: LANES }, (_, lane) => {
      const global = exports[`lane${String(lane)}`];
      // The module above has its lanes as i64.
      if (global instanceof WebAssembly.Global) return global as WebAssembly.Global<bigint>;
      throw new Error("the hash has no lanes");
    });
  }

  begin(): void {
    this.lanes.forEach((lane, i) => (lane.value = BigInt(i + 1) * P1));
  }
  /** `from` and `to` are rounded to multiples of 32; memory is read to the end of the last one. */
  add(from: number, to: number): void {
    const [start, end] = [from - (from % STEP), Math.ceil(to / STEP) * STEP];
    this.run(start, end);
  }
  /** 128 bits as text. */
  end(): string {
    const [a = 0n, b = 0n, c = 0n, d = 0n] = this.lanes.map((lane) => BigInt.asUintN(64, lane.value));
    return mixed(a, c).toString(36) + "." + mixed(b, d).toString(36);
  }
}

function mixed(x: bigint, y: bigint): bigint {
  const sum = BigInt.asUintN(64, x + BigInt.asUintN(64, (y << 18n) | (y >> 46n)));
  return BigInt.asUintN(64, (sum ^ (sum >> 33n)) * P2);
}
