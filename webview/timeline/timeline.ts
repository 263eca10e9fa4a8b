// The timeline's page: tool bar, drawing or table, and the messages that keep its cursor and the editor's in step.
// Must not draw: view.ts does.

import type { ReviewResult, ToWebview, ViewState } from "../../engine/protocol.js";
import {
  type Child,
  counted,
  curveSample,
  duration,
  h,
  icon,
  type IconName,
  keep,
  moment,
  onMessage,
  post,
  progressRing,
  recall,
  runCommand,
  t,
  variantTitle,
} from "../base/index.js";
import { type Mark, type MarkGroup, markGroups } from "../marks/index.js";
import { type Matches, matchFrom, searchMarks } from "./search.js";
import { tableOf } from "./table.js";
import { type Cursor, type Model, modelOf, summarizeRange } from "./model.js";
import { OperationSteps, steppedWords } from "./operations.js";
import { tableStateWords, TimelineView } from "./view.js";
import { registerControls } from "../toolkit.js";

registerControls();

const root = document.getElementById("root") ?? document.body;
let cursor: Cursor = { t: 0, variant: "before" };
let model: Model | undefined;
let follow = recall<boolean>("follow", true);
let hidden: ReadonlySet<MarkGroup> = new Set(markGroups.filter((group) => recall<boolean>(`hide.${group}`, false)));
let matches: Matches = { list: [], count: 0 };
/** The cursor that the editor reported last. */
let editorCursor: Cursor | undefined;
/** The id of the current search; a newer search ends it. */
let searching = 0;
let asTable = recall<boolean>("table", false);
/** The result of the model: a state in which only the cursor or the progress changed needs no new model. */
let shown: ReviewResult | undefined;
/** Patch and scenario of that result: another review shows the whole story at first, a re-run keeps the view. */
let shownSubject = recall<string>("subject", "");

const steps = new OperationSteps();
let pendingPost: number | undefined;
const view = new TimelineView({
  moved: (moved) => {
    cursor = moved;
    updateTableState();
    updateOperation();
    // The editor cannot show more than one message per frame.
    pendingPost ??= requestAnimationFrame(() => {
      pendingPost = undefined;
      post({ type: "cursor", ...cursor });
    });
  },
  playing: () => updateBar(),
  ranged: () => updateRange(),
  stopped: (mark) => {
    if (follow && mark !== undefined) followMark(mark);
  },
  operation: (request) => {
    if ("step" in request) stepOperation(request.step, request.sameThread);
    else steps.goTo(request.variant, request.operation);
  },
});

const tableState = h("div", { class: "figures" });
/** In the bar, not above the drawing, so that an edit does not make the page jump. */
const note = h("span", { class: "note", role: "status" });
const playButton = tool("play", t("Play (Space)"), () => view.togglePlay());
const evenButton = tool("even", t("Compress idle time"), () => {
  view.setEven(!view.even);
  updateBar();
});
const tableButton = tool("table", t("Show events as a table"), () => {
  asTable = !asTable;
  keep("table", asTable);
  updateBar();
  updateBody();
});
const followButton = tool("follow", t("Show each step in the editor"), () => {
  follow = !follow;
  keep("follow", follow);
  updateBar();
});
/** The operation that was stepped to, or why there was none. */
const operationNote = h("span", { class: "operation", role: "status" });
const rangeWords = h("span", { class: "range", role: "status" });
const searchField = h("input", {
  type: "search",
  class: "search",
  placeholder: t("Search"),
  "aria-label": t("Search events; Enter moves to the next match"),
  title: t("Search events by text. Enter: next match, Shift+Enter: previous match"),
});
const searchCount = h("span", { class: "note", role: "status" });
searchField.addEventListener("input", () => void search());
searchField.addEventListener("keydown", (event) => {
  if (event.key === "Enter") goToMatch(event.shiftKey ? -1 : 1);
  else if (event.key === "Escape" && searchField.value !== "") {
    searchField.value = "";
    void search();
  } else return;
  event.preventDefault();
});
const groupNames: Readonly<Record<MarkGroup, string>> = {
  calls: t("Hypercalls and RTAS"),
  maps: t("Maps and unmaps"),
  log: t("Log lines"),
  findings: t("Findings"),
  waits: t("Sleeps and waits"),
  runs: t("Execution and CPUs"),
};
const filterBox = h(
  "details",
  { class: "filter" },
  h("summary", { title: t("Choose event types to show"), "aria-label": t("Filter") }, icon("filter")),
  h(
    "div",
    { class: "choices", role: "group", "aria-label": t("Event types to show") },
    ...markGroups.map((group) => {
      const box = h("input", { type: "checkbox" });
      box.checked = !hidden.has(group);
      box.addEventListener("change", () => {
        const next = new Set(hidden);
        if (box.checked) next.delete(group);
        else next.add(group);
        hidden = next;
        keep(`hide.${group}`, !box.checked);
        rebuild();
      });
      return h("label", {}, box, groupNames[group]);
    }),
  ),
);
filterBox.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !filterBox.open) return;
  filterBox.open = false;
  filterBox.querySelector("summary")?.focus();
});

const bar = h(
  "div",
  { class: "bar", role: "toolbar", "aria-label": t("Timeline") },
  h(
    "span",
    { class: "tools" },
    tool("previous", t("Previous event (Left)"), () => view.step(-1)),
    playButton,
    tool("next", t("Next event (Right)"), () => view.step(1)),
    tool("previousOperation", t("Previous visible operation (,)"), () => stepOperation(-1, false)),
    tool("nextOperation", t("Next visible operation (.)"), () => stepOperation(1, false)),
    followButton,
  ),
  tableState,
  note,
  operationNote,
  rangeWords,
  h("span", { class: "spring" }),
  searchCount,
  searchField,
  filterBox,
  h(
    "span",
    { class: "tools" },
    tool("zoomOut", t("Zoom out (-)"), () => view.zoomBy(2)),
    tool("zoomIn", t("Zoom in (+)"), () => view.zoomBy(0.5)),
    tool("fit", t("Show all (0)"), () => view.fit()),
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
  followButton.setAttribute("aria-pressed", String(follow));
  evenButton.setAttribute("aria-pressed", String(view.even));
  tableButton.setAttribute("aria-pressed", String(asTable));
}

/** Summarizes the chosen range, for each variant. */
function updateRange(): void {
  const { range } = view;
  const current = model;
  if (range === undefined || current === undefined) {
    rangeWords.textContent = "";
    return;
  }
  const alone = current.variants.length === 1;
  const parts = current.variants.map((variant) => {
    const f = summarizeRange(variant, range.from, range.to);
    const mapped = f.least === f.most ? String(f.most) : `${f.least}–${f.most}`;
    const calls = f.failed === 0 ? counted(f.calls, "{0} call", "{0} calls") : counted(f.calls, "{0} call, {1} failed", "{0} calls, {1} failed", f.failed);
    const words = [
      t("{0} mapped", mapped),
      calls,
      counted(f.lines, "{0} line", "{0} lines"),
      f.findings === 0 ? "" : counted(f.findings, "{0} finding", "{0} findings"),
    ];
    return `${alone ? "" : `${variantTitle(f.variant, false)}: `}${words.filter((word) => word !== "").join(", ")}`;
  });
  rangeWords.textContent = `${duration(range.to - range.from)} · ${parts.join(" · ")}`;
  rangeWords.title = `${moment(range.from)} – ${moment(range.to)}`;
}

async function search(): Promise<void> {
  const current = model;
  const id = ++searching;
  if (current === undefined) return;
  const found = await searchMarks(current, searchField.value, () => id !== searching);
  if (found === undefined || id !== searching) return;
  matches = found;
  view.setMatches(found.list);
  searchCount.textContent = searchField.value.trim() === "" ? "" : found.count === 0 ? t("no matches") : counted(found.count, "{0} match", "{0} matches");
}

function goToMatch(direction: 1 | -1): void {
  const match = matchFrom(matches, cursor.t, direction);
  if (match === undefined) return;
  view.go(match.t, match.mark.variant);
  if (follow) followMark(match.mark);
}

/** Shows the line in the editor; the keyboard focus stays here. */
function followMark(mark: Mark): void {
  if (mark.site !== undefined) post({ type: "reveal", file: mark.site.file, line: mark.site.line, variant: mark.variant, keepFocus: true });
}

function stepOperation(direction: 1 | -1, sameThread: boolean): void {
  if (model === undefined || steps.waiting) return;
  steps.step({ ...cursor, thread: view.thread }, direction, sameThread);
  // The first step opens the run, which takes a moment.
  if (steps.last === undefined) operationNote.textContent = t("opening the run…");
}

/** Moves the cursor to the operation, and the editor to its line in the code under review. */
function showStep(message: Extract<ToWebview, { type: "operations" }>): void {
  const stepped = steps.receive(message);
  if (stepped === undefined) {
    operationNote.textContent = message.why ?? "";
    return;
  }
  view.setStepped(stepped);
  updateOperation();
  if (asTable) updateBody();
  const { at } = stepped.stop;
  if (follow && at !== undefined) post({ type: "reveal", file: at.file, line: at.line, variant: stepped.variant, keepFocus: true });
}

function updateOperation(): void {
  const here = steps.at(cursor);
  const result = here === undefined ? undefined : model?.variants.find(({ name }) => name === here.variant)?.result;
  operationNote.textContent = here === undefined ? "" : steppedWords(here, result);
  operationNote.title = operationNote.textContent;
}

/** Shows the same result with other groups hidden. */
function rebuild(): void {
  if (shown === undefined) return;
  model = modelOf(shown, hidden);
  view.show(model, false);
  updateBody();
  updateRange();
  if (searchField.value !== "") void search();
}

function updateTableState(): void {
  const current = model;
  if (current === undefined) return;
  const alone = current.variants.length === 1;
  const words = tableStateWords(current, cursor);
  const existing = tableState.querySelectorAll<HTMLElement>("button.icon");
  if (existing.length !== words.length) {
    tableState.replaceChildren(
      ...words.map(({ variant }) =>
        h(
          "button",
          {
            class: `icon ${variant}`,
            type: "button",
            title: t("Cursor follows: {0}", variantTitle(variant, alone)),
            onClick: () => {
              cursor = { ...cursor, variant };
              view.setCursor(cursor);
              updateTableState();
              post({ type: "cursor", ...cursor });
            },
          },
          curveSample(),
          h("span", {}),
        ),
      ),
    );
  }
  const buttons = tableState.querySelectorAll<HTMLElement>("button.icon");
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
    ? tableOf(model, cursor.t, steps.last, (mark) => {
        cursor = { t: mark.t, variant: mark.variant };
        view.setCursor(cursor);
        updateTableState();
        post({ type: "cursor", ...cursor });
      })
    : view.element;
  if (body.firstChild !== next) body.replaceChildren(next);
}

function empty(state: ViewState): readonly Child[] {
  if (state.phase === "running")
    return [h("div", { class: "empty", "aria-live": "polite" }, progressRing(), h("span", {}, t("{0}…", state.progress?.step ?? t("Running"))))];
  if (state.phase === "problem")
    return [
      h(
        "div",
        { class: "empty" },
        h("span", {}, state.problems[0]?.message ?? t("The run did not finish.")),
        h("vscode-button", { appearance: "secondary", onClick: () => runCommand("showReview") }, t("Show Review")),
      ),
    ];
  return [
    h(
      "div",
      { class: "empty" },
      h("span", {}, t("No review yet. The run of a review is shown here.")),
      h("vscode-button", { onClick: () => runCommand("reviewPatch") }, t("Review Patch…")),
    ),
  ];
}

function show(state: ViewState): void {
  const { result } = state;
  if (result === undefined) {
    model = undefined;
    shown = undefined;
    const holder = h("div", {}, ...empty(state));
    root.replaceChildren(...holder.childNodes);
    return;
  }
  if (result !== shown) {
    shown = result;
    const subject = subjectOf(result);
    model = modelOf(result, hidden);
    view.setRange(undefined);
    steps.forget();
    view.setStepped(undefined);
    operationNote.textContent = "";
    view.show(model, subject !== shownSubject);
    shownSubject = subject;
    keep("subject", subject);
    updateBody();
    if (searchField.value !== "") void search();
  }
  // The reported cursor may lag behind the user's: only a change of it counts.
  if (editorCursor?.t !== state.cursor.t || editorCursor.variant !== state.cursor.variant) {
    editorCursor = state.cursor;
    cursor = state.cursor;
  }
  view.setCursor(cursor);
  view.element.classList.toggle("stale", state.stale);
  note.textContent = state.stale ? t("▲ edited since") : "";
  updateBar();
  updateTableState();
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
      if (model === undefined && step !== null) step.textContent = t("{0}…", message.step);
      return;
    }
    case "operations":
      showStep(message);
      return;
    case "cursor":
      editorCursor = { t: message.t, variant: message.variant };
      if (message.t === cursor.t && message.variant === cursor.variant) return;
      // During playback or dragging, this page is ahead of the echo of its own messages.
      if (view.playing || pendingPost !== undefined) return;
      cursor = { t: message.t, variant: message.variant };
      view.setCursor(cursor);
      updateTableState();
      return;
  }
});

post({ type: "ready" });
