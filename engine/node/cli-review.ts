// A review as the options request it: searched, in parallel parts, with questions; then written.
// Must not know which subcommand requested it.

import { answerQuestions } from "../questions/index.js";
import { review, type ReviewInput } from "../review/index.js";
import { type Arguments, bad, BadInput, readScenario } from "./cli-input.js";
import { clearProgress, terminalHost, writeReview } from "./cli-output.js";
import { inParts } from "./cli-parts.js";
import { readSearch } from "./cli-search.js";

/** Resolves to the exit status. */
export async function runReview(args: Arguments, subject: Omit<ReviewInput, "scenario" | "search">): Promise<number> {
  const { questions, jobs, shard } = args.options;
  const search = readSearch(args.options);
  const parts = jobs === undefined ? 1 : /^[1-9]\d?$/.test(jobs) ? Number(jobs) : bad(`--jobs expects a number from 1 to 99, not '${jobs}'.`);
  if (parts > 1) {
    if (shard !== undefined || questions === true) bad(`--jobs cannot be combined with --${shard === undefined ? "questions" : "shard"}.`);
    return writeReview(args, await inParts(args, parts));
  }
  const input: ReviewInput = { ...subject, scenario: readScenario(args.options), ...(search === undefined ? {} : { search }) };
  const { patch } = input;
  const host = terminalHost();
  const output = await review(input, host);
  const answers = output.ok && questions === true && patch !== undefined ? await answerQuestions({ ...input, patch }, host, () => undefined) : undefined;
  clearProgress();
  if (!output.ok) throw new BadInput(output.error);
  if (answers?.ok === false) throw new BadInput(answers.error);
  return writeReview(args, { ...output.value.result, ...(answers === undefined ? {} : { questions: answers.value }) });
}
