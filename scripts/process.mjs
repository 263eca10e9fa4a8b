// Small pieces for the scripts: run a program, see whether one exists, install the project's packages. Plain Node: it
// runs before anything is installed.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const projectDir = fileURLToPath(new URL("..", import.meta.url));
export const cacheDir = join(projectDir, ".cache");

/** @param {string} text to the person at the terminal, apart from a script's output */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {string} command */
export function has(command) {
  return spawnSync(command, ["--version"], { stdio: "ignore", shell: process.platform === "win32" }).status === 0;
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string, readonly env?: NodeJS.ProcessEnv, readonly quiet?: boolean }} [options] quiet: output is shown only if the program fails
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
  throw new Error(`${command} ${args.join(" ")}: ${result.error?.message ?? `ended with code ${result.status ?? "none"}`}${output}`);
}

/**
 * @param {string} file a package-lock.json, or npm's own copy of it in node_modules
 * @returns {ReadonlyMap<string, string>} version by place, optional packages left out
 */
function lockedVersions(file) {
  /** @type {{ packages?: Record<string, { version?: string, optional?: boolean }> }} */
  const lock = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const packages = Object.entries(lock.packages ?? {}).filter(([place, entry]) => place !== "" && entry.optional !== true);
  return new Map(packages.map(([place, entry]) => [place, entry.version ?? ""]));
}

/** Runs `npm ci` unless node_modules is what package-lock.json asks for. */
export function installPackages() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) throw new Error(`Node 20 or newer is needed, this is ${process.version}`);
  const installed = lockedVersions(join(projectDir, "node_modules", ".package-lock.json"));
  const stale = [...lockedVersions(join(projectDir, "package-lock.json"))].some(([place, version]) => installed.get(place) !== version);
  if (!stale) return;
  say("Installing packages (npm ci)");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { quiet: true });
}

/**
 * Installs system packages where that is possible without asking anyone.
 * @param {readonly string[]} names Debian packages
 * @returns {boolean} whether they are there now
 */
export function installSystemPackages(names) {
  if (process.getuid?.() !== 0 || !has("apt-get")) return false;
  say(`Installing ${names.join(", ")} (apt-get)`);
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
    say(messageOf(error));
    return false;
  }
}
