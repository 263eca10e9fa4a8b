// Search Deeper…: more schedules of the current review.

import { l10n, window } from "vscode";
import { scenarioOf, searchesOf } from "../scenarios/index.js";
import type { Command } from "./command.js";
import { watchRun } from "./review-run.js";

export const searchDeeper: Command = {
  id: "tceScope.searchDeeper",
  run: async (services) => {
    const { session } = services;
    if (session.result === undefined) {
      void window.showInformationMessage(l10n.t("No review to search. Start one with “TCE Scope: Review Patch…”."));
      return;
    }
    const scenario = scenarioOf(session.result.scenario.name);
    const chosen = await window.showQuickPick([...searchesOf(scenario)], {
      title: l10n.t("TCE Scope: Search Deeper"),
      placeHolder: l10n.t("Choose the schedules to run"),
    });
    if (chosen !== undefined) await watchRun(services, session.rerun(chosen.wish, chosen.set));
  },
};
