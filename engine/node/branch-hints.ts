// Branch hints in WebAssembly (section metadata.code.branch_hint) tell the compiler which branches are rarely taken.
// V8 reads them by default from 13.6 on; older versions need a flag, which only a process of our own may set.

import { setFlagsFromString } from "node:v8";

/** Call before the first module is compiled, and only in a process of our own. */
export function readBranchHints(): void {
  const [major = 0, minor = 0] = process.versions.v8.split(".").map(Number);
  if (major < 13 || (major === 13 && minor < 6)) setFlagsFromString("--experimental-wasm-branch-hinting");
}
