// Kernel services in C, and the list of files that are compiled from the tree.
// Must not know the hypervisor, a device or a scenario.

export { pagePoolFiles, type TreeFile, treeFiles, worldFile } from "./tree-files.js";
