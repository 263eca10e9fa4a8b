// Compare Hunks: every subset of the patch's hunks, shown in the panel.

import { commands, l10n, window } from "vscode";
import { panelViewId } from "../pages/index.js";
import type { Command } from "./command.js";

export const compareHunks: Command = {
  id: "tceScope.compareHunks",
  run: async ({ session }) => {
    if (session.result?.patch === undefined) {
      void window.showInformationMessage(l10n.t("No patch with hunks to select. Review one first: “TCE Scope: Review Patch…”."));
      return;
    }
    await commands.executeCommand(`${panelViewId}.focus`);
    await session.compareHunks();
  },
};
