// Runs VS Code as a local server: fetched once into .cache/code-server, started with a separate data folder. Not an npm
// dependency, because its install script would compile native code. Must not depend on the extension that it installs.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDir, hasCommand, installSystemPackages, errorMessage, run, printStatus } from "./process.mjs";

const version = "4.117.0";

/** Extensions that use accounts, the network or git, and are not needed to read a kernel tree. */
const pruned = /^(copilot|mermaid-.*|github|github-authentication|microsoft-authentication|git|git-base|ms-vscode\..*)$/;

/** Settings for a quiet editor: nothing opens, prompts or connects automatically. */
export const quietSettings = {
  // The server saves after a second by default; only the user may change a tree under review.
  "files.autoSave": "off",
  "editor.tabSize": 8,
  "editor.detectIndentation": false,
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "security.workspace.trust.enabled": false,
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "git.enabled": false,
};

/** Node 20 has WebSocket only behind a flag, and the extension host crashes without it. */
export function serverEnv() {
  const major = Number(process.versions.node.split(".")[0]);
  const flag = major < 22 ? " --experimental-websocket" : "";
  return { ...process.env, NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""}${flag}`.trim() };
}

/** @returns {string | undefined} */
function commandPath(/** @type {string} */ command) {
  const found = spawnSync(process.platform === "win32" ? "where" : "which", [command], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.split("\n")[0]?.trim() : undefined;
}

/**
 * Fetches the server unless it is cached.
 * @returns {string} its folder
 */
export function vscodeServer() {
  const target = join(cacheDir, "code-server", version);
  if (existsSync(join(target, "out", "server-main.js"))) return target;
  printStatus(`Fetching the VS Code server (code-server ${version}, about 50 MB)`);
  mkdirSync(join(cacheDir, "code-server"), { recursive: true });
  const temporary = join(cacheDir, "code-server", `${version}.${process.pid}.tmp`);
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  try {
    run("npm", ["pack", `code-server@${version}`, "--loglevel=error"], { cwd: temporary, quiet: true });
    run("tar", ["xzf", `code-server-${version}.tgz`], { cwd: temporary });
    const server = join(temporary, "package", "lib", "vscode");
    const extensions = join(server, "extensions");
    for (const name of readdirSync(extensions)) {
      if (pruned.test(name)) rmSync(join(extensions, name), { recursive: true });
    }
    run("npm", ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: server, quiet: true });
    rmSync(join(server, "node_modules", "@github"), { recursive: true, force: true });
    rmSync(target, { recursive: true, force: true });
    renameSync(server, target);
  } catch (error) {
    throw new Error(`The VS Code server could not be fetched: ${errorMessage(error)}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}

/**
 * Links ripgrep, which the editor uses for search and which the skipped install script would download.
 * @param {string} server
 */
function linkRipgrep(server) {
  const link = join(server, "node_modules", "@vscode", "ripgrep", "bin", "rg");
  if (existsSync(link)) return;
  if (!hasCommand("rg")) installSystemPackages(["ripgrep"]);
  const rg = commandPath("rg");
  if (rg === undefined) {
    printStatus("ripgrep (rg) is not installed: the editor runs, but cannot search in files");
    return;
  }
  mkdirSync(join(link, ".."), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(rg, link);
}

/**
 * @param {number} port 0: any
 * @returns {Promise<number>} a free port
 */
export function freePort(port = 0) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}

/**
 * @typedef {{
 *   readonly dataDir: string,
 *   readonly port: number,
 *   readonly folder: string,
 *   readonly vsix?: string | undefined,
 *   readonly settings?: Readonly<Record<string, unknown>>,
 * }} ServerOptions
 * dataDir: holds settings and extensions; folder: opened in the editor; vsix: installed first.
 */

/**
 * Writes the machine settings; a running editor applies them automatically.
 * @param {string} dataDir
 * @param {Readonly<Record<string, unknown>>} settings in addition to the quiet ones
 */
export function writeSettings(dataDir, settings) {
  const dir = join(dataDir, "data", "Machine");
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "settings.json"), JSON.stringify({ ...quietSettings, ...settings }, undefined, 2));
}

/**
 * Starts the server and waits until it responds.
 * @param {ServerOptions} options
 * @returns {Promise<{ readonly url: string, readonly stop: () => Promise<void>, readonly ended: Promise<number | null>, readonly log: () => string }>}
 */
export async function startServer({ dataDir, port, folder, vsix, settings = {} }) {
  const server = vscodeServer();
  linkRipgrep(server);
  writeSettings(dataDir, settings);
  const main = join(server, "out", "server-main.js");
  const common = ["--accept-server-license-terms", "--server-data-dir", dataDir, "--extensions-dir", join(dataDir, "extensions")];
  const env = serverEnv();
  if (vsix !== undefined) run(process.execPath, [main, ...common, "--install-extension", vsix, "--force"], { env, quiet: true });
  const child = spawn(
    process.execPath,
    [main, "--host", "127.0.0.1", "--port", String(port), "--without-connection-token", "--telemetry-level", "off", "--disable-workspace-trust", ...common],
    // In its own process group: the extension host would outlive the server by minutes unless both are signalled.
    { env, stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  let output = "";
  const appendOutput = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout.on("data", appendOutput);
  child.stderr.on("data", appendOutput);
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.on("close", resolve));
  const signal = (/** @type {NodeJS.Signals} */ name) => {
    if (child.pid === undefined) return;
    try {
      if (process.platform === "win32") child.kill(name);
      else process.kill(-child.pid, name);
    } catch {
      // already gone
    }
  };
  let running = true;
  void ended.then(() => (running = false));

  const base = `http://127.0.0.1:${port}/`;
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (!running) throw new Error(`The VS Code server exited at start:\n${output}`);
    const responds = await fetch(base).then(
      (response) => response.ok,
      () => false,
    );
    if (responds) break;
    if (Date.now() > deadline) {
      signal("SIGKILL");
      throw new Error(`The VS Code server did not respond within a minute:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url: `${base}?folder=${encodeURI(folder)}`,
    ended,
    log: () => output,
    stop: async () => {
      signal("SIGTERM");
      const force = setTimeout(() => signal("SIGKILL"), 3_000);
      await ended;
      clearTimeout(force);
      signal("SIGKILL");
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(vscodeServer());
  } catch (error) {
    printStatus(errorMessage(error));
    process.exitCode = 1;
  }
}
