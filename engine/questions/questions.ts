// The questions, in the order in which they are answered and shown.
// A new question is a file that exports a Question, and a line here.

import { afterLimit } from "./after-limit.js";
import { blocked } from "./blocked.js";
import { callers } from "./callers.js";
import { cleanRemoval } from "./clean-removal.js";
import { logging } from "./logging.js";
import { longestHold } from "./longest-hold.js";
import { neverReleased } from "./never-released.js";
import { pagePool } from "./page-pool.js";
import type { Question } from "./question.js";
import { textMatches } from "./text-matches.js";

export const questions: readonly Question[] = [longestHold, afterLimit, neverReleased, cleanRemoval, blocked, logging, textMatches, callers, pagePool];
