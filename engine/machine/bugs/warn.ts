// WARN(), and every other report that no class before this one in the list recognizes.

import { bugClass } from "./bug-class.js";

export const warn = bugClass("warn", (event) => (event.k === "report" ? { severity: "warning", message: event.text, effect: "warn" } : undefined));
