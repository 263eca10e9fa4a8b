// Results and errors as values, fingerprints, seeded random numbers.
// Must not depend on anything else in the project.

export { fingerprint } from "./fingerprint.js";
export { Random } from "./random.js";
export { fail, formatProblem, ok, type Problem, type Result } from "./result.js";
