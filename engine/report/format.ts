// What an output format is. Must not know a format.

import type { Explanation } from "../explain/index.js";
import type { ReviewResult } from "../review/index.js";

export interface ReviewOptions {
  /** Include the kernel log of each run where the format leaves it out otherwise. */
  readonly log: boolean;
}

export interface ReportFormat {
  readonly name: string;
  /** The command line's option that writes this format to a file; absent for the terminal's own format. */
  readonly option?: { readonly name: string; readonly purpose: string };
  readonly review: (result: ReviewResult, options: ReviewOptions) => string;
  readonly explanation: (explanation: Explanation) => string;
}
