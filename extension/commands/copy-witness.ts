// Copy Witness: of the finding given, else the one shown last, else the worst, else the run without the patch.

import { env, l10n, window } from "vscode";
import { worstFinding } from "../base/index.js";
import type { Command } from "./command.js";

export const copyWitness: Command = {
  id: "tceScope.copyWitness",
  run: async ({ findings, session }, variant, index) => {
    const { result } = session;
    const finding =
      findings.at(variant, index)?.finding ?? findings.shown ?? worstFinding([...(result?.before.findings ?? []), ...(result?.after?.findings ?? [])]);
    const witness = finding?.witness ?? result?.before.witness;
    if (witness === undefined) {
      void window.showInformationMessage(l10n.t("No witness to copy yet. Review a patch first: “TCE Scope: Review Patch…”."));
      return;
    }
    await env.clipboard.writeText(witness);
    window.setStatusBarMessage("Witness copied. Replay it with “tcescope replay --witness”.", 5_000);
  },
};
