// The timeline as a table: every event in words, with the figures at its moment and a link to its line. For screen
// readers, and for whoever wants to search and copy.

import { h } from "./dom.js";
import { post } from "./host.js";
import type { Mark } from "./marks.js";
import { figuresAt, type Model } from "./timeline-model.js";
import { baseName, moment, variantTitle } from "./words.js";

const most = 400;

export function tableOf(model: Model, around: number, onPick: (mark: Mark) => void): HTMLElement {
  const alone = model.variants.length === 1;
  const threads = new Map(model.variants.map(({ name, result }) => [name, new Map(result.timeline.lanes.map((lane) => [lane.id, lane.name]))]));
  const all = model.variants.flatMap(({ marks }) => marks).sort((a, b) => a.t - b.t);
  const at = Math.max(
    0,
    all.findIndex((mark) => mark.t >= around),
  );
  const from = Math.max(0, Math.min(at - most / 2, all.length - most));
  const shown = all.slice(from, from + most);
  const caption = all.length <= most ? `${all.length} events` : `Events ${from + 1} to ${from + shown.length} of ${all.length}, around the cursor`;
  const head = ["Time", ...(alone ? [] : ["Variant"]), "Thread", "What", "Mapped", "Line"];
  const table = h(
    "table",
    {},
    h("caption", { class: "dim" }, caption),
    h("thead", {}, h("tr", {}, ...head.map((title) => h("th", { scope: "col" }, title)))),
    h(
      "tbody",
      {},
      ...shown.map((mark) => {
        const variant = model.variants.find(({ name }) => name === mark.variant);
        const { site } = mark;
        return h(
          "tr",
          {},
          h(
            "td",
            { class: "number" },
            h("button", { class: "link", type: "button", onClick: () => onPick(mark), title: "Move the cursor here" }, moment(mark.t)),
          ),
          alone ? undefined : h("td", {}, variantTitle(mark.variant, false)),
          h("td", {}, threads.get(mark.variant)?.get(mark.thread) ?? ""),
          h("td", { class: `tone-${mark.tone}` }, mark.label),
          h("td", { class: "number" }, variant === undefined ? "" : String(figuresAt(variant, mark.t).mapped)),
          h(
            "td",
            {},
            site === undefined
              ? ""
              : h(
                  "button",
                  { class: "link", type: "button", onClick: () => post({ type: "reveal", file: site.file, line: site.line, variant: mark.variant }) },
                  `${baseName(site.file)}:${site.line}`,
                ),
          ),
        );
      }),
    ),
  );
  return h("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Events" }, table);
}
