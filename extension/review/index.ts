// The review under way: its input, its state, the patched text, the places that it leads to.
// Must not draw: the views ask it and listen to it.

export { OpenedRun, openRun } from "./opened-run.js";
export { clipboardPatch, pickPatch, readPatch } from "./patch-picker.js";
export { PatchWatch } from "./patch-watch.js";
export { logUri, patchedScheme, patchedUri, pathOfPatched, ReviewDocuments } from "./patched-fs.js";
export { WitnessReplay } from "./replay.js";
export { locate, reveal } from "./reveal.js";
export type { PatchInput, ReviewInput } from "./review-input.js";
export { ReviewSession } from "./review-session.js";
