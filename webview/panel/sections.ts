// The panel's simple sections, each a function from the state to elements: welcome, progress, messages, assumptions.
// Must not keep state; what is unfolded is remembered by name.

import type { ReviewResult, VariantResult, ViewState } from "../../engine/protocol.js";
import { button, type Child, counted, h, link, list, post, progressRing, runCommand, t, unfold } from "../base/index.js";
import { variantsOf } from "../marks/index.js";

export function welcome(): HTMLElement {
  return h(
    "section",
    {},
    h(
      "div",
      { class: "welcome" },
      h("p", {}, t("Runs the tree's own IOMMU code with and without a patch.")),
      button(t("Review Patch…"), "reviewPatch", "primary"),
      h("p", {}, t("Accepts mails as received: quoted replies, list archive text, tabs turned into spaces. Also reads the clipboard.")),
      button(t("Review Patch from Clipboard"), "reviewClipboard"),
      h("p", {}, t("No patch at hand? Try the built-in change (wait for the TCEs, then free the table, then remove the window), or run the tree alone.")),
      button(t("Review Built-in Change"), "reviewBuiltin"),
      button(t("Run Scenario…"), "runScenario"),
    ),
  );
}

export function progressSection(state: ViewState): readonly Child[] {
  if (state.phase !== "running") return [];
  const progress = state.progress ?? { step: t("Starting"), fraction: 0 };
  const bar = h("div", { class: "progress", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" }, h("div"));
  // A re-run after an edit is short: the bar is enough, and the page does not jump.
  const step = state.result === undefined ? h("span", { class: "step", "aria-live": "polite" }) : undefined;
  fillProgress(bar, step, progress);
  return [
    bar,
    step === undefined
      ? undefined
      : h("section", {}, h("div", { class: "running" }, progressRing(), step), h("div", { class: "actions" }, button(t("Cancel"), "cancel"))),
  ];
}

interface Progress {
  readonly step: string;
  readonly fraction: number;
}

/** Progress arrives often, so only its own elements change. */
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
  if (text !== undefined) text.textContent = t("{0}…", step);
}

export function messagesSection(state: ViewState): Child {
  const stale =
    state.stale && state.phase !== "running"
      ? h(
          "div",
          { class: "message", role: "status" },
          h("span", { class: "mark" }, "▲"),
          h("span", {}, t("The tree was edited after this run; the results below are for the previous text.")),
          link(t("Run again"), () => runCommand("runAgain")),
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
    state.result === undefined ? h("div", { class: "actions" }, button(t("Review Patch…"), "reviewPatch", "primary")) : undefined,
  );
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
    { "aria-label": t("Assumptions") },
    h("h2", {}, h("span", {}, t("Assumed"))),
    assumed.length === 0
      ? h("div", {}, t("No functions assumed"))
      : unfold(
          "assumed",
          counted(assumed.length, "{0} function assumed (no effect, returns a default)", "{0} functions assumed (no effect, return a default)"),
          functionList(assumed),
        ),
    unfold(
      "provided",
      counted(provided.length, "{0} function provided by the simulated kernel", "{0} functions provided by the simulated kernel"),
      functionList(provided),
    ),
    unfold("tree", counted(tree.length, "{0} function executed from the tree", "{0} functions executed from the tree"), functionList(tree)),
    result.assumptions.length === 0
      ? undefined
      : unfold(
          "assumptions",
          counted(result.assumptions.length, "{0} assumption of the simulation", "{0} assumptions of the simulation"),
          list(result.assumptions),
        ),
    h(
      "p",
      { class: "covered" },
      t(
        "Took {0} s: {1} s compiling, {2} s running.",
        ...[result.timing.totalMs, result.timing.compileMs, result.timing.runMs].map((ms) => (ms / 1000).toFixed(1)),
      ),
    ),
  );
}

function functionList(names: readonly string[]): HTMLElement {
  return names.length === 0 ? h("div", { class: "body" }, t("none")) : h("div", { class: "body" }, h("code", {}, names.join(", ")));
}
