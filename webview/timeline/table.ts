// The timeline as a table: every event as text, with the state of the DMA table at its moment and a link to its line.
// For screen readers, searching and copying.

import { baseName, counted, h, moment, post, preciseMoment, t, variantTitle } from "../base/index.js";
import { firstAt, type Mark } from "../marks/index.js";
import { type Model, tableStateAt } from "./model.js";
import { type Stepped, threadName } from "./operations.js";

const most = 400;
/** Operations shown on each side of the last step. */
const nearby = 12;

/** @param stepped the operations around the last step, in a separate table above the events */
export function tableOf(model: Model, around: number, stepped: Stepped | undefined, onPick: (mark: Mark) => void): HTMLElement {
  const alone = model.variants.length === 1;
  const threads = new Map(model.variants.map(({ name, result }) => [name, new Map(result.timeline.lanes.map((lane) => [lane.id, lane.name]))]));
  const { shown, from, count } = rowsAround(model, around);
  const caption =
    count <= most ? counted(count, "{0} event", "{0} events") : t("Events {0} to {1} of {2}, around the cursor", from + 1, from + shown.length, count);
  const head = [t("Time"), ...(alone ? [] : [t("Variant")]), t("Thread"), t("What"), t("Mapped"), t("Line")];
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
            h("button", { class: "link", type: "button", onClick: () => onPick(mark), title: t("Move the cursor here") }, moment(mark.t)),
          ),
          alone ? undefined : h("td", {}, variantTitle(mark.variant, false)),
          h("td", {}, threads.get(mark.variant)?.get(mark.thread) ?? ""),
          h("td", { class: `tone-${mark.tone}` }, mark.label),
          h("td", { class: "number" }, variant === undefined ? "" : String(tableStateAt(variant, mark.t).mapped)),
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
  return h("div", { class: "table", tabindex: "0", role: "region", "aria-label": t("Events") }, stepped && operationsOf(model, stepped), table);
}

function operationsOf(model: Model, { variant, stop, operations }: Stepped): HTMLElement {
  const result = model.variants.find(({ name }) => name === variant)?.result;
  const here = operations.findIndex(({ position }) => position === stop.position);
  const near = operations.slice(Math.max(0, here - nearby), here + nearby + 1);
  return h(
    "table",
    {},
    h("caption", { class: "dim" }, t("Operations around the current step")),
    h("thead", {}, h("tr", {}, ...[t("Time"), t("Thread"), t("What"), t("Line")].map((title) => h("th", { scope: "col" }, title)))),
    h(
      "tbody",
      {},
      ...near.map(({ position, t: at, thread, k, text, at: place }) =>
        h(
          "tr",
          position === stop.position ? { class: "current", "aria-current": "true" } : {},
          h("td", { class: "number" }, preciseMoment(at)),
          h("td", {}, threadName(result, thread)),
          h("td", {}, k === "switch" ? t("continues") : text),
          h("td", {}, place === undefined ? "" : t("{0} at {1}", place.function, `${baseName(place.file)}:${place.line}`)),
        ),
      ),
    ),
  );
}

/** The rows around a moment, of both variants sorted by time; the cost does not depend on the number of events. */
function rowsAround(model: Model, at: number): { readonly shown: readonly Mark[]; readonly from: number; readonly count: number } {
  const parts = model.variants.map(({ marks }) => {
    const middle = firstAt(marks.times, at);
    const first = Math.max(0, middle - most);
    const list: Mark[] = [];
    for (let i = first; i < Math.min(marks.length, middle + most); i++) {
      const mark = marks.at(i);
      if (mark !== undefined) list.push(mark);
    }
    return { first, list, count: marks.length };
  });
  const before = parts.reduce((sum, { first }) => sum + first, 0);
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const merged = parts.flatMap(({ list }) => list).sort((a, b) => a.t - b.t);
  const middle = Math.max(
    0,
    merged.findIndex((mark) => mark.t >= at),
  );
  const start = Math.max(0, Math.min(middle - most / 2, merged.length - most));
  return { shown: merged.slice(start, start + most), from: before + start, count };
}
