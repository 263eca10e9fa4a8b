// A thread that makes no progress: it never wakes, polls in vain, or keeps its CPU.

import { bugClass } from "./bug-class.js";

export const hang = bugClass("hang", (event) => {
  const severity = "warning";
  switch (event.k) {
    case "lockup": {
      const seconds = String(Math.floor(event.ns / 1e9));
      return { severity, message: `${event.thread} kept its CPU for ${seconds} s without going to the scheduler: a soft lockup.` };
    }
    case "polling":
      return { severity, message: `${event.thread} still waits after ${String(event.ns / 1e9)} s; it looks again and again for what does not come.` };
    case "stuck": {
      const message = `${event.thread} ${event.spins ? "spins on a lock" : "sleeps"} for ever.`;
      return event.afterDeath ? { severity, message, condition: "Another thread died before and left its locks as they were." } : { severity, message };
    }
    default:
      return undefined;
  }
});
