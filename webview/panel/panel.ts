// The review panel's page: shows each state it receives, and keeps focus, scroll position and what is unfolded. Must not
// decide anything; every action is a message to the extension.

import type { ViewState } from "../../engine/protocol.js";
import { type Child, onMessage, post } from "../base/index.js";
import { hunkTableSection } from "./hunks.js";
import { patchSection } from "./patch.js";
import { questionsSection } from "./questions.js";
import { assumptionsSection, messagesSection, progressSection, updateProgress, welcome } from "./sections.js";
import { verdictSection } from "./verdict.js";
import { registerControls } from "../toolkit.js";

registerControls();

function sections(state: ViewState): readonly Child[] {
  const { result } = state;
  if (result === undefined) return [...progressSection(state), messagesSection(state), state.phase === "empty" ? welcome() : undefined];
  return [
    ...progressSection(state),
    messagesSection(state),
    patchSection(state, result),
    verdictSection(result, state.stale, state.ownScenario),
    hunkTableSection(state, result),
    questionsSection(state, result),
    assumptionsSection(result),
  ];
}

function nodes(children: readonly Child[]): Node[] {
  return children.flatMap((child): Node[] => {
    if (child === undefined) return [];
    if (typeof child === "string") return [document.createTextNode(child)];
    return child instanceof Node ? [child] : nodes(child);
  });
}

function show(state: ViewState): void {
  const root = document.getElementById("root");
  if (root === null) return;
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["key"] : undefined;
  const { scrollTop } = document.documentElement;
  root.setAttribute("aria-busy", String(state.phase === "running"));
  root.replaceChildren(...nodes(sections(state)));
  document.documentElement.scrollTop = scrollTop;
  if (focused !== undefined) root.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

/** Progress arrives often; the page is rebuilt only if what it shows changes. */
let shown = "";
let shownResult: ViewState["result"];
let current: ViewState | undefined;
let settling: number | undefined;

function showIfChanged(state: ViewState): void {
  const { cursor: _cursor, result, ...visible } = state;
  const text = JSON.stringify(visible);
  if (text === shown && result === shownResult) return;
  shown = text;
  shownResult = result;
  show(state);
}

/** A run usually follows an edit at once; the note that the result is stale moves the page, so it waits this long. */
const settleTime = 600;

onMessage((message) => {
  switch (message.type) {
    case "state": {
      clearTimeout(settling);
      const { state } = message;
      current = state;
      if (state.stale && state.phase === "ready" && shown !== "") settling = window.setTimeout(() => showIfChanged(state), settleTime);
      else showIfChanged(state);
      return;
    }
    case "progress":
      if (current?.phase === "running") updateProgress(message);
      return;
    case "cursor":
    case "operations":
      return;
  }
});

post({ type: "ready" });
