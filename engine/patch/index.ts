// From a mail as it arrived to hunks, and from hunks to an edited tree.
// Must not know C: hunks are placed by their text.

export { applyPatch } from "./apply.js";
export { readPatch } from "./patchset.js";
export type { ChangedLines, HunkReach, HunkResult, PatchSet } from "./types.js";
