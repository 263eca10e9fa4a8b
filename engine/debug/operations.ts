// The visible operations of a run around a position, and the next one of all threads or of one: the timeline's steps.
// Reads only the journal; must not know stops or values.

import type { Program } from "../c/ir/index.js";
import type { Journal } from "./journal.js";
import type { DebugOperation, OperationStart } from "./messages.js";
import type { Passing } from "./player.js";

export class Operations {
  constructor(
    private readonly journal: Journal,
    private readonly program: Program,
  ) {}

  /** A visible operation of the tree's code, or a switch to another thread. */
  private readonly counts = (p: Passing): boolean => p.kind === "operation" || (p.kind === "slice" && this.journal.place(p.position - 1)?.thread !== p.thread);

  /** Position of the next operation (1), the previous (-1), or the last at or before the start (0); undefined outside the run. */
  find(start: OperationStart, step: 1 | -1 | 0, thread: number | undefined): number | undefined {
    const { journal } = this;
    const matches = (p: Passing): boolean => this.counts(p) && (thread === undefined || p.thread === thread);
    if ("position" in start) {
      const from = journal.begin + start.position;
      return step === 0 ? journal.find(from + 1, -1, matches) : journal.find(from, step, matches);
    }
    const { t } = start;
    if (step === 1) return journal.find(journal.afterTime(t) - 1, 1, matches);
    return journal.find(step === 0 ? journal.afterTime(t) : journal.fromTime(t), -1, matches);
  }

  /** Up to `count` operations on each side of a position, in order, including the one at it. */
  around(position: number, count: number): readonly DebugOperation[] {
    const before: DebugOperation[] = [];
    const after: DebugOperation[] = [];
    for (let at = this.journal.find(position, -1, this.counts); at !== undefined && before.length < count; at = this.journal.find(at, -1, this.counts))
      before.push(this.operationAt(at));
    for (let at = this.journal.find(position - 1, 1, this.counts); at !== undefined && after.length <= count; at = this.journal.find(at, 1, this.counts))
      after.push(this.operationAt(at));
    return [...before.reverse(), ...after];
  }

  private operationAt(position: number): DebugOperation {
    const { journal } = this;
    const place = journal.place(position);
    const site = place?.kind === "operation" ? this.program.sites[place.at] : undefined;
    return {
      position: position - journal.begin,
      t: journal.time(position),
      thread: place?.thread ?? 0,
      k: site === undefined ? "switch" : "operation",
      text: site === undefined ? "" : plainText(site.text),
      ...(site === undefined ? {} : { at: { function: site.fn, file: site.file, line: site.line } }),
    };
  }
}

/** Names of TCS_READ and the values after it: kinds of a service's own operation. */
const services = ["reads", "writes", "atomic", "acquires the lock", "releases the lock", "tries the lock"] as const;

/** Source text without what kernel macros add around an access. */
function plainText(text: string): string {
  const service = /^__tcs_visible\(.*,(\d)\)$/.exec(text)?.[1];
  if (service !== undefined) return services[Number(service)] ?? "";
  const once = /^\*\((const )?volatile typeof\((?:_Generic\(\()?(.*?)\)[,)*]/.exec(text);
  return once === null ? text : `${once[1] === undefined ? "WRITE_ONCE" : "READ_ONCE"}(${once[2] ?? ""})`;
}
