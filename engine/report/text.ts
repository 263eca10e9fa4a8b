// Results as text for a terminal, in the order in which the panel shows them.

import { excerpt } from "../c/preprocess/index.js";
import { explanationText } from "../explain/index.js";
import type { Frame } from "../machine/index.js";
import {
  type Answer,
  type Finding,
  holdText,
  type HunkTable,
  outcomeWords,
  reachWords,
  type Reason,
  type ReviewResult,
  type SourceSpot,
  survivesText,
  type VariantResult,
} from "../review/index.js";
import { scenarios } from "../scenario/index.js";
import type { ReportFormat, ReviewOptions } from "./format.js";

function seconds(ns: number): string {
  return ns >= 1e9 ? `${(ns / 1e9).toFixed(3)} s` : ns >= 1e6 ? `${(ns / 1e6).toFixed(1)} ms` : `${(ns / 1e3).toFixed(1)} µs`;
}
function at(f: { readonly file: string; readonly line: number }): string {
  return `${f.file}:${String(f.line)}`;
}
function plural(n: number, one: string, many = `${one}s`): string {
  return `${String(n)} ${n === 1 ? one : many}`;
}

/** Parameters that are always printed. */
const ALWAYS_SHOWN: ReadonlySet<string> = new Set(["buffers", "late", "hold", "window", "cpus"]);

/** Those, and the parameters that differ from the scenario's defaults. */
function parameterWords(r: ReviewResult): string {
  const spec = scenarios.find((s) => s.name === r.scenario.name);
  return Object.entries(r.scenario.parameters)
    .filter(([k, v]) => ALWAYS_SHOWN.has(k) || spec?.parameters.find((p) => p.name === k)?.fallback !== v)
    .map(([k, v]) => `${k}=${v}`)
    .join(" ");
}

const severityWords = { oops: "OOPS", silent: "silent", warning: "warning" } as const;

function stackLines(title: string, stack: readonly Frame[]): readonly string[] {
  return stack.map((f, i) => `      ${i === 0 ? title.padEnd(10) : "".padEnd(10)} ${f.function}  ${at(f)}${f.provided === true ? "  (engine)" : ""}`);
}

function findingLines(f: Finding): readonly string[] {
  const lines = [
    `  ${severityWords[f.severity].padEnd(8)} ${f.kind}: ${f.message}`,
    `      ${"at".padEnd(10)} ${f.function}  ${at(f)}, ${f.thread}, t = ${seconds(f.t)}${f.count > 1 ? `, ${String(f.count)} times` : ""}`,
  ];
  if (f.severity === "oops")
    lines.push(
      ...stackLines("used", f.stack.slice(0, 10)),
      ...stackLines("freed", f.freed?.stack.slice(0, 6) ?? []),
      ...stackLines("allocated", f.allocated?.stack.slice(0, 6) ?? []),
    );
  if ((f.search !== undefined || f.kind === "hang") && f.condition !== undefined) lines.push(`      ${"when".padEnd(10)} ${f.condition}`);
  return lines;
}

/** Why a variant could not be judged; for a compiler error with its line, its macros and its includes. */
function reasonLines(reason: Reason): readonly string[] {
  const { file, line, column, endColumn, source, message, trail } = reason;
  if (file === "") return [`  ${message}`];
  const shown = (spot: SourceSpot): readonly string[] =>
    excerpt(spot)
      .split("\n")
      .filter((text) => text !== "")
      .map((text) => `  ${text}`);
  const lines = [`  ${at(reason)}${column === undefined ? "" : `:${String(column)}`}: ${message}`];
  if (column !== undefined && endColumn !== undefined && source !== undefined) lines.push(...shown({ file, line, column, endColumn, source }));
  for (const step of trail ?? []) lines.push(`  ${at(step)}:${String(step.column)}: ${step.message}`, ...(step.k === "macro" ? shown(step) : []));
  return lines;
}

function variantLines(title: string, v: VariantResult, withLog: boolean): readonly string[] {
  const lines = [`${title}: ${outcomeWords(v)}`];
  const shared = v.findings.find((f) => f.search === undefined && f.kind !== "hang")?.condition;
  if (shared !== undefined) lines.push(`  ${shared}`);
  if (v.reason !== undefined) lines.push(...reasonLines(v.reason));
  const removal =
    v.detach === null
      ? "the detach was not reached"
      : v.detach.end === null
        ? `detach started at ${seconds(v.detach.start)} and did not return`
        : `detach took ${seconds(v.detach.end - v.detach.start)}`;
  if (v.outcome !== "cannot-judge" || v.covered.executions > 0)
    lines.push(`  ${plural(v.mappedAtDetach, "TCE")} mapped at detach, peak ${String(v.peak)}; ${removal}; ${plural(v.log.length, "log line")}`);
  for (const f of v.findings) lines.push(...findingLines(f));
  lines.push(`  Covered: ${v.covered.text}`);
  for (const l of v.lost ?? []) lines.push(`  Leak: ${l.message} Allocated in ${l.function} (${at(l)}). Not part of the verdict.`);
  for (const w of v.concurrency ?? [])
    lines.push(`  ${w.kind === "data-race" ? "Data race" : "Lock order"}: ${w.message} (${plural(w.executions, "execution")})`);
  if (v.survives !== undefined) lines.push(`  Hold limit: ${survivesText(v.survives)} (${plural(v.survives.executions, "execution")} of the default schedule)`);
  if (v.functions.assumed.length > 0) lines.push(`  Assumed (returned 0): ${v.functions.assumed.join(", ")}`);
  if (v.witness !== "") lines.push(`  Witness: ${v.witness}`);
  if (withLog) lines.push("  Log:", ...v.log.map((l) => `    ${l}`));
  return lines;
}

const toneMark: Readonly<Record<Answer["tone"], string>> = { good: "+", note: "!", bad: "x", "does-not-apply": "-", "cannot-judge": "?" };

function answerLines(a: Answer): readonly string[] {
  const evidence = a.evidence.map((e) => {
    switch (e.k) {
      case "run":
        return `      run    ${e.text}  ${e.witness}`;
      case "place":
        return `      place  ${e.text}  ${at(e)}`;
      case "quote":
        return `      quote  “${e.text}”`;
    }
  });
  return [`  ${toneMark[a.tone]} ${a.question}`, `      ${a.answer}`, ...evidence];
}

function reviewText(r: ReviewResult, options: ReviewOptions): string {
  const lines: string[] = [];
  if (r.patch !== undefined) {
    const applied = r.patch.hunks.filter((h) => h.status !== "failed" && h.status !== "off").length;
    lines.push(
      `${r.patch.subject}${r.patch.version === undefined ? "" : ` (${r.patch.version})`}`,
      `  from ${r.patch.from}; Linux ${r.tree.version}; ${String(applied)} of ${plural(r.patch.hunks.length, "hunk")} applied`,
    );
    for (const h of r.patch.hunks) {
      const how =
        h.status === "offset"
          ? `applied, offset ${String(h.offset ?? 0)}`
          : h.status === "fuzz"
            ? `applied, fuzz ${String(h.fuzz ?? 0)}${h.offset === undefined ? "" : `, offset ${String(h.offset)}`}`
            : h.status === "already-applied"
              ? "already applied"
              : h.status === "off"
                ? "excluded"
                : h.status;
      const reach = h.reach === undefined ? "" : `; ${reachWords(h.reach)}`;
      lines.push(`  ${at(h)}  ${how}${reach}${h.detail === undefined ? "" : `\n      ${h.detail.split("\n").join("\n      ")}`}`);
    }
    if (r.patch.repairs.length > 0) lines.push(`  Repairs: ${r.patch.repairs.join("; ")}`);
  } else lines.push(`Linux ${r.tree.version}, no patch`);
  lines.push(`Scenario: ${r.scenario.name} ${parameterWords(r)}`, "");
  const first = r.replayed !== undefined ? `Replayed (${r.replayed})` : r.patch === undefined ? "Tree" : "Before";
  lines.push(...variantLines(first, r.before, options.log));
  if (r.after !== undefined) lines.push("", ...variantLines("After", r.after, options.log));
  const counts = r.after ?? r.before;
  lines.push(
    "",
    `Functions executed: ${String(counts.functions.tree.length)} from the tree, ${String(counts.functions.provided.length)} provided by the engine, ${String(counts.functions.assumed.length)} assumed.`,
  );
  if (r.questions !== undefined) lines.push("", "Questions:", ...r.questions.flatMap(answerLines), "");
  for (const a of r.assumptions) lines.push(`  - ${a}`);
  lines.push(`Took ${String(r.timing.totalMs)} ms (compile ${String(r.timing.compileMs)} ms, run ${String(r.timing.runMs)} ms).`);
  return `${lines.join("\n")}\n`;
}

export const textFormat: ReportFormat = { name: "text", review: reviewText, explanation: explanationText };

/** The table of hunk subsets: one line per subset under each hold. */
export function hunkTableText(table: HunkTable): string {
  const name = (k: number): string => String.fromCharCode(65 + k);
  const lines = table.groups.map((g, k) => `${name(k)}  ${g.file}: ${g.lines.length === 1 ? "hunk" : "hunks"} at line ${g.lines.join(", ")}`);
  for (const row of table.rows) {
    lines.push("", holdText(row.hold));
    row.cells.forEach((cell, c) => {
      const groups = table.columns[c]?.groups ?? [];
      const removal = cell === undefined || cell.removal === null ? "" : `, detach ${seconds(cell.removal)}`;
      lines.push(`  ${(groups.length === 0 ? "none" : groups.map(name).join("+")).padEnd(10)} ${cell === undefined ? "…" : `${cell.words}${removal}`}`);
    });
  }
  return `${lines.join("\n")}\n`;
}
