// The callers of a function by a search of the tree's text: the functions that name it and, where it is static, the
// callers of those. Must not run anything; it follows no function pointer.

import type { SourceTree } from "../tree/index.js";

export interface Caller {
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

/** Folders with code that may share the IOMMU tables. */
const FOLDERS = ["arch/powerpc", "drivers/vfio", "drivers/iommu", "drivers/pci/hotplug"];
const MAX_FILES = 4_000;

function sources(tree: SourceTree, folder: string, found: string[]): void {
  for (const name of tree.list?.(folder) ?? []) {
    if (found.length >= MAX_FILES) return;
    if (name.endsWith("/")) sources(tree, `${folder}/${name.slice(0, -1)}`, found);
    else if (name.endsWith(".c")) found.push(`${folder}/${name}`);
  }
}

/** The functions other than `name` that name it, in a file in kernel style. */
function usersIn(text: string, name: string, file: string): readonly Caller[] {
  const users: Caller[] = [];
  if (!text.includes(name)) return users;
  const word = new RegExp(`\\b${name}\\b`);
  let current = "";
  for (const [i, line] of text.split("\n").entries()) {
    if (/^[A-Za-z_]/.test(line) && !/;\s*$/.test(line) && !/^\w+:/.test(line)) current = /(\w+)\s*\(/.exec(line)?.[1] ?? current;
    else if (line.startsWith("}")) current = "";
    else if (current !== "" && current !== name && word.test(line) && !/^\s*(?:\*|\/\*|\/\/)/.test(line) && !line.startsWith("#"))
      users.push({ function: current, file, line: i + 1 });
  }
  return users;
}

/** Undefined where the tree cannot list its folders. */
export function callersOf(tree: SourceTree, name: string, file: string): readonly Caller[] | undefined {
  if (tree.list?.("arch/powerpc") === undefined) return undefined;
  const files: string[] = [];
  for (const folder of FOLDERS) sources(tree, folder, files);
  const isStatic = (text: string, fn: string): boolean => new RegExp(`^static\\b[^;{]*\\b${fn}\\s*\\(`, "m").test(text);
  const found = new Map<string, Caller>();
  const seen = new Set<string>();
  const follow = (fn: string, home: string, depth: number): void => {
    if (seen.has(fn) || depth > 3) return;
    seen.add(fn);
    const text = tree.read(home) ?? "";
    const local = isStatic(text, fn);
    for (const path of local ? [home] : files) {
      for (const user of usersIn(tree.read(path) ?? "", fn, path)) {
        if (local) follow(user.function, user.file, depth + 1);
        else found.set(`${user.file} ${user.function}`, user);
      }
    }
  };
  follow(name, file, 0);
  return [...found.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}
