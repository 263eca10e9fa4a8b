// Raw memory of a stopped run. Memory that was never allocated is unreadable; freed memory is readable and marked as freed.
// Must not know variables.

import { hex64, shadowReason } from "../machine/index.js";
import type { DebugReply } from "./messages.js";
import type { Values } from "./values.js";

/** Limit of bytes per request. */
const MAX_BYTES = 1 << 20;

/** @param reference an address as "0x" and hexadecimal digits; `offset` and `count` in bytes */
export function memoryAt(bytes: Uint8Array, values: Values, reference: string, offset: number, count: number): DebugReply {
  if (!/^0x[0-9a-fA-F]{1,16}$/.test(reference)) return { k: "refused", message: `'${reference}' is not an address.` };
  const address = BigInt(reference) + BigInt(offset);
  const requested = Math.max(0, Math.min(count, MAX_BYTES));
  const from = values.offset(address);
  let length = from === undefined ? 0 : requested;
  if (from !== undefined)
    for (let at = 0; at < length; at += 8)
      if (shadowReason(bytes, from + at, 1) !== 0 && values.trouble(address + BigInt(at), 1) === "never allocated") length = at;
  return {
    k: "memory",
    address: `0x${hex64(address)}`,
    bytes: from === undefined ? new Uint8Array(0) : bytes.slice(from, from + length),
    unreadable: requested - length,
    note: values.trouble(address, 1),
  };
}
