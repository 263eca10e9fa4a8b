// The verdict: before and after as two cards, as text and numbers, with what was covered. A verdict is never shown
// without its bound.

import type { Finding, ReviewResult, VariantName, VariantResult } from "../../engine/protocol.js";
import {
  baseName,
  button,
  type Child,
  counted,
  duration,
  h,
  holdText,
  link,
  post,
  runCommand,
  severityVerdict,
  svg,
  t,
  variantTitle,
  verdictOf,
  worstFinding,
} from "../base/index.js";
import { activityWarp, busyTimes, firstMoment, lastMoment, readingAt, Readings, svgPath, variantsOf, type Warp } from "../marks/index.js";

/** @param ownScenario name of the custom scenario, if it is one */
export function verdictSection(result: ReviewResult, stale: boolean, ownScenario: string | undefined): HTMLElement {
  const hold = result.scenario.parameters["hold"];
  const scenario = `${ownScenario ?? result.scenario.name}${hold === undefined ? "" : ` · ${holdText(hold)}`}`;
  const based = ownScenario === undefined ? [] : [t("Based on {0}", result.scenario.name)];
  const parameters = [...based, ...Object.entries(result.scenario.parameters).map(([name, value]) => `${name}=${value}`)];
  const warp = activityWarp(busyTimes(result), firstMoment(result) * 0.98, lastMoment(result));
  const names = variantsOf(result);
  const coverage = new Set(names.map((name) => coveredWords(result[name])));
  return h(
    "section",
    { "aria-label": t("Verdict"), class: stale ? "stale" : "" },
    h(
      "h2",
      {},
      h("span", {}, t("Verdict")),
      h(
        "span",
        { class: "aside" },
        link(scenario, () => runCommand("runScenario"), `${parameters.join("\n")}\n${t("Change…")}`),
      ),
    ),
    h("div", { class: "cards" }, ...names.map((name) => card(name, result, warp))),
    ...(coverage.size > 1
      ? names.map((name) =>
          h(
            "p",
            { class: "covered" },
            name === "before" ? t("Covered before: {0}", coveredWords(result[name])) : t("Covered with the patch: {0}", coveredWords(result[name])),
          ),
        )
      : [h("p", { class: "covered" }, t("Covered: {0}", coveredWords(result.before)))]),
    h(
      "p",
      { class: "covered" },
      link(t("Search deeper…"), () => runCommand("searchDeeper")),
    ),
    h(
      "div",
      { class: "actions" },
      button(t("Timeline"), "showTimeline"),
      button(t("Kernel Log"), "showLog"),
      result.patch === undefined ? undefined : button(t("Diff"), "showPatchedFile"),
    ),
    findingsLine(result),
  );
}

/** The bound of a verdict. A run that was broken off has none: what would have followed is unknown. */
function coveredWords(variant: VariantResult | undefined): string {
  if (variant === undefined) return "";
  return variant.outcome === "cannot-judge" ? t("the run up to that point, and nothing after it.") : variant.covered.text;
}

function card(name: VariantName, result: ReviewResult, warp: Warp): Child {
  const variant = result[name];
  if (variant === undefined) return undefined;
  const { mark, title, tone } = verdictOf(variant);
  const most = Math.max(1, ...variantsOf(result).map((name) => result[name]?.peak ?? 0));
  const { detach } = variant;
  const figures: readonly (readonly [string, string, string])[] = [
    [t("peak mapped"), counted(variant.peak, "{0} TCE", "{0} TCEs"), t("Most TCEs mapped at any time")],
    [t("mapped at detach"), counted(variant.mappedAtDetach, "{0} TCE", "{0} TCEs"), t("TCEs still mapped when the detach started")],
    [
      t("removal took"),
      detach === null ? t("no removal") : detach.end === null ? t("does not end") : duration(detach.end - detach.start),
      t("How long removing the node blocked its caller"),
    ],
    [t("log lines"), String(variant.log.length), t("Lines printed by the kernel")],
    ...(variant.survives === undefined
      ? []
      : [
          [
            t("longest safe hold"),
            survivesWords(variant.survives),
            t("Longest hold without an oops or silent corruption in the default schedule (no preemptions)"),
          ] as const,
        ]),
  ];
  return h(
    "article",
    { class: `card ${name}`, "aria-label": variantTitle(name, result.after === undefined) },
    h(
      "h3",
      {},
      variantTitle(name, result.after === undefined),
      result.replayed === name
        ? h("span", { class: "replayed", title: t("This run was replayed from a witness. Run Again restores the run of the review.") }, ` ${t("· replayed")}`)
        : undefined,
    ),
    h("div", { class: `outcome tone-${tone}` }, h("span", { "aria-hidden": "true" }, `${mark} `), title),
    h("div", { class: "because" }, because(name, variant)),
    condition(variant),
    miniCurve(variant, warp, most),
    h("dl", {}, ...figures.flatMap(([term, value, title_]) => [h("dt", { title: title_ }, term), h("dd", {}, value)])),
  );
}

function survivesWords({ hold, fails, never }: NonNullable<VariantResult["survives"]>): string {
  if (never && fails === undefined) return t("any hold");
  return hold === 0 ? t("no hold") : `≤ ${duration(hold)}`;
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
    variant.detach === null ? t("no removal happened") : variant.detach.end === null ? t("the removal does not return") : t("the removal returns"),
  );
}

/** The condition of the worst finding as text. */
function condition(variant: VariantResult): Child {
  const words = variant.outcome === "finding" ? worstFinding(variant.findings)?.condition : undefined;
  return words === undefined ? undefined : h("div", { class: "condition dim" }, words);
}

function worstWords(finding: Finding): string {
  const caller = finding.file.startsWith("arch/") ? undefined : finding.stack.find((frame) => frame.file.startsWith("arch/") && frame.provided !== true);
  return caller === undefined ? t("in {0}", finding.function) : t("in {0}, from {1}", finding.function, caller.function);
}

const curveWidth = 140;
const curveHeight = 38;

function miniCurve(variant: VariantResult, warp: Warp, most: number): SVGElement {
  const x = (t: number): number => warp.toUnit(t) * curveWidth;
  const y = (mapped: number): number => curveHeight - 6 - (mapped / most) * (curveHeight - 10);
  const timeOf = (px: number): number => warp.toTime(px / curveWidth);
  const path = svgPath(new Readings(variant.occupancy).curve(x, timeOf, y, warp.start, Math.min(warp.end, variant.timeline.end)));
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
      "aria-label": t("Mapped TCEs over time: at most {0}, {1} when the detach started", variant.peak, variant.mappedAtDetach),
    },
    svg("line", { class: "floor", x1: "0", x2: String(curveWidth), y1: String(curveHeight - 5.5), y2: String(curveHeight - 5.5) }),
    wait,
    svg("path", { class: "curve", d: path }),
    sign,
  );
}

/** A triangle that points at the curve, distinguishable from it without colour. */
function findingSign(finding: Finding, x: number, y: number): SVGElement {
  return svg("path", { class: severityVerdict(finding.severity).tone, d: `M${x.toFixed(1)} ${(y - 2).toFixed(1)} l4 -7 h-8 z` });
}

/** A link to the findings, which the editor lists in its own view below. */
function findingsLine(result: ReviewResult): Child {
  const total = variantsOf(result).reduce((sum, name) => sum + (result[name]?.findings.length ?? 0), 0);
  if (total === 0) return undefined;
  return h(
    "p",
    { class: "covered" },
    link(counted(total, "{0} finding in total", "{0} findings in total"), () => runCommand("showFindings"), undefined, "findings"),
  );
}
