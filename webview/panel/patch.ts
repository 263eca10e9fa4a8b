// The patch: its author, what it was applied to, what had to be repaired, and its hunks. Each hunk has a checkbox that
// excludes or includes it; the review then runs again.

import type { HunkResult, PatchResult, ReviewResult, ViewState } from "../../engine/protocol.js";
import {
  baseName,
  button,
  type Child,
  counted,
  h,
  hunkReach,
  hunkStatus,
  link,
  list,
  post,
  runCommand,
  shortPath,
  t,
  unfold,
  walkRows,
} from "../base/index.js";

export function patchSection(state: ViewState, result: ReviewResult): HTMLElement {
  const tree = `Linux ${result.tree.version}`;
  const { patch } = result;
  if (patch === undefined)
    return h(
      "section",
      { "aria-label": t("Patch") },
      h("h1", { class: "subject" }, t("Tree alone")),
      h("p", { class: "facts" }, `${tree} · ${t("no patch")}`),
      h("div", { class: "actions" }, button(t("Review Patch…"), "reviewPatch")),
    );
  const facts = [patch.from.replace(/\s*<.*>$/, ""), patch.version, patch.date].filter((fact) => fact !== undefined && fact !== "").join(" · ");
  // The state that the user chose, not what was run: a checkbox reacts at once.
  const off = new Set(state.hunksOff ?? []);
  return h(
    "section",
    { "aria-label": t("Patch") },
    h("h1", { class: "subject" }, patch.subject === "" ? t("(no subject)") : patch.subject),
    h("p", { class: "facts", title: patch.from }, facts),
    h(
      "p",
      { class: "facts" },
      `${tree} · ${hunkCount(patch.hunks)}`,
      off.size === 0 ? undefined : [" · ", link(t("Include all"), () => runCommand("allHunks"), t("Include all hunks"), "hunks.all")],
    ),
    patch.repairs.length === 0
      ? undefined
      : h(
          "div",
          { class: "facts" },
          unfold("repairs", counted(patch.repairs.length, "{0} repair to the text", "{0} repairs to the text"), list(patch.repairs)),
        ),
    walkRows(h("ul", { class: "hunks", "aria-label": t("Hunks") }, ...patch.hunks.map((hunk, i) => hunkRow(patch, hunk, i, off)))),
  );
}

function hunkCount(hunks: readonly HunkResult[]): string {
  const failed = hunks.filter((hunk) => hunk.status === "failed").length;
  const off = hunks.filter((hunk) => hunk.status === "off").length;
  if (hunks.length === 0) return t("no hunks");
  if (off > 0) return t("{0} of {1} hunks included", hunks.length - off, hunks.length);
  if (failed === 0) return counted(hunks.length, "{0} of {0} hunk applied", "{0} of {0} hunks applied");
  return failed === 1 ? t("{0} of {1} hunks does not apply", failed, hunks.length) : t("{0} of {1} hunks do not apply", failed, hunks.length);
}

/** The function in a hunk's header, without its parameters, which rarely fit and are often truncated. */
function functionOf(header: string): string {
  const context = header.replace(/^@@.*?@@\s*/, "").replace(/\s*@@$/, "");
  const words = header.replace(/^@@\s*|\s*@@$/g, "");
  return /([A-Za-z_]\w*)\s*\(/.exec(context)?.[1] ?? (/^-\d/.test(words) ? context : words);
}

function hunkRow(patch: PatchResult, hunk: HunkResult, index: number, off: ReadonlySet<number>): HTMLElement {
  const { mark, words, tone } = hunkStatus(hunk);
  const reach = hunkReach(hunk);
  const place = functionOf(hunk.header);
  const files = new Set(patch.hunks.map(({ file: path }) => baseName(path)));
  const file = files.size === new Set(patch.hunks.map(({ file: path }) => path)).size ? baseName(hunk.file) : shortPath(hunk.file);
  const inTree = hunk.status === "failed" || hunk.status === "already-applied" || hunk.status === "off";
  const row = h(
    "button",
    {
      class: "row",
      type: "button",
      "data-key": `hunk.${index}`,
      title: `${hunk.file}:${hunk.line}\n${hunk.header}\n${words}${reach === undefined ? "" : `\n${reach.words}`}`,
      onClick: () => post({ type: "reveal", file: hunk.file, line: hunk.line, variant: inTree ? "before" : "after" }),
    },
    h("span", { class: "what" }, h("span", { class: "dim" }, `${index + 1} `), `${file}:${hunk.line}`),
    h("span", { class: "side" }, h("span", { class: `mark tone-${tone}`, "aria-hidden": "true" }, mark), ` ${words}`),
    place === "" && reach === undefined
      ? undefined
      : h(
          "span",
          { class: "more" },
          place,
          reach === undefined ? undefined : h("span", { class: reach.warn ? "tone-warning" : "dim" }, `${place === "" ? "" : " · "}${reach.words}`),
        ),
  );
  return h(
    "li",
    { class: off.has(index) ? "off" : "" },
    h("div", { class: "hunk" }, switchBox(hunk, index, off, patch.hunks.length), row),
    hunk.detail === undefined ? undefined : h("pre", { class: "detail", tabindex: "0" }, hunk.detail),
  );
}

/** A hunk that is not applied has no checkbox. */
function switchBox(hunk: HunkResult, index: number, off: ReadonlySet<number>, all: number): Child {
  const fixed = hunk.status === "failed" || hunk.status === "already-applied";
  const last = !off.has(index) && off.size >= all - 1;
  const title = fixed
    ? t("Not in the patched tree")
    : last
      ? t("The last hunk cannot be excluded")
      : off.has(index)
        ? t("Include this hunk")
        : t("Exclude this hunk");
  const box = h("input", { type: "checkbox", "data-key": `switch.${index}`, title, "aria-label": t("Hunk {0}", index + 1), disabled: fixed || last });
  box.checked = !fixed && !off.has(index);
  box.addEventListener("change", () => runCommand("toggleHunk", String(index)));
  return box;
}
