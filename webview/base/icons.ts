// The icons of the timeline's tool bar, drawn on a 16 px grid like VS Code's.

import { svg } from "./dom.js";

const strokes = {
  play: { solid: "M5 3v10l8-5z" },
  pause: { solid: "M4 3h3v10H4zM9 3h3v10H9z" },
  next: { line: "M13 3v10", solid: "M3 3v10l7-5z" },
  previous: { line: "M3 3v10", solid: "M13 3v10L6 8z" },
  nextOperation: { line: "M3 8h8M8 5l3 3-3 3M13.5 4v8" },
  previousOperation: { line: "M13 8H5M8 5 5 8l3 3M2.5 4v8" },
  zoomIn: { line: "M7 3.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M9.6 9.6 13.5 13.5M5.3 7h3.4M7 5.3v3.4" },
  zoomOut: { line: "M7 3.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M9.6 9.6 13.5 13.5M5.3 7h3.4" },
  fit: { line: "M2.5 3v10M13.5 3v10M4.5 8h7M6.5 6l-2 2 2 2M9.5 6l2 2-2 2" },
  even: { line: "M2 12.5h12M3 12.5v-4M5 12.5v-4M7 12.5v-4M13 12.5v-4M3 5.5c2.5-3 7.5-3 10 0M13 5.5V3M13 5.5h-2.4" },
  filter: { line: "M2.5 4h11M4.5 8h7M6.5 12h3" },
  follow: { line: "M2.5 3.5h7M2.5 6.5h5M2.5 9.5h5M2.5 12.5h7M9 8h4.5M11.5 6l2 2-2 2" },
  table: { line: "M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 3.5v9" },
} as const satisfies Readonly<Record<string, { readonly line?: string; readonly solid?: string }>>;

export type IconName = keyof typeof strokes;

export function icon(name: IconName): SVGElement {
  const shape: { readonly line?: string; readonly solid?: string } = strokes[name];
  return svg(
    "svg",
    { viewBox: "0 0 16 16", "aria-hidden": "true" },
    shape.line === undefined ? undefined : svg("path", { d: shape.line }),
    shape.solid === undefined ? undefined : svg("path", { class: "solid", d: shape.solid }),
  );
}

/** A sample of the variant's curve, for the legend. */
export function curveSample(): SVGElement {
  return svg("svg", { class: "sample", viewBox: "0 0 18 16", "aria-hidden": "true" }, svg("path", { d: "M1 12h4V5h8v4h4" }));
}
