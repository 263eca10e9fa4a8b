// Access to, or call through, a null pointer or a small offset from one.

import { bugClass } from "./bug-class.js";
import { accessMessage, callMessage } from "./wording.js";

export const nullDereference = bugClass("null-dereference", (event) => {
  if (event.k === "call" && event.target === "null") return { severity: "oops", message: callMessage(event, "through a null pointer") };
  if (event.k !== "access" || event.target.k !== "null") return undefined;
  const { offset } = event.target;
  return {
    severity: "oops",
    message: accessMessage(event, offset === 0 ? "through a null pointer" : `at offset ${String(offset)} from a null pointer`),
    oops: (address) => `BUG: Kernel NULL pointer dereference on ${event.verb} at 0x${BigInt.asUintN(32, address).toString(16).padStart(8, "0")}`,
  };
});
