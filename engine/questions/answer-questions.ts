// Answers every question about a patch, one after the other, on runs that the questions share.
// Must not know a particular question.

import { ok, type Problem, type Result } from "../base/index.js";
import type { Answer, ReviewHost } from "../review/index.js";
import { questions } from "./questions.js";
import { prepareRuns, type QuestionsInput } from "./runs.js";

/** `onAnswer` receives the answers so far each time one is added. */
export async function answerQuestions(
  input: QuestionsInput,
  host: ReviewHost,
  onAnswer: (answers: readonly Answer[]) => void,
): Promise<Result<readonly Answer[], readonly Problem[]>> {
  const runs = prepareRuns(input, host);
  if (!runs.ok) return runs;
  // Without the reviewed scenario's own runs there is nothing to ask about.
  const reviewed = await runs.value.reviewed();
  if (!reviewed.ok) return reviewed;
  const answers: Answer[] = [];
  for (const { id, wording, answer } of questions) {
    const reply = await answer(runs.value);
    if (!reply.ok) return reply;
    answers.push({ id, question: wording, ...reply.value });
    onAnswer([...answers]);
    host.progress(`Answered: ${wording}`, Math.min(0.95, answers.length / (questions.length + 1)));
  }
  return ok(answers);
}
