// Steps from one visible operation to the next, across the threads or within one: the operations around the last step,
// as the extension reported them, and where the next step starts. Must not draw.

import type { DebugOperation, DebugStop, ToWebview, VariantName, VariantResult } from "../../engine/protocol.js";
import { baseName, post, t } from "../base/index.js";

type OperationsMessage = Extract<ToWebview, { type: "operations" }>;

/** The operation that was stepped to, and the operations around it in order. */
export interface Stepped {
  readonly variant: VariantName;
  readonly stop: DebugStop;
  readonly operations: readonly DebugOperation[];
}

export interface From {
  readonly t: number;
  readonly variant: VariantName;
  /** The thread whose events are at the cursor, if any. */
  readonly thread: number | undefined;
}

export class OperationSteps {
  #last: Stepped | undefined;
  #waiting = false;

  get last(): Stepped | undefined {
    return this.#last;
  }

  /** Requests the next operation, unless a step is in progress: a key that is held steps as fast as the engine replies. */
  step(from: From, direction: 1 | -1, sameThread: boolean): void {
    const here = this.at(from);
    const thread = sameThread ? (here?.stop.thread ?? from.thread) : undefined;
    this.#request(from.variant, here === undefined ? { t: from.t } : { position: here.stop.position }, direction, thread);
  }

  /** Steps to an operation that is shown. */
  goTo(variant: VariantName, { position }: DebugOperation): void {
    this.#request(variant, { position }, 0, undefined);
  }

  /** The last step, if the cursor is still there. */
  at({ t: moment, variant }: Pick<From, "t" | "variant">): Stepped | undefined {
    return this.#last?.variant === variant && this.#last.stop.t === moment ? this.#last : undefined;
  }

  receive({ variant, stop, operations }: OperationsMessage): Stepped | undefined {
    this.#waiting = false;
    if (stop === undefined) return undefined;
    return (this.#last = { variant, stop, operations });
  }

  /** The run was replaced: its steps no longer apply. */
  forget(): void {
    this.#last = undefined;
    this.#waiting = false;
  }

  get waiting(): boolean {
    return this.#waiting;
  }

  #request(variant: VariantName, from: { readonly t: number } | { readonly position: number }, step: 1 | -1 | 0, thread: number | undefined): void {
    if (this.#waiting) return;
    this.#waiting = true;
    post({ type: "operations", variant, from, step, ...(thread === undefined ? {} : { thread }) });
  }
}

export function operationOf({ stop, operations }: Stepped): DebugOperation | undefined {
  return operations.find(({ position }) => position === stop.position);
}

export function threadName(result: VariantResult | undefined, thread: number): string {
  return result?.timeline.lanes.find(({ id }) => id === thread)?.name ?? t("thread {0}", thread);
}

/** The operation that was stepped to as text, with the line that the editor shows. */
export function steppedWords(stepped: Stepped, result: VariantResult | undefined): string {
  const operation = operationOf(stepped);
  return operation === undefined ? "" : operationWords(operation, result, stepped.stop.at);
}

/** "drmgr · tbl->it_map · iommu_table_free at iommu.c:824" */
export function operationWords(operation: DebugOperation, result: VariantResult | undefined, at = operation.at): string {
  const thread = threadName(result, operation.thread);
  const place = at === undefined ? "" : t("{0} at {1}", at.function, `${baseName(at.file)}:${at.line}`);
  return [thread, operation.k === "switch" ? t("continues") : operation.text, place].filter((part) => part !== "").join(" · ");
}
