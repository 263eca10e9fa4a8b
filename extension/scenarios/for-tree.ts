// The scenario for a tree that has not been reviewed yet: the example tree has its own.

import * as vscode from "vscode";
import { exampleScenario } from "../../engine/protocol.js";
import type { ReviewInput } from "../review/index.js";
import { defaultScenario } from "./input.js";

/** The scenario of the last review, unless that review was of the other kind of tree (example or kernel). */
export async function scenarioFor(tree: vscode.Uri, last: ReviewInput["scenario"] | undefined): Promise<ReviewInput["scenario"]> {
  const example = await isExample(tree);
  if (last !== undefined && (last.name === exampleScenario.name) === example) return last;
  return { name: example ? exampleScenario.name : defaultScenario.name, set: {} };
}

async function isExample(tree: vscode.Uri): Promise<boolean> {
  try {
    const makefile = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(tree, "Makefile")));
    return /^EXTRAVERSION = -example$/m.test(makefile);
  } catch {
    return false;
  }
}
