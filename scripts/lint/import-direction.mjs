// An ESLint rule: a room imports only the rooms that rooms.mjs allows it, and each by its index. Decides from the two
// paths alone, so it needs no type information and must not read any file.

import { dirname, posix, relative, resolve, sep } from "node:path";
import { engineFor, rooms } from "./rooms.mjs";

/** Folders whose whole text is data for the engine (the virtual module of scripts/own-sources.mjs). */
const virtualModules = new Set(["tcs:sources"]);

/** Rooms of the engine that may import that module: those that hold C of our own, and no room before them. */
const ownC = new Set(["kernel", "world", "scenario"]);

/**
 * @typedef {{ readonly top: string, readonly room: string, readonly path: string, readonly isIndex: boolean }} Place
 * top: "engine", "extension", …; room: the folder below it, or the name of a file that is in none; isIndex: whether
 * others may import this file.
 */

/**
 * @param {string} root
 * @param {string} file absolute
 * @returns {Place}
 */
function placeOf(root, file) {
  const path = relative(root, file).split(sep).join(posix.sep);
  const parts = path.split("/");
  const top = parts[0] ?? "";
  const name = parts.at(-1) ?? "";
  const folder = parts.slice(1, -1).join("/");
  if (folder === "") return { top, room: name.replace(/\.[a-z]+$/, ""), path, isIndex: true };
  return { top, room: folder, path, isIndex: /^index\.[a-z]+$/.test(name) };
}

/** Files of the extension that run only in the Node host, or only in tests. */
const extensionOnNode = /^extension\/(extension|node-engine)\.ts$/;
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
      if (isNode && from.room === "node") return undefined;
      if (virtualModules.has(source)) return ownC.has(from.room) ? undefined : `engine/${from.room} may not know the project's own C`;
      return isNode ? "only engine/node may import Node modules" : `the engine imports no package, and not '${source}'`;
    case "extension":
      if (source === "vscode" || (typeOnly && source === debugProtocol)) return undefined;
      if (isNode) return extensionOnNode.test(from.path) ? undefined : "only extension.ts and node-engine.ts may import Node modules";
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
  const own = rooms.get(from.top);
  if (own === undefined) return undefined; // tests and scripts may look inside a room
  if (from.top === to.top) {
    if (from.room === to.room) return undefined;
    const imports = own.get(from.room);
    if (imports === undefined || !own.has(to.room))
      return `${to.top}/${imports === undefined ? from.room : to.room} has no place in the import order; give it one in scripts/lint/rooms.mjs`;
    if (!imports.has(to.room)) return `${from.top}/${from.room} may not import ${to.top}/${to.room}: see scripts/lint/rooms.mjs`;
  } else {
    const allowed = engineFor.get(from.top);
    if (to.top !== "engine" || allowed === undefined) return `the ${from.top} may not import ${to.top}/`;
    if (!allowed.has(to.room)) return `the ${from.top} knows of the engine only ${[...allowed].map((room) => `engine/${room}`).join(" and ")}`;
    if (from.top === "webview" && !typeOnly) return "the webview may import only types from engine/protocol";
  }
  return to.isIndex ? undefined : `${to.path} is inside a room: import ${to.top}/${to.room}/index.js`;
}

/** @type {import("eslint").Rule.RuleModule} */
export const importDirection = {
  meta: {
    type: "problem",
    docs: { description: "a room imports only what rooms.mjs allows it, by its index" },
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
