// Show Explained Run: reviews the scenario that came closest to the explained log, with the current patch.

import { window } from "vscode";
import type { Command } from "./command.js";
import { openReview } from "./review-run.js";

export const showExplainedRun: Command = {
  id: "tceScope.showExplainedRun",
  run: async (services) => {
    const { explanation, session } = services;
    const run = explanation.last?.explanation.reproduction;
    if (explanation.last === undefined || run === undefined) {
      void window.showInformationMessage("No explained run yet. Explain a kernel log first: “TCE Scope: Explain Oops…”.");
      return;
    }
    const { tree } = explanation.last;
    const patch = session.input?.tree.toString() === tree.toString() ? session.input.patch : undefined;
    await openReview(services, { tree, ...(patch === undefined ? {} : { patch }), scenario: { name: run.scenario, set: run.set } });
  },
};
