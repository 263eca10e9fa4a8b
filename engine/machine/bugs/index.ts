// The classes of bugs that the machine recognizes, a file each. To add a class, copy one and add it to the list.
// Must not know the machine.

import { bug } from "./bug.js";
import type { BugClass, Suspicion, Verdict } from "./bug-class.js";
import { doubleFree } from "./double-free.js";
import { failedHypercall } from "./failed-hypercall.js";
import { hang } from "./hang.js";
import { invalidFree } from "./invalid-free.js";
import { leak } from "./leak.js";
import { locking } from "./locking.js";
import { nullDereference } from "./null-dereference.js";
import { outOfBounds } from "./out-of-bounds.js";
import { panic } from "./panic.js";
import { refcount } from "./refcount.js";
import { useAfterFree } from "./use-after-free.js";
import { warn } from "./warn.js";
import { wildAccess } from "./wild-access.js";

export type { AccessTarget, FindingSeverity, HeapBlock, ObjectKind, Suspicion } from "./bug-class.js";
export { lostMessage } from "./leak.js";

/** The first class that recognizes an event judges it. `warn` takes every report that no class before it recognizes. */
const bugClasses = [
  useAfterFree,
  outOfBounds,
  nullDereference,
  wildAccess,
  doubleFree,
  invalidFree,
  failedHypercall,
  bug,
  panic,
  refcount,
  locking,
  leak,
  hang,
  warn,
] as const satisfies readonly BugClass[];

export type FindingKind = (typeof bugClasses)[number]["kind"];

export const findingKinds: readonly FindingKind[] = bugClasses.map(({ kind }) => kind);

export interface Judged extends Verdict {
  readonly kind: FindingKind;
}

/** Undefined if the event is no bug: a correct `free`. */
export function judge(event: Suspicion): Judged | undefined {
  for (const { kind, judge: verdictOf } of bugClasses) {
    const verdict = verdictOf(event);
    if (verdict !== undefined) return { kind, ...verdict };
  }
  return undefined;
}
