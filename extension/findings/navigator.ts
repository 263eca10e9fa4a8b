// Moving from finding to finding: which finding was shown last, and which is next in reading order.
// Must not start a review.

import type { Finding, VariantName } from "../../engine/protocol.js";
import { findingPlace, inReadingOrder } from "../base/index.js";
import { reveal, type ReviewSession } from "../review/index.js";

export interface VariantFinding {
  readonly variant: VariantName;
  readonly finding: Finding;
}

export class FindingNavigator {
  readonly #session: ReviewSession;
  #shown: Finding | undefined;

  constructor(session: ReviewSession) {
    this.#session = session;
  }

  /** The finding shown last. */
  get shown(): Finding | undefined {
    return this.#shown;
  }

  forget(): void {
    this.#shown = undefined;
  }

  /** All findings: the tree's, then the patch's, each in reading order. */
  all(): readonly VariantFinding[] {
    const { result } = this.#session;
    return (["before", "after"] as const).flatMap((variant) => inReadingOrder(result?.[variant]?.findings ?? []).map((finding) => ({ variant, finding })));
  }

  /** By variant and index, or by an item of the findings tree; undefined if there is none. */
  at(variant: unknown, index: unknown): VariantFinding | undefined {
    if (typeof variant === "object" && variant !== null && "variant" in variant && "index" in variant) return this.at(variant.variant, variant.index);
    if (variant !== "before" && variant !== "after") return undefined;
    const finding = this.#session.result?.[variant]?.findings[Number(index)];
    return finding === undefined ? undefined : { variant, finding };
  }

  /** The finding after or before the one shown last, around the end; undefined if there are none. */
  next(step: 1 | -1): VariantFinding | undefined {
    const all = this.all();
    const last = all.findIndex(({ finding }) => finding === this.#shown);
    return all[last < 0 ? (step === 1 ? 0 : all.length - 1) : (last + step + all.length) % all.length];
  }

  /** Moves the cursor to the finding's moment and the editor to its line. */
  async show({ variant, finding }: VariantFinding): Promise<void> {
    this.#shown = finding;
    this.#session.moveCursor({ t: finding.t, variant });
    const place = findingPlace(finding);
    await reveal(this.#session, { file: place.file, line: place.line, variant });
  }
}
