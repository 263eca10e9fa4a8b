// Access near an object but not within it: on the heap, between globals, on a stack.

import { type AccessTarget, bugClass, type FindingSeverity } from "./bug-class.js";
import { accessMessage, accessSeverity, bytes, nameOf } from "./wording.js";

export const outOfBounds = bugClass("out-of-bounds", (event) => {
  if (event.k !== "access") return undefined;
  const where = placeOf(event.target);
  return where === undefined ? undefined : { severity: severityOf(event.target), message: accessMessage(event, where) };
});

function severityOf(target: AccessTarget): FindingSeverity {
  return "block" in target ? accessSeverity(target.block) : "silent";
}

function placeOf(target: AccessTarget): string | undefined {
  switch (target.k) {
    case "inside":
      return target.block.freed ? undefined : `across the end of ${nameOf(target.block)}`;
    case "before":
      return `${bytes(target.distance)} before ${nameOf(target.block)}`;
    case "past":
      return `${bytes(target.distance)} past the end of ${nameOf(target.block, target.block.freed ? "freed " : "")}`;
    case "global": {
      if (target.name === undefined) return "before all globals";
      return `${bytes(target.past)} past the end of ${target.name === "" ? "a string constant" : target.name}`;
    }
    case "vla":
      return `${target.side === "before" ? "before" : "past the end of"} a variable-length array on the stack`;
    case "stack": {
      const { variable } = target;
      if (variable === undefined) return "on a stack, out of bounds";
      const name = `${variable.name === "" ? "a variable" : variable.name} on the stack of ${variable.fn}`;
      const past = variable.offset - variable.size;
      if (variable.offset < 0) return `${bytes(-variable.offset)} before ${name}`;
      return past >= 0 ? `${bytes(past)} past the end of ${name}` : `across the end of ${name}`;
    }
    case "null":
    case "unmapped":
    case "unallocated":
    case "ended-stack":
      return undefined;
  }
}
