// Writes single WebAssembly instructions by name: constants, locals, globals, memory accesses, blocks. Depends on the names
// of the module's globals and hooks; must not know C or the IR.

import { globalIndex, type GlobalName } from "./layout.js";
import type { ValType } from "../ir/index.js";
import { BULK_COPY, BULK_FILL, ByteWriter, Op, opcode, SATURATING, VOID_BLOCK } from "./wasm.js";

export class Assembler {
  readonly out = new ByteWriter(4096);
  /** Blocks opened here and not yet closed: branches from inside them to outer labels need their number. */
  extraDepth = 0;

  /** Branch hints, alternating: the offset of a branch, then 0 if it is unlikely or 1 if it is likely. */
  protected readonly hints: number[] = [];

  /** Marks the next branch as likely or unlikely. */
  likely(taken: boolean): void {
    this.hints.push(this.out.length, taken ? 1 : 0);
  }

  op(name: string): void {
    const saturating = SATURATING.get(name);
    if (saturating !== undefined) {
      this.out.u8(Op.bulk);
      this.out.u32(saturating);
      return;
    }
    this.out.u8(opcode(name));
  }
  i32(value: number): void {
    this.out.u8(Op.i32Const);
    this.out.s32(value);
  }
  i64(value: bigint): void {
    this.out.u8(Op.i64Const);
    this.out.s64(value);
  }
  zero(type: ValType): void {
    if (type === "i32") this.i32(0);
    else if (type === "i64") this.i64(0n);
    else if (type === "f32") {
      this.out.u8(Op.f32Const);
      this.out.f32(0);
    } else {
      this.out.u8(Op.f64Const);
      this.out.f64(0);
    }
  }
  getLocal(local: number): void {
    this.out.u8(Op.localGet);
    this.out.u32(local);
  }
  setLocal(local: number): void {
    this.out.u8(Op.localSet);
    this.out.u32(local);
  }
  protected teeLocal(local: number): void {
    this.out.u8(Op.localTee);
    this.out.u32(local);
  }
  getGlobal(name: GlobalName): void {
    this.out.u8(Op.globalGet);
    this.out.u32(globalIndex(name));
  }
  setGlobal(name: GlobalName): void {
    this.out.u8(Op.globalSet);
    this.out.u32(globalIndex(name));
  }
  protected memory(op: string, offset: number): void {
    this.op(op);
    this.out.u8(0); // alignment hint: none
    this.out.u32(offset);
  }
  protected block(op: number): void {
    this.out.u8(op);
    this.out.u8(VOID_BLOCK);
    this.extraDepth++;
  }
  protected end(): void {
    this.out.u8(Op.end);
    this.extraDepth--;
  }
  protected addGlobal(name: GlobalName, amount: number): void {
    this.getGlobal(name);
    this.i32(amount);
    this.op("i32.add");
    this.setGlobal(name);
  }
  protected bulkCopy(): void {
    this.out.u8(Op.bulk);
    this.out.u32(BULK_COPY);
    this.out.u8(0);
    this.out.u8(0);
  }
  protected bulkFill(): void {
    this.out.u8(Op.bulk);
    this.out.u32(BULK_FILL);
    this.out.u8(0);
  }
}
