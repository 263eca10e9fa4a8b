// Access to an address far from any object, or a call to an address that is not a function of the pointer's type.

import { bugClass } from "./bug-class.js";
import { accessMessage, callMessage } from "./wording.js";

export const wildAccess = bugClass("wild-access", (event) => {
  const severity = "oops";
  if (event.k === "call" && event.target === "other-type") return { severity, message: callMessage(event, "to a function of another type") };
  if (event.k === "call" && event.target === "no-function") return { severity, message: callMessage(event, "to an address that is not a function") };
  if (event.k !== "access") return undefined;
  if (event.target.k === "unmapped") return { severity, message: accessMessage(event, "at an address outside kernel memory") };
  if (event.target.k === "unallocated") return { severity, message: accessMessage(event, "in memory that was never allocated") };
  return undefined;
});
