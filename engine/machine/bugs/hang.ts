// A thread that makes no progress: it never wakes, polls in vain, or keeps its CPU.

import { bugClass } from "./bug-class.js";

export const hang = bugClass("hang", (event) => {
  const severity = "warning";
  switch (event.k) {
    case "lockup": {
      const seconds = String(Math.floor(event.ns / 1e9));
      return { severity, message: `Soft lockup: ${event.thread} kept its CPU for ${seconds} s without scheduling.` };
    }
    case "polling":
      return { severity, message: `${event.thread} still polls after ${String(event.ns / 1e9)} s for a condition that did not become true.` };
    case "stuck": {
      const message = `${event.thread} ${event.spins ? "spins on a lock" : "sleeps"} forever.`;
      return event.afterDeath ? { severity, message, condition: "Another thread died earlier and did not release its locks." } : { severity, message };
    }
    default:
      return undefined;
  }
});
