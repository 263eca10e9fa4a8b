// Includes or excludes a hunk; a checkbox in the panel.

import { l10n, window } from "vscode";
import type { Command } from "./command.js";
import { watchRun } from "./review-run.js";

export const toggleHunk: Command = {
  id: "tceScope.toggleHunk",
  internal: true,
  run: async (services, index) => {
    const { session } = services;
    const run = session.toggleHunk(Number(index));
    if (run !== undefined) await watchRun(services, run);
    else if (session.result?.patch !== undefined)
      void window.showInformationMessage(l10n.t("At least one hunk must stay included. The card “Before” shows the tree without the patch."));
  },
};
