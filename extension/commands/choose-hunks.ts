// Choose Hunks to Apply…: all hunks of the patch in one list.

import { l10n, window } from "vscode";
import type { Command } from "./command.js";
import { watchRun } from "./review-run.js";

export const chooseHunks: Command = {
  id: "tceScope.chooseHunks",
  run: async (services) => {
    const { result, input } = services.session;
    const hunks = result?.patch?.hunks;
    if (hunks === undefined || input === undefined) {
      void window.showInformationMessage(l10n.t("No patch with hunks to select. Review one first: “TCE Scope: Review Patch…”."));
      return;
    }
    const off = input.hunks?.off ?? [];
    const items = hunks.map((hunk, index) => ({
      label: `${index + 1}  ${hunk.file}:${hunk.line}`,
      description: hunk.header.replace(/^@@.*?@@\s*/, ""),
      picked: !off.includes(index),
      index,
    }));
    const chosen = await window.showQuickPick(items, {
      title: l10n.t("TCE Scope: Choose Hunks to Apply"),
      placeHolder: l10n.t("Hunks to apply"),
      canPickMany: true,
    });
    if (chosen === undefined || chosen.length === 0) return;
    const on = new Set(chosen.map(({ index }) => index));
    await watchRun(services, services.session.setHunks(items.map(({ index }) => index).filter((index) => !on.has(index))));
  },
};
