// The lint rule that keeps imports pointing downwards: each line is an import that must, or must not, be reported.

import { Linter } from "eslint";
import { describe, expect, it } from "vitest";
import { importDirection } from "../../scripts/lint/import-direction.mjs";

const root = "/project";

/** What the rule says to `code` as the text of `file`. */
function problems(file: string, code: string): readonly string[] {
  const linter = new Linter({ cwd: root });
  const config: Linter.Config = { files: ["**/*.{ts,mjs}"], plugins: { tcs: { rules: { direction: importDirection } } }, rules: { "tcs/direction": "error" } };
  return linter.verify(code, config, { filename: `${root}/${file}` }).map((message) => message.message);
}

const forbidden: readonly (readonly [string, string, RegExp])[] = [
  ["engine/base/result.ts", `import { Tree } from "../tree/source-tree.js";`, /base may not import engine\/tree/],
  ["engine/c/parser.ts", `import { apply } from "../patch/apply.js";`, /c may not import engine\/patch/],
  ["engine/kernel/services.ts", `export { search } from "../explore/random.js";`, /kernel may not import engine\/explore/],
  ["engine/review/review.ts", `export * from "../report/dmesg.js";`, /review may not import engine\/report/],
  ["engine/report/json.ts", `const cli = await import("../node/cli.js");`, /report may not import engine\/node/],
  ["engine/node/worker.ts", `import { f } from "../web/worker.js";`, /node may not import engine\/web/],
  ["engine/base/new/deep.ts", `import { x } from "../../gadgets/x.js";`, /gadgets has no place/],
  ["engine/review/review.ts", `import { readFileSync } from "node:fs";`, /only engine\/node may import Node/],
  ["engine/review/review.ts", `import * as vscode from "vscode";`, /imports no package/],
  ["engine/node/worker.ts", `import * as vscode from "vscode";`, /imports no package/],
  ["engine/c/parser.ts", `import { ownSources } from "tcs:sources";`, /may not know the project's own C/],
  ["engine/report/json.ts", `import { paint } from "../../webview/timeline.js";`, /engine may not import webview/],
  ["extension/overlay.ts", `import { parse } from "../engine/c/parser.js";`, /only engine\/protocol/],
  ["extension/overlay.ts", `import { join } from "node:path";`, /may import Node modules/],
  ["webview/timeline.ts", `import * as vscode from "vscode";`, /browser frame/],
  ["webview/timeline.ts", `import { Button } from "@vscode/webview-ui-toolkit";`, /only webview\/toolkit.ts/],
  ["webview/timeline.ts", `import { review } from "../engine/review/review.js";`, /only engine\/protocol/],
  ["webview/timeline.ts", `import { version } from "../engine/protocol.js";`, /only types/],
  ["scripts/build.mjs", `import * as vscode from "vscode";`, /only extension\/ may import vscode/],
];

const allowed: readonly (readonly [string, string])[] = [
  ["engine/tree/source-tree.ts", `import { ok } from "../base/result.js";`],
  ["engine/machine/memory.ts", `import { lower } from "../c/lower.js"; import { page } from "./pages.js";`],
  ["engine/kernel/services.ts", `import { ownSources } from "tcs:sources";`],
  ["engine/report/json.ts", `import { x } from "../review/result.js";`],
  ["engine/protocol.ts", `export * from "./review/result.js";`],
  ["engine/node/cli.ts", `import { readFileSync } from "node:fs"; import { x } from "../report/json.js"; import { y } from "../protocol.js";`],
  ["extension/extension.ts", `import * as vscode from "vscode"; import { join } from "node:path"; import { x } from "../engine/protocol.js";`],
  ["webview/toolkit.ts", `import { Button } from "@vscode/webview-ui-toolkit";`],
  ["test/unit/x.test.ts", `import { parse } from "../../engine/c/parser.js"; import { join } from "node:path";`],
];

describe("import direction", () => {
  it.each(forbidden)("reports in %s: %s", (file, code, expected) => {
    const found = problems(file, code);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it.each(allowed)("accepts in %s: %s", (file, code) => {
    expect(problems(file, code)).toEqual([]);
  });
});
