// The panel's sections, each a function from the state to elements: patch, verdict, findings, assumptions, messages.
// Sections keep no state; what was unfolded is remembered by name.

import type { Finding, HunkResult, PatchResult, ReviewResult, VariantName, VariantResult, ViewState } from "../engine/protocol.js";
import { h, svg, type Child } from "./dom.js";
import { keep, post, recall, runCommand } from "./host.js";
import { busyTimes, firstMoment, lastMoment, variantsOf } from "./marks.js";
import { readingAt, stepCurve, svgPath } from "./occupancy.js";
import { activityWarp, type Warp } from "./warp.js";
import {
  baseName,
  duration,
  hunkStatus,
  inReadingOrder,
  plural,
  severityVerdict,
  shortPath,
  variantTitle,
  verdictOf,
  worstFinding,
  type IndexedFinding,
} from "./words.js";

export function welcome(): HTMLElement {
  return h(
    "section",
    {},
    h(
      "div",
      { class: "welcome" },
      h("p", {}, "Review a change to the PowerPC IOMMU code: its own C is run, before and after the patch, on the kernel tree that is open here."),
      button("Review Patch…", "reviewPatch", "primary"),
      h("p", {}, "A mail as it arrived will do: quoted, from a list archive, with lost tabs. Text on the clipboard works as well."),
      button("Review Patch in Clipboard", "reviewClipboard"),
      h("p", {}, "No patch at hand? Try the built-in change (wait for the TCEs, then free, then remove the window), or run the tree alone."),
      button("Review Built-in Change", "reviewBuiltin"),
      button("Run Scenario…", "runScenario"),
    ),
  );
}

function button(label: string, command: string, appearance: "primary" | "secondary" = "secondary"): HTMLElement {
  return h("vscode-button", { appearance, onClick: () => runCommand(command) }, label);
}

function link(label: string, onClick: () => void, title?: string): HTMLElement {
  return h("button", { class: "link", type: "button", onClick, title }, label);
}

/** A part that unfolds, and stays as the reader left it. */
function unfold(name: string, summary: Child, ...body: readonly Child[]): HTMLDetailsElement {
  const details = h("details", { open: recall(`open.${name}`, false) }, h("summary", { "data-key": `open.${name}` }, summary), ...body);
  details.addEventListener("toggle", () => keep(`open.${name}`, details.open));
  return details;
}

function list(items: readonly string[]): HTMLElement {
  return h("ul", {}, ...items.map((item) => h("li", {}, item)));
}

export function progressSection(state: ViewState): readonly Child[] {
  if (state.phase !== "running") return [];
  const progress = state.progress ?? { step: "Starting", fraction: 0 };
  const bar = h("div", { class: "progress", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" }, h("div"));
  // A re-run after an edit is short: the bar is enough, the page must not jump.
  const step = state.result === undefined ? h("span", { class: "step", "aria-live": "polite" }) : undefined;
  fillProgress(bar, step, progress);
  return [
    bar,
    step === undefined
      ? undefined
      : h("section", {}, h("div", { class: "running" }, h("vscode-progress-ring"), step), h("div", { class: "actions" }, button("Cancel", "cancel"))),
  ];
}

interface Progress {
  readonly step: string;
  readonly fraction: number;
}

/** Progress arrives often: only its own elements change. */
export function updateProgress(progress: Progress): void {
  const bar = document.querySelector<HTMLElement>(".progress");
  if (bar !== null) fillProgress(bar, document.querySelector<HTMLElement>(".running > .step") ?? undefined, progress);
}

function fillProgress(bar: HTMLElement, text: HTMLElement | undefined, { step, fraction }: Progress): void {
  const share = Math.max(0.02, Math.min(1, fraction));
  bar.setAttribute("aria-label", step);
  bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  const filled = bar.firstElementChild;
  if (filled instanceof HTMLElement) filled.style.transform = `scaleX(${share})`;
  if (text !== undefined) text.textContent = `${step}…`;
}

export function messagesSection(state: ViewState): Child {
  const stale =
    state.stale && state.phase !== "running"
      ? h(
          "div",
          { class: "message", role: "status" },
          h("span", { class: "mark" }, "▲"),
          h("span", {}, "The tree was edited since this run; the figures below are of the text before."),
          link("Run again", () => runCommand("runAgain")),
        )
      : undefined;
  if (state.problems.length === 0 || state.phase === "running") return stale === undefined ? undefined : h("section", {}, stale);
  const problems = state.problems.map(({ message, hint, place }) =>
    h(
      "div",
      { class: "message error", role: "alert" },
      h("span", { class: "mark" }, "✖"),
      h("span", {}, message),
      place === undefined
        ? undefined
        : link(`${place.file}:${place.line}`, () => post({ type: "reveal", file: place.file, line: place.line, variant: "before" })),
      hint === undefined ? undefined : h("span", {}, hint),
    ),
  );
  return h(
    "section",
    {},
    ...problems,
    stale,
    state.result === undefined ? h("div", { class: "actions" }, button("Review Patch…", "reviewPatch", "primary")) : undefined,
  );
}

export function patchSection(result: ReviewResult): HTMLElement {
  const tree = `Linux ${result.tree.version}`;
  const { patch } = result;
  if (patch === undefined)
    return h(
      "section",
      {},
      h("p", { class: "subject" }, "The tree alone"),
      h("p", { class: "facts" }, `${tree} · no patch`),
      h("div", { class: "actions" }, button("Review Patch…", "reviewPatch")),
    );
  const facts = [patch.from.replace(/\s*<.*>$/, ""), patch.version, patch.date].filter((fact) => fact !== undefined && fact !== "").join(" · ");
  return h(
    "section",
    { "aria-label": "Patch" },
    h("h1", { class: "subject" }, patch.subject === "" ? "Patch without a subject" : patch.subject),
    h("p", { class: "facts", title: patch.from }, facts),
    h("p", { class: "facts" }, `${tree} · ${hunkCount(patch.hunks)}`),
    patch.repairs.length === 0
      ? undefined
      : h("div", { class: "facts" }, unfold("repairs", `${plural(patch.repairs.length, "repair")} to the text`, list(patch.repairs))),
    h("ul", { class: "hunks", "aria-label": "Hunks" }, ...patch.hunks.map((hunk, i) => hunkRow(patch, hunk, i))),
  );
}

function hunkCount(hunks: readonly HunkResult[]): string {
  const failed = hunks.filter((hunk) => hunk.status === "failed").length;
  if (hunks.length === 0) return "no hunks";
  if (failed === 0) return `all of ${plural(hunks.length, "hunk")} in place`;
  return `${failed} of ${plural(hunks.length, "hunk")} ${failed === 1 ? "does" : "do"} not fit`;
}

/** The function a hunk's header names, without its parameters: they rarely fit, and often are cut off in the mail. */
function functionOf(header: string): string {
  const context = header.replace(/^@@.*?@@\s*/, "");
  return /([A-Za-z_]\w*)\s*\(/.exec(context)?.[1] ?? context;
}

function hunkRow(patch: PatchResult, hunk: HunkResult, index: number): HTMLElement {
  const { mark, words, tone } = hunkStatus(hunk);
  const place = functionOf(hunk.header);
  const files = new Set(patch.hunks.map((one) => baseName(one.file)));
  const file = files.size === new Set(patch.hunks.map((one) => one.file)).size ? baseName(hunk.file) : shortPath(hunk.file);
  const row = h(
    "button",
    {
      class: "row",
      type: "button",
      "data-key": `hunk.${index}`,
      title: `${hunk.file}:${hunk.line}\n${hunk.header}\n${words}`,
      onClick: () =>
        post({
          type: "reveal",
          file: hunk.file,
          line: hunk.line,
          variant: hunk.status === "failed" || hunk.status === "already-applied" || hunk.status === "off" ? "before" : "after",
        }),
    },
    h("span", { class: `mark tone-${tone}`, "aria-hidden": "true" }, mark),
    h("span", { class: "what" }, h("span", { class: "dim" }, `${index + 1} `), `${file}:${hunk.line}`),
    h("span", { class: "side" }, words),
    place === "" ? undefined : h("span", { class: "more" }, place),
  );
  return h("li", {}, row, hunk.detail === undefined ? undefined : h("pre", { class: "detail", tabindex: "0" }, hunk.detail));
}

export function verdictSection(result: ReviewResult, stale: boolean): HTMLElement {
  const hold = result.scenario.parameters["hold"];
  const scenario = `${result.scenario.name}${hold === undefined ? "" : ` · hold ${hold}`}`;
  const parameters = Object.entries(result.scenario.parameters).map(([name, value]) => `${name}=${value}`);
  const warp = activityWarp(busyTimes(result), firstMoment(result) * 0.98, lastMoment(result));
  const names = variantsOf(result);
  const coverage = new Set(names.map((name) => coveredWords(result[name])));
  return h(
    "section",
    { "aria-label": "Verdict", class: stale ? "stale" : "" },
    h(
      "h2",
      {},
      h("span", {}, "Verdict"),
      h(
        "span",
        { class: "aside" },
        link(scenario, () => runCommand("runScenario"), `${parameters.join("\n")}\nChange…`),
      ),
    ),
    h("div", { class: "cards" }, ...names.map((name) => card(name, result, warp))),
    ...(coverage.size > 1
      ? names.map((name) => h("p", { class: "covered" }, `Covered ${name === "before" ? "before" : "with the patch"}: ${coveredWords(result[name])}`))
      : [h("p", { class: "covered" }, `Covered: ${coveredWords(result.before)}`)]),
    h(
      "p",
      { class: "covered" },
      link("Search deeper…", () => runCommand("searchDeeper")),
    ),
    h(
      "div",
      { class: "actions" },
      button("Timeline", "showTimeline"),
      button("Kernel Log", "showLog"),
      result.patch === undefined ? undefined : button("Diff", "showPatchedFile"),
    ),
  );
}

/** The bound of a verdict. A run that broke off has none: it says nothing of what would have followed. */
function coveredWords(variant: VariantResult | undefined): string {
  if (variant === undefined) return "";
  return variant.outcome === "cannot-judge" ? "the run up to that place, and nothing after it." : variant.covered.text;
}

function card(name: VariantName, result: ReviewResult, warp: Warp): Child {
  const variant = result[name];
  if (variant === undefined) return undefined;
  const { mark, title, tone } = verdictOf(variant);
  const most = Math.max(1, ...variantsOf(result).map((one) => result[one]?.peak ?? 0));
  const { detach } = variant;
  const figures: readonly (readonly [string, string, string])[] = [
    ["peak", String(variant.peak), "The most TCEs mapped at any time"],
    ["at detach", String(variant.mappedAtDetach), "TCEs still mapped when the detach began"],
    [
      "removal",
      detach === null ? "none" : detach.end === null ? "never ends" : duration(detach.end - detach.start),
      "How long the removal of the node blocked its caller",
    ],
    ["log lines", String(variant.log.length), "Lines the kernel printed"],
    ...(variant.survives === undefined
      ? []
      : [["survives", survivesWords(variant.survives), "The longest hold after which nothing is found, in the schedule without preemptions"] as const]),
  ];
  return h(
    "article",
    { class: `card ${name}`, "aria-label": variantTitle(name, result.after === undefined) },
    h("h3", {}, variantTitle(name, result.after === undefined)),
    h("div", { class: `outcome tone-${tone}` }, h("span", { "aria-hidden": "true" }, `${mark} `), title),
    h("div", { class: "because" }, because(name, variant)),
    miniCurve(variant, warp, most),
    h("dl", {}, ...figures.flatMap(([term, value, title_]) => [h("dt", { title: title_ }, term), h("dd", {}, value)])),
  );
}

function survivesWords({ hold, fails, never }: NonNullable<VariantResult["survives"]>): string {
  if (never && fails === undefined) return "any hold";
  return hold === 0 ? "no hold" : `≤ ${duration(hold)}`;
}

function because(name: VariantName, variant: VariantResult): Child {
  const { reason } = variant;
  if (variant.outcome === "cannot-judge" && reason !== undefined)
    return [
      `${reason.message} `,
      reason.file === ""
        ? undefined
        : link(`${baseName(reason.file)}:${reason.line}`, () => post({ type: "reveal", file: reason.file, line: reason.line, variant: name })),
    ];
  const worst = worstFinding(variant.findings);
  if (worst !== undefined) return link(worstWords(worst), () => runCommand("showFinding", name, String(variant.findings.indexOf(worst))), worst.message);
  return h(
    "span",
    { class: "dim" },
    variant.detach === null ? "no removal took place" : variant.detach.end === null ? "the removal never returns" : "the removal returns",
  );
}

function worstWords(finding: Finding): string {
  const caller = finding.file.startsWith("arch/") ? undefined : finding.stack.find((frame) => frame.file.startsWith("arch/") && frame.provided !== true);
  return caller === undefined ? `in ${finding.function}` : `in ${finding.function}, from ${caller.function}`;
}

const curveWidth = 140;
const curveHeight = 38;

function miniCurve(variant: VariantResult, warp: Warp, most: number): SVGElement {
  const x = (t: number): number => warp.toUnit(t) * curveWidth;
  const y = (mapped: number): number => curveHeight - 6 - (mapped / most) * (curveHeight - 10);
  const path = svgPath(stepCurve(variant.occupancy, x, y, warp.start, Math.min(warp.end, variant.timeline.end)));
  const { detach } = variant;
  const wait =
    detach === null
      ? undefined
      : svg("rect", {
          class: "wait",
          x: x(detach.start).toFixed(1),
          y: String(curveHeight - 3),
          height: "3",
          width: Math.max(1, x(detach.end ?? variant.timeline.end) - x(detach.start)).toFixed(1),
        });
  const worst = worstFinding(variant.findings);
  const sign = worst === undefined ? undefined : findingSign(worst, x(worst.t), y(readingAt(variant.occupancy, worst.t)?.mapped ?? 0));
  return svg(
    "svg",
    {
      viewBox: `0 0 ${curveWidth} ${curveHeight}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": `Mapped TCEs over time: at most ${variant.peak}, ${variant.mappedAtDetach} when the detach began`,
    },
    svg("line", { class: "floor", x1: "0", x2: String(curveWidth), y1: String(curveHeight - 5.5), y2: String(curveHeight - 5.5) }),
    wait,
    svg("path", { class: "curve", d: path }),
    sign,
  );
}

/** A triangle that points at the curve, so that it can be told from the curve without its colour. */
function findingSign(finding: Finding, x: number, y: number): SVGElement {
  return svg("path", { class: severityVerdict(finding.severity).tone, d: `M${x.toFixed(1)} ${(y - 2).toFixed(1)} l4 -7 h-8 z` });
}

export function findingsSection(result: ReviewResult, stale: boolean): HTMLElement {
  const names = variantsOf(result);
  const total = names.reduce((sum, name) => sum + (result[name]?.findings.length ?? 0), 0);
  const groups = names.map((name) => {
    const findings = result[name]?.findings ?? [];
    const conditions = new Set(findings.map((finding) => finding.condition));
    // What all of them need is said once.
    const [shared] = conditions.size === 1 ? conditions : [];
    const none = result[name]?.outcome === "cannot-judge" ? "cannot judge" : "nothing found, within what was covered";
    const title = `${variantTitle(name, result.after === undefined)}: ${findings.length === 0 ? none : plural(findings.length, "finding")}`;
    return [h("li", { class: "group" }, title, shared === undefined ? undefined : h("div", {}, shared)), ...findingRows(findings, name, shared === undefined)];
  });
  const rows = h("ul", { class: "findings" }, ...groups);
  rows.addEventListener("keydown", (event) => moveFocus(rows, event));
  return h(
    "section",
    { "aria-label": "Findings", class: stale ? "stale" : "" },
    h("h2", {}, h("span", {}, "Findings"), h("vscode-badge", {}, String(total))),
    rows,
  );
}

/** More silent ones than this are folded: after the first the others say little new. */
const mostSilent = 3;

function findingRows(findings: readonly Finding[], variant: VariantName, withCondition: boolean): readonly HTMLElement[] {
  const ordered = inReadingOrder(findings);
  const silent = ordered.filter(({ finding }) => finding.severity === "silent");
  const rowOf = ({ finding, index }: IndexedFinding): HTMLElement => findingRow(finding, variant, index, withCondition);
  if (silent.length <= mostSilent) return ordered.map(rowOf);
  const loud = ordered.filter(({ finding }) => finding.severity !== "silent");
  const { mark, tone } = severityVerdict("silent");
  const summary = h(
    "span",
    { class: "fold" },
    h("span", { class: `mark tone-${tone}`, "aria-hidden": "true" }, mark),
    ` ${silent.length} silent accesses, which a debug kernel reports`,
  );
  return [
    ...loud.map(rowOf),
    h("li", {}, unfold(`silent.${variant}`, summary, h("ul", { class: "folded" }, ...silent.map(({ finding, index }) => silentRow(finding, variant, index))))),
  ];
}

function findingRow(finding: Finding, variant: VariantName, index: number, withCondition: boolean): HTMLElement {
  const assumed = finding.assumed ?? [];
  return rowTo(finding, variant, index, [
    h("span", { class: "more" }, finding.message),
    withCondition && finding.condition !== undefined ? h("span", { class: "more" }, finding.condition) : undefined,
    assumed.length === 0 ? undefined : h("span", { class: "more" }, `Assumed on the path: ${assumed.join(", ")}`),
  ]);
}

/** One line and what was accessed: the object is the same for all of them. */
function silentRow(finding: Finding, variant: VariantName, index: number): HTMLElement {
  const { access } = finding;
  const words = access === undefined || access.text === "" ? finding.message : `${access.type} of ${access.text.replaceAll(/\((\w+)\)/g, "$1")}`;
  return rowTo(finding, variant, index, [h("span", { class: "more" }, words)]);
}

function rowTo(finding: Finding, variant: VariantName, index: number, more: readonly Child[]): HTMLElement {
  const { mark, title, tone } = severityVerdict(finding.severity);
  return h(
    "li",
    {},
    h(
      "button",
      {
        class: "row",
        type: "button",
        "data-key": `finding.${variant}.${index}`,
        title: [finding.message, `${finding.file}:${finding.line}`, finding.condition].filter((line) => line !== undefined).join("\n"),
        onClick: () => runCommand("showFinding", variant, String(index)),
      },
      h("span", { class: `mark tone-${tone}`, "aria-hidden": "true" }, mark),
      h("span", { class: "what" }, h("span", { class: "hidden" }, `${title} in `), finding.function),
      h("span", { class: "side" }, `${baseName(finding.file)}:${finding.line}${finding.count > 1 ? ` × ${finding.count}` : ""}`),
      more,
    ),
  );
}

/** Up and down walk through the rows, as in VS Code's own lists. */
function moveFocus(within: HTMLElement, event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const rows = [...within.querySelectorAll<HTMLElement>("button.row")];
  const next = rows[rows.findIndex((row) => row === document.activeElement) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

export function assumptionsSection(result: ReviewResult): HTMLElement {
  const variants = variantsOf(result).flatMap((name) => result[name] ?? []);
  const together = (pick: (variant: VariantResult) => readonly string[]): readonly string[] =>
    [...new Set(variants.flatMap(pick))].sort((a, b) => a.localeCompare(b));
  const tree = together((variant) => variant.functions.tree);
  const provided = together((variant) => variant.functions.provided);
  const assumed = together((variant) => variant.functions.assumed);
  return h(
    "section",
    { "aria-label": "Assumptions" },
    h("h2", {}, h("span", {}, "Assumed")),
    assumed.length === 0
      ? h("div", {}, "No function had to be assumed")
      : unfold("assumed", `${plural(assumed.length, "function")} assumed: nothing done, a default returned`, functionList(assumed)),
    unfold("provided", `${plural(provided.length, "function")} provided by the simulated kernel`, functionList(provided)),
    unfold("tree", `${plural(tree.length, "function")} run from the tree`, functionList(tree)),
    result.assumptions.length === 0
      ? undefined
      : unfold("assumptions", plural(result.assumptions.length, "assumption of the machine", "assumptions of the machine"), list(result.assumptions)),
    h(
      "p",
      { class: "covered" },
      `Took ${(result.timing.totalMs / 1000).toFixed(1)} s: ${(result.timing.compileMs / 1000).toFixed(1)} s compiling, ${(result.timing.runMs / 1000).toFixed(1)} s running.`,
    ),
  );
}

function functionList(names: readonly string[]): HTMLElement {
  return names.length === 0 ? h("div", { class: "body" }, "none") : h("div", { class: "body" }, h("code", {}, names.join(", ")));
}
