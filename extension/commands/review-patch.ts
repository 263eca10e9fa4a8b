// Review Patch…: without an argument from the palette; with a URI or a path from the explorer, a key binding or a test.

import { Uri } from "vscode";
import { pickPatch, readPatch } from "../review/index.js";
import type { Command } from "./command.js";
import { startReview } from "./review-run.js";

export const reviewPatch: Command = {
  id: "tceScope.reviewPatch",
  run: async (services, argument) => {
    const uri = argument instanceof Uri ? argument : typeof argument === "string" && argument !== "" ? Uri.file(argument) : undefined;
    await startReview(services, uri === undefined ? await pickPatch() : await readPatch(uri));
  },
};
