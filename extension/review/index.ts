// The current review: its input, its state, the patched text, the places it refers to.
// Must not draw: the views read it and listen to it.

export type { PatchInput, ReviewInput } from "./input.js";
export { OpenedRun, openRun } from "./opened-run.js";
export { clipboardPatch, pickPatch, readPatch } from "./patch-picker.js";
export { PatchWatch } from "./patch-watch.js";
export { logUri, patchedScheme, patchedUri, pathOfPatched, ReviewDocuments } from "./patched-fs.js";
export { replay } from "./replay.js";
export { locate, reveal } from "./reveal.js";
export { ReviewSession } from "./session.js";
