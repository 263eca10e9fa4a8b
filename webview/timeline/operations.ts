// Steps from one visible operation to the next, across the threads or within one: what the extension told of those around
// the last step, and where the next one starts. Knows no drawing.

import type { DebugOperation, DebugStop, ToWebview, VariantName, VariantResult } from "../../engine/protocol.js";
import { baseName, post, t } from "../base/index.js";

type Told = Extract<ToWebview, { type: "operations" }>;

/** The operation that was stepped to, and those around it in order. */
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
  #told: Stepped | undefined;
  #waiting = false;

  get told(): Stepped | undefined {
    return this.#told;
  }

  /** Asks for the next operation; a step under way is not overtaken, so that holding a key goes as fast as it can. */
  step(from: From, direction: 1 | -1, sameThread: boolean): void {
    const here = this.at(from);
    const thread = sameThread ? (here?.stop.thread ?? from.thread) : undefined;
    this.#ask(from.variant, here === undefined ? { t: from.t } : { position: here.stop.position }, direction, thread);
  }

  /** To an operation that is shown. */
  goTo(variant: VariantName, { position }: DebugOperation): void {
    this.#ask(variant, { position }, 0, undefined);
  }

  /** The last step, if the cursor still stands where it led. */
  at({ t: moment, variant }: Pick<From, "t" | "variant">): Stepped | undefined {
    return this.#told?.variant === variant && this.#told.stop.t === moment ? this.#told : undefined;
  }

  receive({ variant, stop, operations }: Told): Stepped | undefined {
    this.#waiting = false;
    if (stop === undefined) return undefined;
    return (this.#told = { variant, stop, operations });
  }

  /** Of another run there is nothing to show. */
  forget(): void {
    this.#told = undefined;
    this.#waiting = false;
  }

  get waiting(): boolean {
    return this.#waiting;
  }

  #ask(variant: VariantName, from: { readonly t: number } | { readonly position: number }, step: 1 | -1 | 0, thread: number | undefined): void {
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

/** The operation stepped to in words, with the line of the code that the editor follows. */
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
