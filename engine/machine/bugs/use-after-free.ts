// Access to freed heap memory, or to the stack of a thread that has ended.

import { bugClass } from "./bug-class.js";
import { accessMessage, accessSeverity, nameOf } from "./wording.js";

export const useAfterFree = bugClass("use-after-free", (event) => {
  if (event.k !== "access") return undefined;
  const { target } = event;
  if (target.k === "ended-stack") return { severity: "silent", message: accessMessage(event, "on the stack of a thread that has ended") };
  if (target.k !== "inside" || !target.block.freed) return undefined;
  const where = `at offset ${String(target.offset)} of ${nameOf(target.block, "freed ")}`;
  return { severity: accessSeverity(target.block), message: accessMessage(event, where) };
});
