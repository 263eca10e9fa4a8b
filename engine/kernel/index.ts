// Kernel services in C (services.c lists them), and the files that are compiled from the tree (tree-files.ts).
// Must not depend on the hypervisor, a device or a scenario.

export { pagePoolFiles, type TreeFile, treeFiles } from "./tree-files.js";
