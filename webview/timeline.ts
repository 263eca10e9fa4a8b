// The timeline's page: tool bar, drawing or table, and the messages that tie its cursor to the editor's. What is drawn
// and how the hand moves it is timeline-view's business.

import type { ReviewResult, ViewState } from "../engine/protocol.js";
import { h, type Child } from "./dom.js";
import { keep, onMessage, post, recall, runCommand } from "./host.js";
import { curveSample, icon, type IconName } from "./icons.js";
import { tableOf } from "./timeline-table.js";
import { modelOf, type Model } from "./timeline-model.js";
import { figureWords, TimelineView, type Cursor } from "./timeline-view.js";
import { registerControls } from "./toolkit.js";
import { variantTitle } from "./words.js";

registerControls();

const root = document.getElementById("root") ?? document.body;
let cursor: Cursor = { t: 0, variant: "before" };
let model: Model | undefined;
let asTable = recall<boolean>("table", false);
/** Text of the result the model was made from: a state that only moves the cursor or the progress needs no new model. */
let shownResult = "";
/** Patch and scenario of that result: another review starts with the whole in view, a re-run leaves the view alone. */
let shownSubject = recall<string>("subject", "");

let pendingPost: number | undefined;
const view = new TimelineView(
  (moved) => {
    cursor = moved;
    updateFigures();
    // One message a frame is as much as the editor can show.
    pendingPost ??= requestAnimationFrame(() => {
      pendingPost = undefined;
      post({ type: "cursor", ...cursor });
    });
  },
  () => updateBar(),
);

const figures = h("div", { class: "figures" });
/** In the bar, not above the drawing: an edit must not make the page jump. */
const note = h("span", { class: "note", role: "status" });
const playButton = tool("play", "Play (Space)", () => view.togglePlay());
const evenButton = tool("even", "Give each stretch of time room by what happens in it, not by its length", () => {
  view.setEven(!view.even);
  updateBar();
});
const tableButton = tool("table", "Show the events as a table", () => {
  asTable = !asTable;
  keep("table", asTable);
  updateBar();
  updateBody();
});
const bar = h(
  "div",
  { class: "bar", role: "toolbar", "aria-label": "Timeline" },
  h(
    "span",
    { class: "tools" },
    tool("previous", "Previous event (Left)", () => view.step(-1)),
    playButton,
    tool("next", "Next event (Right)", () => view.step(1)),
  ),
  figures,
  note,
  h("span", { class: "spring" }),
  h(
    "span",
    { class: "tools" },
    tool("zoomOut", "Zoom out (-)", () => view.zoomBy(2)),
    tool("zoomIn", "Zoom in (+)", () => view.zoomBy(0.5)),
    tool("fit", "Show all (0)", () => view.fit()),
    evenButton,
    tableButton,
  ),
);
const body = h("div", { class: "body" });

function tool(name: IconName, label: string, onClick: () => void): HTMLButtonElement {
  return h("button", { class: "icon", type: "button", title: label, "aria-label": label, onClick }, icon(name));
}

function updateBar(): void {
  playButton.replaceChildren(icon(view.playing ? "pause" : "play"));
  playButton.setAttribute("aria-pressed", String(view.playing));
  evenButton.setAttribute("aria-pressed", String(view.even));
  tableButton.setAttribute("aria-pressed", String(asTable));
}

function updateFigures(): void {
  const current = model;
  if (current === undefined) return;
  const alone = current.variants.length === 1;
  const words = figureWords(current, cursor);
  const existing = figures.querySelectorAll<HTMLElement>("button.icon");
  if (existing.length !== words.length) {
    figures.replaceChildren(
      ...words.map(({ variant }) =>
        h(
          "button",
          {
            class: `icon ${variant}`,
            type: "button",
            title: `Follow this one with the cursor: ${variantTitle(variant, alone)}`,
            onClick: () => {
              cursor = { ...cursor, variant };
              view.setCursor(cursor);
              updateFigures();
              post({ type: "cursor", ...cursor });
            },
          },
          curveSample(),
          h("span", {}),
        ),
      ),
    );
  }
  const buttons = figures.querySelectorAll<HTMLElement>("button.icon");
  words.forEach(({ variant, words: text }, i) => {
    const button = buttons[i];
    if (button === undefined) return;
    button.setAttribute("aria-pressed", String(!alone && variant === cursor.variant));
    const label = button.querySelector("span");
    if (label !== null) label.textContent = `${variantTitle(variant, alone)}: ${text}`;
  });
}

function updateBody(): void {
  if (model === undefined) return;
  const next = asTable
    ? tableOf(model, cursor.t, (mark) => {
        cursor = { t: mark.t, variant: mark.variant };
        view.setCursor(cursor);
        updateFigures();
        post({ type: "cursor", ...cursor });
      })
    : view.element;
  if (body.firstChild !== next) body.replaceChildren(next);
}

function empty(state: ViewState): readonly Child[] {
  if (state.phase === "running")
    return [h("div", { class: "empty", "aria-live": "polite" }, h("vscode-progress-ring"), h("span", {}, `${state.progress?.step ?? "Running"}…`))];
  if (state.phase === "problem")
    return [
      h(
        "div",
        { class: "empty" },
        h("span", {}, state.problems[0]?.message ?? "The run did not end."),
        h("vscode-button", { appearance: "secondary", onClick: () => runCommand("showReview") }, "Show Review"),
      ),
    ];
  return [
    h(
      "div",
      { class: "empty" },
      h("span", {}, "A review's run is replayed here."),
      h("vscode-button", { onClick: () => runCommand("reviewPatch") }, "Review Patch…"),
    ),
  ];
}

function show(state: ViewState): void {
  const { result } = state;
  if (result === undefined) {
    model = undefined;
    shownResult = "";
    const holder = h("div", {}, ...empty(state));
    root.replaceChildren(...holder.childNodes);
    return;
  }
  const text = JSON.stringify(result);
  if (text !== shownResult) {
    shownResult = text;
    model = modelOf(result);
    const subject = subjectOf(result);
    view.show(model, subject !== shownSubject);
    shownSubject = subject;
    keep("subject", subject);
    updateBody();
  }
  cursor = state.cursor;
  view.setCursor(cursor);
  view.element.classList.toggle("stale", state.stale);
  note.textContent = state.stale ? "▲ edited since" : "";
  updateBar();
  updateFigures();
  if (bar.parentElement !== root) root.replaceChildren(bar, body);
}

function subjectOf(result: ReviewResult): string {
  return `${result.patch?.subject ?? ""} ${JSON.stringify(result.scenario)}`;
}

onMessage((message) => {
  switch (message.type) {
    case "state":
      show(message.state);
      return;
    case "progress": {
      const step = root.querySelector(".empty > span");
      if (model === undefined && step !== null) step.textContent = `${message.step}…`;
      return;
    }
    case "cursor":
      if (message.t === cursor.t && message.variant === cursor.variant) return;
      // While it plays or is dragged, this page is ahead of the echo of its own messages.
      if (view.playing || pendingPost !== undefined) return;
      cursor = { t: message.t, variant: message.variant };
      view.setCursor(cursor);
      updateFigures();
      return;
  }
});

post({ type: "ready" });
