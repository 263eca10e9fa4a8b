// Misuse of locks, of sections that must not sleep, and of disabled interrupts, as lockdep would report it.

import { bugClass, REPORT } from "./bug-class.js";

export const locking = bugClass("locking", (event) =>
  event.k === "report" && event.code === REPORT.locking ? { severity: "silent", message: event.text } : undefined,
);
