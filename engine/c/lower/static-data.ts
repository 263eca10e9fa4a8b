// Objects with static storage: the bytes of an initializer and the addresses in it (C11 6.6p9 address constants).

import { constEval, constFloat, type CType, type FuncSym, type Init, isInteger, type Node, sizeOf, TK, type VarSym, wrap } from "../types/index.js";

export interface Reloc {
  readonly at: number;
  readonly target: AddressTarget;
  readonly add: bigint;
  /** In bytes: 8, the size of a pointer. */
  readonly size: number;
}
export type AddressTarget =
  { readonly k: "var"; readonly sym: VarSym } | { readonly k: "fn"; readonly sym: FuncSym } | { readonly k: "str"; readonly bytes: Uint8Array };

export interface StaticImage {
  readonly bytes: Uint8Array;
  readonly relocs: readonly Reloc[];
  /** First initializer that is not constant. */
  readonly bad: Node | undefined;
}

/** Values of `&&label` nodes in initializers: block numbers, known once the function is lowered. */
export const labelValues = new WeakMap<Node, bigint>();

interface Address {
  readonly target: AddressTarget | undefined;
  readonly add: bigint;
}

/** Symbol plus offset, or undefined if the node is not an address constant. */
function address(n: Node): Address | undefined {
  const k = constEval(n);
  if (k !== undefined) return { target: undefined, add: k };
  switch (n.k) {
    case "addr":
      return placeAddress(n.e);
    case "label":
      return { target: undefined, add: labelValues.get(n) ?? 0n };
    case "ptrdiff": {
      const a = address(n.a);
      const b = address(n.b);
      if (a === undefined || b === undefined || !sameTarget(a.target, b.target)) return undefined;
      return { target: undefined, add: (a.add - b.add) / BigInt(Math.max(1, n.scale)) };
    }
    case "fn":
      return { target: { k: "fn", sym: n.sym }, add: 0n };
    case "cast": {
      // A conversion between pointers and 64-bit integers does not change the address.
      const a = address(n.e);
      if (a === undefined || sizeOf(n.ty) === 8 || n.ty.kind === TK.Ptr) return a;
      return a.target === undefined && isInteger(n.ty) ? { target: undefined, add: wrap(a.add, n.ty) } : undefined;
    }
    case "ptradd": {
      const a = address(n.a);
      const b = constEval(n.b);
      if (a === undefined || b === undefined) return undefined;
      const d = b * BigInt(n.scale);
      return { target: a.target, add: n.minus ? a.add - d : a.add + d };
    }
    case "bin": {
      if (n.op !== "+" && n.op !== "-") return undefined;
      const a = address(n.a);
      const b = address(n.b);
      if (a === undefined || b === undefined || b.target !== undefined)
        return n.op === "+" && b !== undefined && a !== undefined && a.target === undefined ? { target: b.target, add: a.add + b.add } : undefined;
      return { target: a.target, add: n.op === "+" ? a.add + b.add : a.add - b.add };
    }
    case "cond": {
      const c = constEval(n.c) ?? (address(n.c)?.target !== undefined ? 1n : undefined);
      if (c === undefined) return undefined;
      return address(c !== 0n ? (n.a ?? n.c) : n.b);
    }
    case "stmtexpr":
      return n.body.body.length === 0 && n.value !== undefined ? address(n.value) : undefined;
    default:
      return undefined;
  }
}

function sameTarget(a: AddressTarget | undefined, b: AddressTarget | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.k !== "str" && b.k !== "str" && a.sym === b.sym;
}

function placeAddress(n: Node): Address | undefined {
  switch (n.k) {
    case "var":
      return n.sym.link === "" ? undefined : { target: { k: "var", sym: n.sym }, add: 0n };
    case "compound":
      return n.sym.link === "" ? undefined : { target: { k: "var", sym: n.sym }, add: 0n };
    case "str":
      return { target: { k: "str", bytes: n.bytes }, add: 0n };
    case "fn":
      return { target: { k: "fn", sym: n.sym }, add: 0n };
    case "deref":
      return address(n.e);
    case "member": {
      const a = placeAddress(n.e);
      return a === undefined ? undefined : { target: a.target, add: a.add + BigInt(n.path.reduce((sum, f) => sum + f.offset, 0)) };
    }
    default:
      return undefined;
  }
}

/** The image of an object of type `ty`: all zero without an initializer. */
export function staticImage(ty: CType, init: Init | undefined): StaticImage {
  const bytes = new Uint8Array(Math.max(sizeOf(ty), init?.size ?? 0));
  const relocs: Reloc[] = [];
  let bad: Node | undefined;
  const view = new DataView(bytes.buffer);

  const fill = (from: Init, base: number): void => {
    for (const item of from.items) {
      const at = base + item.offset;
      const v = item.value;
      // A later initializer of the same bytes overrides an earlier one.
      for (let i = relocs.length - 1; i >= 0; i--) {
        const r = relocs[i];
        if (r !== undefined && r.at >= at && r.at < at + Math.max(1, sizeOf(item.type))) relocs.splice(i, 1);
      }
      if (v.k === "str" && item.type.kind === TK.Array) {
        bytes.set(v.bytes.subarray(0, Math.max(0, bytes.length - at)), at);
      } else if (item.type.kind === TK.Struct) {
        const src = v.k === "compound" ? v.sym : v.k === "var" && v.sym.init !== undefined ? v.sym : undefined;
        if (src === undefined) bad ??= v;
        else {
          bytes.fill(0, at, at + sizeOf(item.type));
          if (src.init !== undefined) fill(src.init, at);
        }
      } else scalar(item.type, at, item.field, v);
    }
  };

  const scalar = (type: CType, at: number, field: Init["items"][number]["field"], v: Node): void => {
    if (type.kind === TK.Float) {
      const x = constFloat(v) ?? Number(constEval(v) ?? NaN);
      if (type.size === 4) view.setFloat32(at, x, true);
      else view.setFloat64(at, x, true);
      return;
    }
    const a = address(v);
    if (a === undefined) {
      bad ??= v;
      return;
    }
    const size = type.kind === TK.Ptr ? 8 : sizeOf(type);
    if (a.target !== undefined) {
      if (size !== 8 || field !== undefined) bad ??= v;
      else relocs.push({ at, target: a.target, add: a.add, size });
      return;
    }
    if (field !== undefined) {
      let mask = ((1n << BigInt(field.width)) - 1n) << BigInt(field.bit);
      let value = (BigInt.asUintN(field.width, a.add) << BigInt(field.bit)) & mask;
      for (let i = at; mask !== 0n; i++) {
        bytes[i] = ((bytes[i] ?? 0) & ~Number(mask & 0xffn)) | Number(value & 0xffn);
        mask >>= 8n;
        value >>= 8n;
      }
      return;
    }
    let value = BigInt.asUintN(size * 8, a.add);
    for (let i = 0; i < size; i++) {
      bytes[at + i] = Number(value & 0xffn);
      value >>= 8n;
    }
  };

  if (init !== undefined) fill(init, 0);
  return { bytes, relocs, bad };
}
