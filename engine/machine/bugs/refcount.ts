// A reference count that was dropped or taken too often. lib/refcount.c reports through WARN().

import { bugClass, REPORT } from "./bug-class.js";

export const refcount = bugClass("refcount", (event) => {
  if (event.k !== "report") return undefined;
  if (event.code === REPORT.warn && event.text.includes(" refcount_t: ")) return { severity: "warning", message: event.text, effect: "warn" };
  return event.code === REPORT.refcount ? { severity: "warning", message: event.text } : undefined;
});
