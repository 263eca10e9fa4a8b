// panic(): the kernel stops.

import { bugClass, REPORT } from "./bug-class.js";

export const panic = bugClass("panic", (event) =>
  event.k === "report" && event.code === REPORT.panic ? { severity: "oops", message: event.text, effect: "panic" } : undefined,
);
