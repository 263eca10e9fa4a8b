// The results of all subsets of the hunks: a row for each subset, a column for each hold, so that the table fits a
// narrow panel. Hunk numbers are those of the list of hunks above it.

import type { HunkTable, ReviewResult, ViewState } from "../../engine/protocol.js";
import { type Child, duration, h, holdText, runCommand, severityVerdict, subsetWords, t, type Verdict } from "../base/index.js";

/** Nothing if there are no subsets to compare. */
export function hunkTableSection(state: ViewState, result: ReviewResult): Child {
  const hunks = result.patch?.hunks.length ?? 0;
  if (state.comparable !== true || hunks < 2) return undefined;
  const { hunkTable } = state;
  const start = h(
    "button",
    { class: "link", type: "button", "data-key": "compare", onClick: () => runCommand("compareHunks") },
    hunkTable === undefined ? t("What does each hunk do?") : t("Run again"),
  );
  if (hunkTable === undefined)
    return state.phase === "running" ? undefined : h("section", { "aria-label": t("Hunks compared") }, h("h2", {}, h("span", {}, t("Hunks compared"))), start);
  return h(
    "section",
    { "aria-label": t("Hunks compared"), class: state.stale ? "stale" : "" },
    h("h2", {}, h("span", {}, t("Hunks compared")), h("span", { class: "aside" }, hunkTable.complete ? start : t("running…"))),
    tableOf(hunkTable.table, hunks),
    h("p", { class: "covered" }, t("Each cell is one run of the default schedule.")),
  );
}

function tableOf(table: HunkTable, hunks: number): HTMLElement {
  return h(
    "table",
    { class: "hunk-table" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("hunks")), ...table.rows.map(({ hold }) => h("th", { scope: "col" }, holdText(hold))))),
    h(
      "tbody",
      {},
      ...table.columns.map((subset, i) =>
        h("tr", {}, h("th", { scope: "row" }, subsetWords(subset.hunks, hunks)), ...table.rows.map(({ cells }) => cellOf(cells[i]))),
      ),
    ),
  );
}

function cellOf(cell: HunkTable["rows"][number]["cells"][number]): HTMLElement {
  if (cell === undefined) return h("td", { class: "dim" }, "…");
  const { mark, title, tone } = verdictOfCell(cell);
  const removal = cell.removal === null ? t("the removal does not return") : t("the removal took {0}", duration(cell.removal));
  return h(
    "td",
    { title: [cell.words, cell.worst?.message, cell.reason?.message, removal].filter((line) => line !== undefined).join("\n") },
    h("span", { class: `tone-${tone}`, "aria-hidden": "true" }, `${mark} `),
    title,
  );
}

function verdictOfCell(cell: NonNullable<HunkTable["rows"][number]["cells"][number]>): Verdict {
  switch (cell.outcome) {
    case "clean":
      return { mark: "✓", title: t("nothing found"), tone: "good" };
    case "cannot-judge":
      return { mark: "?", title: t("cannot judge"), tone: "unknown" };
    case "finding": {
      const { worst } = cell;
      if (worst === undefined) return { mark: "✖", title: cell.words, tone: "error" };
      const { mark, tone } = severityVerdict(worst.severity);
      return {
        mark,
        tone,
        title: worst.severity === "oops" ? t("oops") : worst.kind === "failed-hypercall" ? t("hcall failed") : worst.kind.replaceAll("-", " "),
      };
    }
  }
}
