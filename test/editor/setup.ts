// Runs once before the editor tests: packs the extension, gets the tree, the VS Code server and a browser, and provides
// the tests with their places.

import type { TestProject } from "vitest/node";
import { kernelTree } from "../../scripts/kernel-tree.mjs";
import { packageExtension } from "../../scripts/package.mjs";
import { installSystemPackages } from "../../scripts/process.mjs";
import { vscodeServer } from "../../scripts/vscode-server.mjs";
import { findChromium } from "../chromium.js";

declare module "vitest" {
  interface ProvidedContext {
    readonly vsix: string;
    readonly tree: string;
    readonly chromium: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  if (findChromium() === undefined) installSystemPackages(["chromium", "fonts-dejavu-core"]);
  const chromium = findChromium();
  if (chromium === undefined) throw new Error("The editor tests need Chromium; install it, or set CHROMIUM to its path.");
  vscodeServer();
  project.provide("chromium", chromium);
  project.provide("tree", await kernelTree("6.12"));
  project.provide("vsix", packageExtension());
}
