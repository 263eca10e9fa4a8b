// The project's reference material next to the repository (mails, logs of real kernels). A machine without it skips the
// tests that need it; CI sets TCS_REQUIRE_SHARED=1, which makes its absence an error instead.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../scripts/process.mjs";

/** The absolute path of `../shared/<path>`; undefined where this machine has no such file and need not have it. */
export function sharedPath(path: string): string | undefined {
  const file = join(projectDir, "..", "shared", path);
  if (existsSync(file)) return file;
  if (process.env["TCS_REQUIRE_SHARED"] === "1") throw new Error(`../shared/${path} is missing, and TCS_REQUIRE_SHARED=1 demands it`);
  return undefined;
}
