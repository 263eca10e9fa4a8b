// Answers the review questions about the patch, shown in the panel.

import { commands, l10n, window } from "vscode";
import { panelViewId } from "../pages/index.js";
import type { Command } from "./command.js";

export const askQuestions: Command = {
  id: "tceScope.askQuestions",
  run: async ({ session }) => {
    if (session.result?.patch === undefined) {
      void window.showInformationMessage(l10n.t("No patch to answer questions about. Review one first: “TCE Scope: Review Patch…”."));
      return;
    }
    await commands.executeCommand(`${panelViewId}.focus`);
    await session.ask();
  },
};
