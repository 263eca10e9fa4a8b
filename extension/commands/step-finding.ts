// Next Finding and Previous Finding: from the finding shown last, in reading order.

import { l10n, window } from "vscode";
import type { Command, Services } from "./command.js";

export const nextFinding: Command = { id: "tceScope.nextFinding", run: (services) => step(services, 1) };
export const previousFinding: Command = { id: "tceScope.previousFinding", run: (services) => step(services, -1) };

async function step({ findings, session }: Services, direction: 1 | -1): Promise<void> {
  const next = findings.next(direction);
  if (next !== undefined) await findings.show(next);
  else
    void window.showInformationMessage(
      session.result === undefined ? l10n.t("No review yet. Start one with “TCE Scope: Review Patch…”.") : l10n.t("No findings in this review."),
    );
}
