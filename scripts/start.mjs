// `npm start`: opens a real kernel tree in an editor with the extension, from a fresh clone. Must not depend on npm packages,
// because it installs them. Options: --no-open (opens no window or browser, prints the address), --port N, --tree DIR.

import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chosenTree, treeVersion } from "./kernel-tree.mjs";
import { packageExtension } from "./package.mjs";
import { cacheDir, hasCommand, installPackages, errorMessage, projectDir, run, printStatus } from "./process.mjs";
import { freePort, startServer } from "./vscode-server.mjs";

const defaultPort = 8470;

function options() {
  const { values } = parseArgs({
    options: { "no-open": { type: "boolean" }, port: { type: "string" }, tree: { type: "string" } },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) throw new Error(`--port ${values.port ?? ""} is not a port number`);
  return { open: values["no-open"] !== true, port, tree: values.tree };
}

/** @param {string | undefined} dir */
function treeAt(dir) {
  if (dir === undefined) return chosenTree();
  const tree = resolve(dir);
  if (treeVersion(tree) === undefined) throw new Error(`--tree ${dir} is not a Linux tree with arch/powerpc`);
  return tree;
}

/** @param {string} url */
function openBrowser(url) {
  const [command, args] =
    process.platform === "darwin" ? ["open", [url]] : process.platform === "win32" ? ["cmd", ["/c", "start", "", url]] : ["xdg-open", [url]];
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => printStatus("No browser found. Open the address above yourself."));
  child.unref();
}

async function main() {
  const { open, port, tree } = options();
  installPackages();
  const folder = await treeAt(tree);
  const vsix = packageExtension();
  printStatus(`Tree: ${folder}, Linux ${treeVersion(folder) ?? "?"}`);

  // The extension runs from this folder, so nothing is installed into the user's editor.
  if (open && hasCommand("code")) {
    run("code", ["--new-window", `--extensionDevelopmentPath=${projectDir}`, folder]);
    printStatus("Opened in the desktop VS Code.");
    return;
  }

  const serverPort = port ?? (await freePort(defaultPort).catch(() => freePort()));
  const server = await startServer({ dataDir: join(cacheDir, "editor"), port: serverPort, folder, vsix });
  console.log(`TCE Scope is running at ${server.url}`);
  printStatus('In the editor, press F1 and type "TCE Scope". Press Ctrl+C here to stop it.');
  if (open) openBrowser(server.url);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.once(signal, () => void server.stop());
  await server.ended;
}

try {
  await main();
} catch (error) {
  printStatus(errorMessage(error));
  process.exitCode = 1;
}
