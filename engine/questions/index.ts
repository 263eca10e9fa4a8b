// The questions reviewers ask of such a patch, each answered by runs or by places in the text.
// Must not change a verdict.

export { answerQuestions } from "./questions.js";
