// A pointer freed that no allocation returned, or that another allocator returned.

import { bugClass } from "./bug-class.js";
import { bytes, nameOf } from "./wording.js";

export const invalidFree = bugClass("invalid-free", (event) => {
  if (event.k !== "free") return undefined;
  const { block, offset } = event;
  const severity = "silent";
  if (block === undefined) return { severity, message: "Invalid free of a pointer that was never allocated." };
  if (offset !== 0) return { severity, message: `Invalid free of a pointer ${bytes(offset)} into ${nameOf(block)}.` };
  return block.freed || event.matches ? undefined : { severity, message: `Invalid free of ${nameOf(block)}: freed with the wrong function.` };
});
