// gcc's __atomic_… and __sync_… builtins: checked and brought to a few operations that the lowering knows. Their orders
// make no difference: the machine is sequentially consistent.

import { type CType, isInteger, type Node, sizeOf, T, TK, unqualified } from "../types/index.js";
import { assign, convert, deref, rvalue } from "./build.js";
import type { Parser } from "./parser.js";

const OPERATION = /^(?:add|sub|and|or|xor|nand)$/;

/** The operation on the object that the first argument points to; `args` are those that it needs. */
function operation(p: Parser, name: string, ty: CType, args: readonly Node[], from: number): Node {
  return { k: "builtin", name, args, ...p.span(from, ty) };
}

/** Whether a name is one of these builtins: the kernel has functions of its own that begin alike. */
export function isAtomicBuiltin(name: string): boolean {
  return (
    /^__atomic_(?:(?:load|store|exchange|compare_exchange)(?:_n)?|(?:add|sub|and|or|xor|nand)_fetch|fetch_(?:add|sub|and|or|xor|nand)|test_and_set|clear|(?:thread|signal)_fence|always_lock_free|is_lock_free)$/.test(
      name,
    ) ||
    /^__sync_(?:fetch_and_(?:add|sub|and|or|xor|nand)|(?:add|sub|and|or|xor|nand)_and_fetch|(?:bool|val)_compare_and_swap|lock_test_and_set|lock_release|synchronize)$/.test(
      name,
    )
  );
}

export function parseAtomic(p: Parser, full: string, args: readonly Node[], from: number): Node {
  const name = full.replace(/^__(?:atomic|sync)_/, "");
  if (name === "thread_fence" || name === "signal_fence" || name === "synchronize") return operation(p, "fence", T.void, [], from);
  if (name === "always_lock_free" || name === "is_lock_free") {
    const size = args[0]?.k === "int" ? args[0].v : 0n;
    return p.int(size === 1n || size === 2n || size === 4n || size === 8n ? 1n : 0n, T.bool, from);
  }
  const at = (i: number): Node => args[i] ?? p.fail("arguments", `too few arguments to ${full}`, from);
  const pointer = rvalue(p, at(0));
  const object = pointer.ty.kind === TK.Ptr ? unqualified(pointer.ty.base ?? T.void) : T.void;
  if (name === "test_and_set" || name === "clear") {
    const byte = { ...pointer, ty: pointer.ty.kind === TK.Ptr ? pointer.ty : p.fail("operands", `${full} needs a pointer`, from) };
    const value = p.int(name === "clear" ? 0n : 1n, T.uchar, from);
    return name === "clear" ? operation(p, "atomic-store", T.void, [byte, value], from) : operation(p, "atomic-exchange", T.bool, [byte, value], from);
  }
  if (!(isInteger(object) || object.kind === TK.Ptr) || sizeOf(object) > 8)
    return p.fail("operands", `${full} needs a pointer to an integer or pointer of at most 8 bytes`, from);
  const value = (i: number): Node => convert(p, at(i), object);
  const pointed = (i: number): Node => convert(p, deref(p, at(i), from), object);
  const put = (i: number, made: Node): Node => {
    const done = assign(p, deref(p, at(i), from), made, from);
    return { k: "cast", e: done, ...p.span(from, T.void) };
  };
  const compare = (wanted: Node, expected: "value" | "pointer", desired: Node, result: CType): Node =>
    operation(p, `atomic-compare-${expected}`, result, [pointer, wanted, desired], from);
  switch (name) {
    case "load_n":
      return operation(p, "atomic-load", object, [pointer], from);
    case "load":
      return put(1, operation(p, "atomic-load", object, [pointer], from));
    case "store_n":
      return operation(p, "atomic-store", T.void, [pointer, value(1)], from);
    case "store":
      return operation(p, "atomic-store", T.void, [pointer, pointed(1)], from);
    case "exchange_n":
    case "lock_test_and_set":
      return operation(p, "atomic-exchange", object, [pointer, value(1)], from);
    case "exchange":
      return put(2, operation(p, "atomic-exchange", object, [pointer, pointed(1)], from));
    case "lock_release":
      return operation(p, "atomic-store", T.void, [pointer, convert(p, p.int(0n, T.int, from), object)], from);
    case "compare_exchange_n":
      return compare(rvalue(p, at(1)), "pointer", value(2), T.bool);
    case "compare_exchange":
      return compare(rvalue(p, at(1)), "pointer", pointed(2), T.bool);
    case "bool_compare_and_swap":
      return compare(value(1), "value", value(2), T.bool);
    case "val_compare_and_swap":
      return compare(value(1), "value", value(2), object);
  }
  const op = name.replace(/^fetch_(?:and_)?|_(?:and_)?fetch$/g, "");
  if (!OPERATION.test(op)) return p.fail("builtin", `unsupported builtin '${full}'`, from);
  // gcc counts bytes where the object is a pointer.
  const operand = object.kind === TK.Ptr ? convert(p, at(1), T.ulong) : value(1);
  return operation(p, `atomic-${name.startsWith("fetch") ? "fetch" : "new"}-${op}`, object, [pointer, operand], from);
}
