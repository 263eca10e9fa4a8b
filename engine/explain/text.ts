// An explanation as text: for a terminal, and for the document the editor opens.

import type { ExplainedFrame, ExplainedReport, Explanation } from "./explanation.js";

const KIND = { oops: "Oops", kasan: "KASAN report", bug: "BUG", warning: "Warning", panic: "Panic", trace: "Call trace", message: "Message" } as const;

function frameLine(f: ExplainedFrame): string {
  const where = f.module !== undefined ? `[${f.module}]` : f.file === undefined ? "not found" : `${f.file}:${String(f.line ?? 1)}`;
  return `    ${f.function.padEnd(34)} ${where}`;
}

function reportLines(r: ExplainedReport): readonly string[] {
  const who = [r.thread === undefined ? [] : [r.thread], r.work === undefined ? [] : [`work ${r.work}`]].flat().join(", ");
  return [
    `${KIND[r.kind]} at line ${String(r.line)}: ${r.headline}${who === "" ? "" : ` (${who})`}`,
    ...r.stack.map(frameLine),
    ...(r.allocated.length === 0 ? [] : ["  allocated by", ...r.allocated.map(frameLine)]),
    ...(r.freed.length === 0 ? [] : ["  freed by", ...r.freed.map(frameLine)]),
  ];
}

function words(set: Readonly<Record<string, string>>): string {
  return Object.entries(set)
    .map(([k, v]) => ` ${k}=${v}`)
    .join("");
}

function variantWords(e: Explanation, variant: "before" | "after"): string {
  return variant === "after" ? "the patched tree" : e.patch === undefined ? "the tree" : "the tree without the patch";
}

export function explanationText(e: Explanation): string {
  const release = e.release === undefined ? "" : `; the log is from Linux ${e.release}`;
  const lines = [`Linux ${e.tree.version}${release}${e.patch === undefined ? "" : `; patch: ${e.patch}`}`, "", e.words];
  const r = e.reproduction;
  if (r !== undefined) {
    const m = r.match;
    lines.push(
      "",
      `${e.verdict === "reproduced" ? "Run" : "Closest run"}: scenario ${r.scenario}${words(r.set)}, ${variantWords(e, r.variant)}`,
      ...(e.reports[e.wanted]?.kind === "message"
        ? []
        : [
            `  Functions in order: ${String(m.inOrder)} of ${String(m.functions)}${m.lacking.length === 0 ? "" : `; not in the run's stack: ${m.lacking.join(", ")}`}`,
          ]),
      `  Fault and place: ${m.same ? "same" : "different"} (${m.headline})`,
      ...(m.messages === 0 ? [] : [`  Preceding log lines: the run logs ${String(m.messagesSeen)} of ${String(m.messages)}`]),
      ...(r.alsoSeen.length === 0
        ? []
        : [`  The same run also shows the reports at line ${r.alsoSeen.map((i) => String(e.reports[i]?.line ?? 0)).join(", ")}`]),
      `  Witness: ${r.witness}`,
    );
    if (e.otherVariant !== undefined)
      lines.push(
        `  On ${variantWords(e, e.otherVariant.variant)} the same run gives: ${e.otherVariant.outcome}${e.otherVariant.shows ? ", with the same stack" : ""}`,
      );
  }
  const functions = e.reports.flatMap((x) => [...x.stack, ...x.allocated, ...x.freed]);
  const missing = [...new Set(functions.filter((f) => f.module === undefined && f.file === undefined).map((f) => f.function))];
  lines.push(
    "",
    `Reports in the log: ${String(e.reports.length)}`,
    "",
    ...e.reports.flatMap((x, i) => [...(i === e.wanted ? ["Searched for:"] : []), ...reportLines(x), ""]),
  );
  if (missing.length > 0) lines.push(`Not found in any of the ${String(e.filesLookedIn)} files searched: ${missing.join(", ")}`, "");
  if (r !== undefined && r.log.length > 0) lines.push("Log of the run:", ...r.log.map((l) => `  ${l}`), "");
  lines.push(`Runs: ${String(e.tried.length)}`);
  for (const t of e.tried)
    lines.push(
      `  ${t.same ? "*" : " "} ${t.scenario}${words(t.set)}${e.patch === undefined ? "" : `, ${variantWords(e, t.variant)}`}: ${t.outcome}, ${String(t.inOrder)} functions in order`,
    );
  lines.push(`Took ${String(e.timing.totalMs)} ms`);
  return `${lines.join("\n")}\n`;
}
