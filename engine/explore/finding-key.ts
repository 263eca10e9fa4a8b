// When findings of different runs are the same finding: kind, severity, place, access and object are equal.

import type { MachineFinding } from "../machine/index.js";

export function keyOf(f: Pick<MachineFinding, "kind" | "severity" | "function" | "file" | "line" | "access" | "object">): string {
  return [f.kind, f.severity, f.function, f.file, f.line, f.access?.type, f.object?.kind].join(" ");
}
