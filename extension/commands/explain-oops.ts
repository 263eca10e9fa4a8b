// Explain Oops…: without an argument from the palette; with a URI or a path from the explorer, a key binding or a test.

import * as vscode from "vscode";
import { formatProblem } from "../../engine/base/index.js";
import { pickLog, readLog, title } from "../explain/index.js";
import { findTree } from "../tree/index.js";
import type { Command } from "./command.js";
import { showExplainedRun } from "./show-explained-run.js";

export const explainOops: Command = {
  id: "tceScope.explainOops",
  run: async (services, argument) => {
    const { context, explanation, session } = services;
    const file = argument instanceof vscode.Uri ? argument : typeof argument === "string" && argument !== "" ? vscode.Uri.file(argument) : undefined;
    const text = file === undefined ? await pickLog() : await readLog(file);
    if (text === undefined) return;
    const tree = session.input?.tree ?? (await findTree(context.workspaceState));
    if (tree === undefined) return;
    const outcome = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => session.cancel());
      return session.explain(tree, text, (step) => {
        progress.report({ message: step });
      });
    });
    switch (outcome.kind) {
      case "explained":
        if ((await explanation.show(tree, outcome.explanation)) === "show-run") await showExplainedRun.run(services);
        return;
      case "problem": {
        const [problem] = outcome.problems;
        if (problem !== undefined) void vscode.window.showErrorMessage(formatProblem(problem).replaceAll(/\n\s*/g, " "));
        return;
      }
      case "result":
      case "debug":
      case "hunks":
      case "questions":
      case "cancelled":
        return;
    }
  },
};
