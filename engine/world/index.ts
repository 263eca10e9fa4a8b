// The simulated pseries machine in C (hypervisor, RTAS, device, DLPAR), and the step from a tree to a Program.
// Must not depend on which variant of a tree it compiles.

export { type Compiled, Compiler, OWN_PREFIX, ownText } from "./compile.js";
