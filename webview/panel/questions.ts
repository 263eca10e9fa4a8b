// The review questions: each answer in a line or two, and its evidence as links below. An answer for another text than
// the current one is marked.

import type { Answer, Evidence, ReviewResult, ViewState } from "../../engine/protocol.js";
import { baseName, type Child, h, link, post, runCommand, t, type Tone, unfold } from "../base/index.js";

/** Nothing without a patch. */
export function questionsSection(state: ViewState, result: ReviewResult): Child {
  if (result.patch === undefined || result.after === undefined) return undefined;
  const { questions } = state;
  const ask = (label: string): HTMLElement => link(label, () => runCommand("askQuestions"), undefined, "ask");
  if (questions === undefined) return state.phase === "running" ? undefined : section("", ask(t("Answer questions")), []);
  const aside =
    questions.phase === "asking"
      ? h("span", { role: "status" }, t("running…"))
      : questions.stale || questions.phase === "broken-off"
        ? ask(t("Answer again"))
        : h("span", {}, summary(questions.answers));
  const { elsewhere } = questions;
  const back =
    elsewhere === undefined
      ? undefined
      : h(
          "p",
          { class: "covered" },
          t("Answers are for {0}.", `${elsewhere.name} ${elsewhere.set}`.trim()),
          " ",
          link(t("Back to that review"), () => runCommand("showRun", elsewhere.name, elsewhere.set, "after"), undefined, "back"),
        );
  const note =
    questions.stale && questions.answers.length > 0
      ? h("p", { class: "covered" }, t("▲ These answers are for a different text or selection of hunks."))
      : undefined;
  return section(questions.stale ? "stale" : "", aside, [note, back, h("ul", { class: "questions" }, ...questions.answers.map(answerRow))]);
}

function section(classes: string, aside: Child, body: readonly Child[]): HTMLElement {
  return h(
    "section",
    { "aria-label": t("Questions"), class: classes },
    h("h2", {}, h("span", {}, t("Questions")), h("span", { class: "aside" }, aside)),
    ...body,
  );
}

function summary(answers: readonly Answer[]): string {
  const bad = answers.filter(({ tone }) => tone === "bad").length;
  const note = answers.filter(({ tone }) => tone === "note").length;
  return [bad === 0 ? "" : `✖ ${bad}`, note === 0 ? "" : `▲ ${note}`].filter((part) => part !== "").join("  ");
}

interface Sign {
  readonly mark: string;
  readonly words: string;
  readonly tone: Tone;
}

function signOf(tone: Answer["tone"]): Sign {
  switch (tone) {
    case "good":
      return { mark: "✓", words: t("OK"), tone: "good" };
    case "note":
      return { mark: "▲", words: t("judgement"), tone: "warning" };
    case "bad":
      return { mark: "✖", words: t("problem"), tone: "error" };
    case "does-not-apply":
      return { mark: "–", words: t("does not apply"), tone: "unknown" };
    case "cannot-judge":
      return { mark: "?", words: t("cannot judge"), tone: "unknown" };
  }
}

/** The first sentences are visible; the rest and the evidence unfold. */
function answerRow(answer: Answer): HTMLElement {
  const { mark, words, tone } = signOf(answer.tone);
  const head = h(
    "div",
    { class: "question" },
    h("span", { class: `mark tone-${tone}`, "aria-hidden": "true" }, mark),
    h("span", { class: "asked" }, answer.question, h("span", { class: "hidden" }, ` ${words}`)),
  );
  const runs = answer.evidence.filter((evidence) => evidence.k === "run");
  const rest = answer.evidence.filter((evidence) => evidence.k !== "run");
  return h(
    "li",
    {},
    head,
    h("div", { class: "answer" }, answer.answer),
    runs.length === 0 ? undefined : h("div", { class: "evidence" }, ...runs.map(evidenceLink)),
    rest.length === 0
      ? undefined
      : h(
          "div",
          { class: "evidence" },
          unfold(`why.${answer.id}`, t("Evidence ({0})", rest.length), h("ul", {}, ...rest.map((evidence) => h("li", {}, evidenceLink(evidence))))),
        ),
  );
}

function evidenceLink(evidence: Evidence): HTMLElement {
  switch (evidence.k) {
    case "run": {
      const set = Object.entries(evidence.scenario.set)
        .map(([name, value]) => `${name}=${value}`)
        .join(" ");
      const title = `${t("Show this run")}\n${evidence.scenario.name} ${set}\n${evidence.witness}`;
      return link(`▷ ${evidence.text}`, () => runCommand("showRun", evidence.scenario.name, set, evidence.variant), title);
    }
    case "place": {
      const { file, line, variant } = evidence;
      return link(`${evidence.text} ${baseName(file)}:${line}`, () => post({ type: "reveal", file, line, variant }), `${file}:${line}`);
    }
    case "quote":
      return h("q", {}, evidence.text);
  }
}
