// The lint rule that keeps imports pointing downwards: each line is an import that must, or must not, be reported.

import { Linter } from "eslint";
import { describe, expect, it } from "vitest";
import { importDirection } from "../../scripts/lint/import-direction.mjs";

const root = "/project";

/** The rule's messages for `code` as the text of `file`. */
function problems(file: string, code: string): readonly string[] {
  const linter = new Linter({ cwd: root });
  const config: Linter.Config = { files: ["**/*.{ts,mjs}"], plugins: { tcs: { rules: { direction: importDirection } } }, rules: { "tcs/direction": "error" } };
  return linter.verify(code, config, { filename: `${root}/${file}` }).map((message) => message.message);
}

const forbidden: readonly (readonly [string, string, RegExp])[] = [
  ["engine/base/result.ts", `import { Tree } from "../tree/index.js";`, /base may not import engine\/tree/],
  ["engine/c/syntax/parser.ts", `import { apply } from "../../patch/index.js";`, /c\/syntax may not import engine\/patch/],
  ["engine/c/emit/module.ts", `import { sizeOf } from "../types/index.js";`, /c\/emit may not import engine\/c\/types/],
  ["engine/kernel/services.ts", `export { search } from "../explore/index.js";`, /kernel may not import engine\/explore/],
  ["engine/review/review.ts", `export * from "../report/index.js";`, /review may not import engine\/report/],
  ["engine/report/json.ts", `const cli = await import("../node/index.js");`, /report may not import engine\/node/],
  ["engine/node/worker.ts", `import { f } from "../web/index.js";`, /node may not import engine\/web/],
  ["engine/base/new/deep.ts", `import { x } from "../../gadgets/x.js";`, /base\/new has no place/],
  ["engine/review/review.ts", `import { x } from "../gadgets/index.js";`, /gadgets has no place/],
  ["engine/machine/memory.ts", `import { page } from "../c/emit/layout.js";`, /inside a room: import engine\/c\/emit\/index.js/],
  ["engine/c/lower/place.ts", `import { parse } from "../syntax/parser.js";`, /inside a room: import engine\/c\/syntax\/index.js/],
  ["engine/review/review.ts", `import { readFileSync } from "node:fs";`, /only engine\/node may import Node/],
  ["engine/review/review.ts", `import * as vscode from "vscode";`, /imports no package/],
  ["engine/node/worker.ts", `import * as vscode from "vscode";`, /imports no package/],
  ["engine/c/syntax/parser.ts", `import { ownSources } from "tcs:sources";`, /may not know the project's own C/],
  ["engine/report/json.ts", `import { paint } from "../../webview/timeline/index.js";`, /engine may not import webview/],
  ["extension/overlay/overlay.ts", `import { parse } from "../../engine/c/syntax/index.js";`, /only engine\/protocol/],
  ["extension/overlay/overlay.ts", `import { fail } from "../../engine/base/result.js";`, /inside a room/],
  ["extension/overlay/overlay.ts", `import { join } from "node:path";`, /may import Node modules/],
  ["extension/overlay/overlay.ts", `import { x } from "../findings/index.js";`, /overlay may not import extension\/findings/],
  ["extension/overlay/overlay.ts", `import { x } from "../review/session.js";`, /inside a room/],
  ["webview/timeline/timeline.ts", `import * as vscode from "vscode";`, /browser frame/],
  ["webview/timeline/timeline.ts", `import { Button } from "@vscode/webview-ui-toolkit";`, /only webview\/toolkit.ts/],
  ["webview/timeline/timeline.ts", `import { review } from "../../engine/review/index.js";`, /only engine\/protocol/],
  ["webview/timeline/timeline.ts", `import { version } from "../../engine/protocol.js";`, /only types/],
  ["webview/marks/marks.ts", `import { row } from "../panel/index.js";`, /marks may not import webview\/panel/],
  ["scripts/build.mjs", `import * as vscode from "vscode";`, /only extension\/ may import vscode/],
];

const allowed: readonly (readonly [string, string])[] = [
  ["engine/tree/source-tree.ts", `import { ok } from "../base/index.js";`],
  ["engine/machine/memory.ts", `import { layout } from "../c/emit/index.js"; import { page } from "./pages.js";`],
  ["engine/kernel/services.ts", `import { ownSources } from "tcs:sources";`],
  ["engine/report/json.ts", `import { x } from "../review/index.js";`],
  ["engine/protocol.ts", `export * from "./review/index.js";`],
  ["engine/node/cli.ts", `import { readFileSync } from "node:fs"; import { x } from "../report/index.js"; import { y } from "../protocol.js";`],
  ["extension/extension.ts", `import * as vscode from "vscode"; import { join } from "node:path"; import { x } from "./activate.js";`],
  ["extension/overlay/overlay.ts", `import { x } from "../review/index.js"; import { y } from "../../engine/protocol.js"; import { z } from "./parts.js";`],
  ["webview/toolkit.ts", `import { Button } from "@vscode/webview-ui-toolkit";`],
  ["webview/panel/panel.ts", `import { x } from "../base/index.js"; import { y } from "../marks/index.js"; import "../toolkit.js";`],
  ["test/unit/x.test.ts", `import { parse } from "../../engine/c/syntax/parser.js"; import { join } from "node:path";`],
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
