// Builds and packs the extension into out/tce-scope.vsix; prints its size and refuses one past the limit, which a
// stray folder in the package would be the first to break.

import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages, messageOf, projectDir, run, say } from "./process.mjs";

const limit = 5e6;

/** @returns {string} the VSIX's absolute path */
export function packageExtension() {
  const vsix = join(projectDir, "out", "tce-scope.vsix");
  mkdirSync(join(projectDir, "out"), { recursive: true });
  run(process.execPath, ["esbuild.config.mjs"], { quiet: true });
  const vsce = join(projectDir, "node_modules", "@vscode", "vsce", "vsce");
  run(process.execPath, [vsce, "package", "--no-dependencies", "--allow-missing-repository", "--skip-license", "--no-rewrite-relative-links", "--out", vsix], {
    quiet: true,
  });
  const { size } = statSync(vsix);
  if (size > limit) throw new Error(`${vsix} has ${(size / 1e6).toFixed(1)} MB; more than ${limit / 1e6} MB is a mistake in .vscodeignore`);
  say(`${vsix}: ${(size / 1e6).toFixed(2)} MB`);
  return vsix;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installPackages();
    packageExtension();
  } catch (error) {
    say(messageOf(error));
    process.exitCode = 1;
  }
}
