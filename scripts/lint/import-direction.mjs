// An ESLint rule: imports point one way only (docs/DESIGN.md, "The folders"). Decides from the two paths alone, so it
// needs no type information and must not read any file.

import { dirname, posix, relative, resolve, sep } from "node:path";

/** Engine folders from the ground up; a folder may import itself and every folder of a lower rank. Equal ranks do not know each other. */
/** @type {ReadonlyMap<string, number>} */
const rank = new Map([
  ["base", 0],
  ["tree", 1],
  ["patch", 2],
  ["c", 2],
  ["machine", 3],
  ["kernel", 4],
  ["world", 5],
  ["scenario", 6],
  ["explore", 7],
  ["review", 8],
  ["debug", 9],
  ["report", 10],
  ["explain", 10],
  ["protocol", 11],
  ["engine", 12],
  ["node", 13],
  ["web", 13],
]);

/** Folders whose whole text is data for the engine (the virtual module of scripts/own-sources.mjs). */
const virtualModules = new Set(["tcs:sources"]);

/**
 * @typedef {{ readonly top: string, readonly unit: string, readonly path: string }} Place
 * top: "engine", "extension", …; unit: the engine folder, or for a file directly in engine/ "protocol" or "engine".
 */

/**
 * @param {string} root
 * @param {string} file absolute
 * @returns {Place}
 */
function placeOf(root, file) {
  const path = relative(root, file).split(sep).join(posix.sep);
  const [top = "", second = ""] = path.split("/");
  if (top !== "engine") return { top, unit: top, path };
  if (path.split("/").length > 2) return { top, unit: second, path };
  return { top, unit: second.startsWith("protocol.") ? "protocol" : "engine", path };
}

/** Files of the extension that run only in the Node host, or only in tests. */
const extensionOnNode = /^extension\/(extension\.ts|node\/|(.*\/)?node-[\w-]+\.ts|[\w-]+-node\.ts)/;
const toolkit = "@vscode/webview-ui-toolkit";
const toolkitFile = "webview/toolkit.ts";
/** Types only; nothing of it is in a bundle. */
const debugProtocol = "@vscode/debugprotocol";

/**
 * @param {Place} from
 * @param {string} source a package or Node module
 * @param {boolean} typeOnly
 * @returns {string | undefined} what is wrong
 */
function packageProblem(from, source, typeOnly) {
  const isNode = source.startsWith("node:");
  switch (from.top) {
    case "engine":
      if (isNode && from.unit === "node") return undefined;
      if (virtualModules.has(source))
        return (rank.get(from.unit) ?? 0) >= (rank.get("kernel") ?? 0) ? undefined : `engine/${from.unit} may not know the project's own C`;
      return isNode ? "only engine/node may import Node modules" : `the engine imports no package, and not '${source}'`;
    case "extension":
      if (source === "vscode" || (typeOnly && source === debugProtocol)) return undefined;
      if (isNode) return extensionOnNode.test(from.path) ? undefined : "only extension.ts, node-*.ts and extension/node/ may import Node modules";
      return `the extension imports no package besides vscode, and not '${source}'`;
    case "webview":
      if (source === "vscode" || isNode) return `the webview runs in a browser frame and cannot import '${source}'`;
      return source.startsWith(toolkit) && from.path !== toolkitFile ? `only ${toolkitFile} may import the toolkit` : undefined;
    default:
      return source === "vscode" && from.top !== "test" ? "only extension/ may import vscode" : undefined;
  }
}

/**
 * @param {Place} from
 * @param {Place} to
 * @param {boolean} typeOnly
 * @returns {string | undefined} what is wrong
 */
function projectProblem(from, to, typeOnly) {
  if (from.top === "engine") {
    if (to.top !== "engine") return `the engine may not import ${to.top}/`;
    if (from.unit === to.unit) return undefined;
    const fromRank = rank.get(from.unit);
    const toRank = rank.get(to.unit);
    if (fromRank === undefined || toRank === undefined)
      return `engine/${fromRank === undefined ? from.unit : to.unit} has no place in the import order; give it one in scripts/lint/import-direction.mjs`;
    return toRank < fromRank ? undefined : `engine/${from.unit} may not import engine/${to.unit}: imports point downwards`;
  }
  if (from.top === "webview" && to.top !== "webview") {
    if (to.unit !== "protocol") return "the webview knows of the engine only engine/protocol";
    return typeOnly ? undefined : "the webview may import only types from engine/protocol";
  }
  if (from.top === "extension" && to.top !== "extension") {
    if (to.unit === "protocol") return undefined;
    return to.unit === "base" ? undefined : "the extension knows of the engine only engine/protocol and engine/base";
  }
  return undefined;
}

/** @type {import("eslint").Rule.RuleModule} */
export const importDirection = {
  meta: {
    type: "problem",
    docs: { description: "imports point downwards through the engine's folders" },
    schema: [],
    messages: { direction: "{{problem}}" },
  },
  create(context) {
    const root = context.cwd;
    const from = placeOf(root, resolve(root, context.filename));

    /**
     * @param {import("estree").Node} node
     * @param {unknown} source
     * @param {boolean} typeOnly
     */
    const check = (node, source, typeOnly) => {
      if (typeof source !== "string") return;
      const problem = source.startsWith(".")
        ? projectProblem(from, placeOf(root, resolve(dirname(context.filename), source)), typeOnly)
        : packageProblem(from, source, typeOnly);
      if (problem !== undefined) context.report({ node, messageId: "direction", data: { problem } });
    };

    /** @param {object} node the TypeScript parser marks `import type`, which ESTree does not know */
    const isTypeOnly = (node) => ("importKind" in node && node.importKind === "type") || ("exportKind" in node && node.exportKind === "type");

    return {
      ImportDeclaration: (node) => check(node, node.source.value, isTypeOnly(node)),
      ExportNamedDeclaration: (node) => check(node, node.source?.value, isTypeOnly(node)),
      ExportAllDeclaration: (node) => check(node, node.source.value, isTypeOnly(node)),
      ImportExpression: (node) => check(node, node.source.type === "Literal" ? node.source.value : undefined, false),
    };
  },
};
