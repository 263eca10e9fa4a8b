// The kernel tree of the workspace: finding it, reading it for a worker without a disk, watching it.
// Must not depend on a review.

export { findFilesWithin } from "./find-files.js";
export { exists, findTree, pathInTree } from "./finder.js";
export { TreeReader } from "./reader.js";
export { watchTree } from "./watch.js";
