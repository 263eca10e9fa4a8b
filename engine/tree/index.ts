// Where C text comes from: a source tree, its layers (disk, unsaved editor text, patch), its kernel version.
// Must not depend on what the text means.

export { FetchedTree } from "./fetched-tree.js";
export { checkKernelTree, type KernelTreeInfo, kernelVersion, type KernelVersion } from "./kernel-tree.js";
export { LayeredTree, normalPath, treeOf } from "./layered-tree.js";
export type { SourceTree } from "./source-tree.js";
