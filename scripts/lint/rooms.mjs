// The rooms of the project and what each may import, in the order of the data. docs/DESIGN.md describes the same rooms.
// A room is a folder; a file that is not in one (engine/protocol.ts) is a room of its own. Each room may import rooms
// that are listed before it, and only those named here: what is missing from a list is what the room must not know.

const language = ["c/lex", "c/preprocess", "c/types", "c/syntax", "c/ir", "c/lower", "c/link", "c/emit"];
const program = ["c/ir", "c/emit"];

/** @type {readonly (readonly [room: string, imports: readonly string[]])[]} */
const engineRooms = [
  ["base", []],
  ["tree", ["base"]],
  ["patch", ["base", "tree"]],
  ["c/lex", ["base"]],
  ["c/preprocess", ["base", "tree", "c/lex"]],
  ["c/types", ["base", "c/lex"]],
  ["c/syntax", ["base", "c/lex", "c/preprocess", "c/types"]],
  ["c/ir", ["base"]],
  ["c/lower", ["base", "c/lex", "c/types", "c/syntax", "c/ir"]],
  ["c/link", ["base", "c/lex", "c/types", "c/syntax", "c/ir", "c/lower"]],
  ["c/emit", ["base", "c/ir"]],
  ["kbuild", ["base", "tree", "c/preprocess"]],
  ["machine/bugs", []],
  ["machine", ["base", ...program, "machine/bugs"]],
  ["kernel", ["base"]],
  ["world", ["base", "tree", ...language, "kbuild", "kernel"]],
  ["scenario/catalogue", ["kernel"]],
  ["scenario", ["base", "scenario/catalogue"]],
  ["explore", ["base", ...program, "machine"]],
  ["review", ["base", "tree", "patch", "c/ir", "kbuild", "machine", "world", "scenario", "explore"]],
  ["questions", ["base", "tree", "patch", "c/ir", "machine", "scenario", "explore", "review"]],
  ["debug", ["base", "tree", ...language, "machine", "world", "scenario", "review"]],
  ["explain", ["base", "tree", "kernel", "scenario", "review"]],
  ["report", ["base", "c/preprocess", "machine", "scenario", "review", "explain"]],
  ["protocol", ["base", "patch", "machine", "scenario", "explore", "review", "debug", "explain"]],
  ["service", ["base", "tree", "world", "review", "questions", "debug", "explain", "protocol"]],
  ["node", ["base", "tree", ...language, "kbuild", "machine", "world", "scenario", "review", "questions", "report", "explain", "protocol", "service"]],
  ["web", ["base", "tree", "protocol", "service"]],
];

const views = ["overlay", "findings", "debugger", "scenarios", "explain", "pages"];

/** @type {readonly (readonly [room: string, imports: readonly string[]])[]} */
const extensionRooms = [
  ["base", []],
  ["engine", ["base"]],
  ["tree", ["base", "engine"]],
  ["review", ["base", "engine", "tree"]],
  ...views.map((view) => /** @type {const} */ ([view, ["base", "tree", "review"]])),
  ["commands", ["base", "tree", "review", ...views]],
  ["activate", ["base", "engine", "tree", "review", ...views, "commands"]],
  ["node-engine", ["engine"]],
  ["web-engine", ["engine"]],
  ["extension", ["activate", "node-engine"]],
  ["web", ["activate", "web-engine"]],
];

/** @type {readonly (readonly [room: string, imports: readonly string[]])[]} */
const webviewRooms = [
  ["toolkit", []],
  ["base", []],
  ["marks", ["base"]],
  ["panel", ["toolkit", "base", "marks"]],
  ["timeline", ["toolkit", "base", "marks"]],
];

/**
 * @param {readonly (readonly [room: string, imports: readonly string[]])[]} listed
 * @returns {ReadonlyMap<string, ReadonlySet<string>>}
 */
function table(listed) {
  /** @type {Map<string, ReadonlySet<string>>} */
  const rooms = new Map();
  for (const [room, imports] of listed) {
    const later = imports.find((name) => !rooms.has(name));
    if (later !== undefined) throw new Error(`${room} may import ${later}, which is not listed before it`);
    rooms.set(room, new Set(imports));
  }
  return rooms;
}

/** By top-level folder: each room and the rooms it may import. */
export const rooms = /** @type {ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>} */ (
  new Map([
    ["engine", table(engineRooms)],
    ["extension", table(extensionRooms)],
    ["webview", table(webviewRooms)],
  ])
);

/** What of the engine its two user interfaces may import. */
export const engineFor = /** @type {ReadonlyMap<string, ReadonlySet<string>>} */ (
  new Map([
    ["extension", new Set(["protocol", "base"])],
    ["webview", new Set(["protocol"])],
  ])
);
