// A file system provider of the scheme "webtree": what the test's server has under /tree/, with edits kept in memory.

const vscode = require("vscode");

exports.activate = (/** @type {import("vscode").ExtensionContext} */ context) => {
  const base = new URL("../../tree", context.extensionUri.toString() + "/").toString();
  const changed = new vscode.EventEmitter();
  /** @type {Map<string, Uint8Array>} */
  const written = new Map();
  /** @param {import("vscode").Uri} uri @param {string} what */
  const ask = async (uri, what) => {
    const answer = await fetch(`${base}${uri.path}?${what}`);
    if (!answer.ok) throw vscode.FileSystemError.FileNotFound(uri);
    return answer;
  };
  const provider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: async (/** @type {import("vscode").Uri} */ uri) => (await ask(uri, "stat")).json(),
    readDirectory: async (/** @type {import("vscode").Uri} */ uri) => (await ask(uri, "list")).json(),
    readFile: async (/** @type {import("vscode").Uri} */ uri) => written.get(uri.path) ?? new Uint8Array(await (await ask(uri, "read")).arrayBuffer()),
    writeFile: (/** @type {import("vscode").Uri} */ uri, /** @type {Uint8Array} */ content) => {
      written.set(uri.path, content);
      changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    },
    createDirectory: () => {
      throw vscode.FileSystemError.NoPermissions();
    },
    delete: () => {
      throw vscode.FileSystemError.NoPermissions();
    },
    rename: () => {
      throw vscode.FileSystemError.NoPermissions();
    },
  };
  context.subscriptions.push(changed, vscode.workspace.registerFileSystemProvider("webtree", provider, { isCaseSensitive: true }));
};
