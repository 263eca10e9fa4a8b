// What the command line writes: progress on the terminal, results in the requested formats, and the exit status.
// Must not know a subcommand.

import { writeFileSync } from "node:fs";
import { formatProblem } from "../base/index.js";
import { formats, type ReportFormat, textFormat } from "../report/index.js";
import type { ReviewHost, ReviewResult } from "../review/index.js";
import { Compiler } from "../world/index.js";
import { type Arguments, bad } from "./cli-input.js";

/** Shows progress where standard error is a terminal. */
export function terminalHost(): ReviewHost {
  return {
    compiler: new Compiler(),
    breathe: () => Promise.resolve(false),
    progress: (step, fraction) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${fraction < 1 ? `${String(Math.round(fraction * 100)).padStart(3)} %  ${step}` : ""}`);
    },
  };
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
}

/** To a file, or to standard output for `-`. */
function write(path: string, text: string): void {
  if (path === "-") {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(path, text);
  } catch (e) {
    bad(`${path} cannot be written: ${e instanceof Error ? e.message : String(e)}`);
  }
}

/** Writes each format that has a file, and text to standard output unless another format goes there. */
export function writeReport({ outputs }: Arguments, render: (format: ReportFormat) => string): void {
  for (const format of formats) {
    const path = format.option === undefined ? undefined : outputs.get(format.option.name);
    if (path !== undefined) write(path, render(format));
  }
  if (![...outputs.values()].includes("-")) write("-", render(textFormat));
}

/** Writes a review; the exit status that follows from it. */
export function writeReview(args: Arguments, result: ReviewResult): number {
  writeReport(args, (format) => format.review(result, { log: args.options.log === true }));
  const judged = result.after ?? result.before;
  const cannot = [result.before, ...(result.after === undefined ? [] : [result.after])].find((v) => v.outcome === "cannot-judge");
  if (cannot?.reason !== undefined) {
    process.stderr.write(
      `tcescope: cannot judge: ${formatProblem({ code: "cannot-judge", message: cannot.reason.message, ...(cannot.reason.file === "" ? {} : { place: cannot.reason }) })}\n`,
    );
    return 2;
  }
  return judged.outcome === "clean" ? 0 : 1;
}
