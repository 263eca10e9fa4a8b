// Memory or references of the tree that are still held at the end of the run and that nothing can release.

import { bugClass, type HeapBlock, REPORT } from "./bug-class.js";
import { capitalized, nameOf } from "./wording.js";

export const leak = bugClass("leak", (event) => {
  if (event.k === "report" && event.code === REPORT.leak) return { severity: "silent", message: event.text };
  if (event.k !== "unreachable") return undefined;
  return { severity: "silent", message: `Memory leak: ${nameOf(event.block)} allocated here is never freed; at the end of the run nothing points to it.` };
});

/** About an object that was unreachable before the judged part of the run began: no finding. */
export function lostMessage(block: HeapBlock): string {
  return `${capitalized(nameOf(block))} was leaked before the removal began: nothing pointed to it.`;
}
