// Plugins for esbuild and Vite (vitest) that provide the project's own C and scenario files as the virtual module
// "tcs:sources", so that bundles and tests see the same content. Must not depend on what the files contain.

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const engineDir = join(dirname(fileURLToPath(import.meta.url)), "..", "engine");
const moduleName = "tcs:sources";

/** Folders under engine/ and the files that are embedded from each. */
const embedded = [
  { folder: "kernel", pattern: /\.(c|h|json|config)$/ },
  { folder: "world", pattern: /\.(c|h|json)$/ },
  { folder: "scenario", pattern: /\.json$/ },
];

/** @returns {string[]} absolute paths, in a fixed order */
function ownFiles() {
  return embedded.flatMap(({ folder, pattern }) => {
    const dir = join(engineDir, folder);
    let names;
    try {
      names = readdirSync(dir, { recursive: true, encoding: "utf8" });
    } catch {
      return []; // the folder does not exist yet
    }
    return names
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => join(dir, name));
  });
}

/** @returns {string} the module's JavaScript text */
function moduleText() {
  const entries = ownFiles().map((path) => {
    const key = path.slice(engineDir.length + 1).replaceAll("\\", "/");
    return `  ${JSON.stringify(key)}: ${JSON.stringify(readFileSync(path, "utf8"))},\n`;
  });
  return `export const ownSources = Object.freeze({\n${entries.join("")}});\n`;
}

/** @returns {import("esbuild").Plugin} */
export function ownSourcesForEsbuild() {
  return {
    name: moduleName,
    setup(build) {
      build.onResolve({ filter: /^tcs:sources$/ }, () => ({ path: moduleName, namespace: "tcs" }));
      build.onLoad({ filter: /.*/, namespace: "tcs" }, () => ({ contents: moduleText(), loader: "js", watchFiles: ownFiles() }));
    },
  };
}

/** @returns {import("vite").Plugin} */
export function ownSourcesForVite() {
  const resolved = `\0${moduleName}`;
  return {
    name: moduleName,
    enforce: "pre",
    resolveId: (id) => (id === moduleName ? resolved : undefined),
    load: (id) => (id === resolved ? moduleText() : undefined),
  };
}
