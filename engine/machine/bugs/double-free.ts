// An object freed again.

import { bugClass } from "./bug-class.js";
import { nameOf } from "./wording.js";

export const doubleFree = bugClass("double-free", (event) => {
  if (event.k !== "free" || event.block?.freed !== true || event.offset !== 0) return undefined;
  // vfree() warns about an area that does not exist.
  return { severity: event.block.kind === "vmalloc" ? "warning" : "silent", message: `Double free of ${nameOf(event.block)}.` };
});
