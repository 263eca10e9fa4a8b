// A hypercall or RTAS call that the simulated hypervisor refused.

import { bugClass, REPORT } from "./bug-class.js";

export const failedHypercall = bugClass("failed-hypercall", (event) =>
  event.k === "report" && event.code === REPORT.hcall ? { severity: "warning", message: event.text } : undefined,
);
