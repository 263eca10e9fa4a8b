// Branch hints in WebAssembly (section metadata.code.branch_hint) tell the compiler which branches are hardly ever taken.
// V8 reads them by itself from 13.6 on; before, it does behind a flag, which a process of our own may set.

import { setFlagsFromString } from "node:v8";

/** To be called before the first module is compiled, and not in someone else's process. */
export function readBranchHints(): void {
  const [major = 0, minor = 0] = process.versions.v8.split(".").map(Number);
  if (major < 13 || (major === 13 && minor < 6)) setFlagsFromString("--experimental-wasm-branch-hinting");
}
