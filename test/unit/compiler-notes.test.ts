// A compile error in the editor: its columns, and each macro and #include of its trail as a place in the tree.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { DiskTree } from "../../engine/node/disk-tree.js";
import { exampleScenario, type Reason } from "../../engine/protocol.js";
import { review } from "../../engine/review/review.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { Compiler } from "../../engine/world/compile.js";
import { compilerNotes, errorColumns } from "../../extension/findings/compiler-notes.js";

const root = join(projectDir, "examples/tree");
const main = "arch/powerpc/kernel/iommu.c";
const header = "arch/powerpc/include/asm/iommu.h";
const disk = new DiskTree(root);

/** Why the unpatched tree can't be judged after these changes to its files. */
async function reasonFor(changes: Readonly<Record<string, (text: string) => string>>): Promise<Reason> {
  const tree: SourceTree = {
    exists: (path) => disk.exists(path),
    read: (path) => {
      const text = disk.read(path);
      return text === undefined ? undefined : (changes[path]?.(text) ?? text);
    },
  };
  const out = await review(
    {
      tree,
      patch: { name: "wait-for-buffers.patch", text: readFileSync(join(root, "wait-for-buffers.patch")) },
      scenario: { name: exampleScenario.name, set: { hold: "3s", late: "4" } },
    },
    { compiler: new Compiler(), breathe: () => Promise.resolve(false), progress: () => undefined },
  );
  if (!out.ok) throw new Error(JSON.stringify(out.error));
  const { reason } = out.value.result.before;
  if (reason === undefined) throw new Error("it can be judged");
  return reason;
}

/** The part of a line between two columns. */
function at(text: string, line: number, { from, to }: { readonly from: number; readonly to: number }): string {
  return (text.split("\n")[line - 1] ?? "").slice(from - 1, to - 1);
}

describe("a compile error in a function that is reached", () => {
  it("leads from the line under review into each macro, to the token in its definition", async () => {
    const macros = "#define ENTRIES(t) (USED(t) + 1)\n#define USED(t) ((t)->it_used)\n";
    const changes = {
      [header]: (text: string) => text.replace(/(#define \w+\n)/, `$1${macros}`),
      [main]: (text: string) => text.replace("u64 entry, used = 0;", "u64 entry, used = 0 * ENTRIES(tbl);"),
    };
    const reason = await reasonFor(changes);
    const texts: Readonly<Record<string, string>> = {
      [header]: changes[header](disk.read(header) ?? ""),
      [main]: changes[main](disk.read(main) ?? ""),
    };
    const columns = errorColumns(reason);
    if (columns === undefined) throw new Error("no columns");
    expect(reason.message).toContain("it_used");
    expect([reason.file, at(texts[main] ?? "", reason.line, columns)]).toEqual([main, "ENTRIES"]);
    expect(compilerNotes(reason).map((note) => [note.message, note.file, at(texts[note.file] ?? "", note.line, note)])).toEqual([
      ["in expansion of macro 'ENTRIES'", header, "USED"],
      ["in expansion of macro 'USED'", header, "("],
    ]);
  });

  it("in a header names the #includes that led there", async () => {
    const reason = await reasonFor({
      [header]: (text) => text.replace(/(#endif\s*)$/, "static inline int broken(void)\n{\n\treturn nowhere;\n}\n$1"),
      [main]: (text) => text.replace("u64 entry, used = 0;", "u64 entry, used = 0 * broken();"),
    });
    expect([reason.file, reason.message]).toEqual([header, "broken does not compile: 'nowhere' is not declared"]);
    expect(compilerNotes(reason).map(({ file, message }) => [file, message])).toEqual([[main, "included from here"]]);
  });

  it("omits places that are in no file of the tree", () => {
    const spot = { line: 1, column: 1, endColumn: 2, source: "", message: "", k: "macro" } as const;
    const trail = ["<supplied>/generated/autoconf.h", "tcescope/world/world.h", main].map((file) => ({ ...spot, file }));
    expect(compilerNotes({ message: "", file: main, line: 1, trail }).map((note) => note.file)).toEqual([main]);
  });
});
