// BUG(), and a division by zero, whose result powerpc leaves undefined.

import { bugClass, REPORT } from "./bug-class.js";

export const bug = bugClass("bug", (event) => {
  if (event.k === "division-by-zero") return { severity: "silent", message: "Division by zero." };
  return event.k === "report" && event.code === REPORT.bug ? { severity: "oops", message: event.text, effect: "bug" } : undefined;
});
