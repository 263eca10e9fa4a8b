// Builds the extension and packs it into out/tce-scope.vsix. Fails if the package is larger than the limit, which usually
// means that a stray folder was packed.

import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages, errorMessage, projectDir, run, printStatus } from "./process.mjs";

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
  if (size > limit)
    throw new Error(
      `${vsix} has ${(size / 1e6).toFixed(1)} MB, more than the limit of ${limit / 1e6} MB. Check .vscodeignore for files that should not be packed.`,
    );
  printStatus(`${vsix}: ${(size / 1e6).toFixed(2)} MB`);
  return vsix;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installPackages();
    packageExtension();
  } catch (error) {
    printStatus(errorMessage(error));
    process.exitCode = 1;
  }
}
