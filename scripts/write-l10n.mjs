// Writes l10n/bundle.l10n.json: every text that the extension and its pages show through l10n, keyed by its English
// wording. Parses the sources with TypeScript. `--check` only reports whether the file is up to date.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { projectDir } from "./process.mjs";

const target = join(projectDir, "l10n", "bundle.l10n.json");

/** @param {ts.CallExpression} call @returns {readonly ts.Expression[]} its arguments that contain texts */
function texts(call) {
  const callee = call.expression.getText();
  if (callee === "t" || callee === "l10n.t" || callee === "vscode.l10n.t") return call.arguments.slice(0, 1);
  if (callee === "counted") return call.arguments.slice(1, 3);
  return [];
}

/**
 * @param {readonly string[]} folders
 * @returns {Readonly<Record<string, string>>}
 */
export function l10nBundle(folders = ["extension", "webview"]) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const folder of folders) {
    for (const name of readdirSync(join(projectDir, folder), { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts")) continue;
      const path = join(projectDir, folder, name);
      const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
      /** @param {ts.Node} node */
      const visit = (node) => {
        if (ts.isCallExpression(node)) for (const text of texts(node)) collect(text);
        ts.forEachChild(node, visit);
      };
      /** @param {ts.Expression} text */
      const collect = (text) => {
        if (ts.isStringLiteralLike(text)) found.add(text.text);
        else if (ts.isConditionalExpression(text)) {
          collect(text.whenTrue);
          collect(text.whenFalse);
        }
      };
      visit(source);
    }
  }
  return Object.fromEntries([...found].sort().map((text) => [text, text]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = `${JSON.stringify(l10nBundle(), undefined, 2)}\n`;
  if (process.argv.includes("--check")) {
    let current = "";
    try {
      current = readFileSync(target, "utf8");
    } catch {
      // The file does not exist yet.
    }
    if (current !== text) {
      console.error("l10n/bundle.l10n.json is out of date. Run: node scripts/write-l10n.mjs");
      process.exitCode = 1;
    }
  } else {
    mkdirSync(join(projectDir, "l10n"), { recursive: true });
    writeFileSync(target, text);
    console.log(`l10n/bundle.l10n.json: ${Object.keys(l10nBundle()).length} texts`);
  }
}
