// The questions that reviewers ask about such a patch, each answered by runs or by places in the text.
// Must not change a verdict.

export { answerQuestions } from "./answer-questions.js";
