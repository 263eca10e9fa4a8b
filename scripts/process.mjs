// Helpers for the scripts: run programs, check whether a program is installed, install packages. Must not depend on npm
// packages, because it runs before they are installed.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const projectDir = fileURLToPath(new URL("..", import.meta.url));
export const cacheDir = join(projectDir, ".cache");

/** Prints to stderr, separate from a script's output. @param {string} text */
export function printStatus(text) {
  process.stderr.write(`${text}\n`);
}

/** @param {unknown} error */
export function errorMessage(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {string} command */
export function hasCommand(command) {
  return spawnSync(command, ["--version"], { stdio: "ignore", shell: process.platform === "win32" }).status === 0;
}

/**
 * Runs a program and waits for it; throws if it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string, readonly env?: NodeJS.ProcessEnv, readonly quiet?: boolean }} [options] quiet: shows output only if the program fails
 */
export function run(command, args, options = {}) {
  const result = spawnSync(command, [...args], {
    cwd: options.cwd ?? projectDir,
    env: options.env ?? process.env,
    stdio: options.quiet === true ? ["ignore", "pipe", "pipe"] : "inherit",
    encoding: "utf8",
    maxBuffer: 1 << 28,
    shell: process.platform === "win32", // npm and code are .cmd files there
  });
  if (result.status === 0) return;
  const output = options.quiet === true ? `\n${result.stdout}${result.stderr}` : "";
  throw new Error(`${command} ${args.join(" ")}: ${result.error?.message ?? `exited with code ${result.status ?? "none"}`}${output}`);
}

/**
 * @param {string} file a package-lock.json, or npm's own copy of it in node_modules
 * @returns {ReadonlyMap<string, string>} version by path, without optional packages
 */
function lockedVersions(file) {
  /** @type {{ packages?: Record<string, { version?: string, optional?: boolean }> }} */
  const lock = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const packages = Object.entries(lock.packages ?? {}).filter(([path, entry]) => path !== "" && entry.optional !== true);
  return new Map(packages.map(([path, entry]) => [path, entry.version ?? ""]));
}

/** Runs `npm ci` unless node_modules matches package-lock.json. */
export function installPackages() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) throw new Error(`Node 20 or newer is required; this is ${process.version}.`);
  const installed = lockedVersions(join(projectDir, "node_modules", ".package-lock.json"));
  const stale = [...lockedVersions(join(projectDir, "package-lock.json"))].some(([path, version]) => installed.get(path) !== version);
  if (!stale) return;
  printStatus("Installing packages (npm ci)");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { quiet: true });
}

/**
 * Installs system packages if that is possible without user interaction.
 * @param {readonly string[]} names Debian packages
 * @returns {boolean} whether they are installed now
 */
export function installSystemPackages(names) {
  if (process.getuid?.() !== 0 || !hasCommand("apt-get")) return false;
  printStatus(`Installing ${names.join(", ")} (apt-get)`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const args = ["install", "-y", "-q", "--no-install-recommends", ...names];
  try {
    try {
      run("apt-get", args, { env, quiet: true });
    } catch {
      run("apt-get", ["update", "-q"], { env, quiet: true });
      run("apt-get", args, { env, quiet: true });
    }
    return true;
  } catch (error) {
    printStatus(errorMessage(error));
    return false;
  }
}
