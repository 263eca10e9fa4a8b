// Leads to a finding: by variant and index from a link, or by the item of the findings tree.

import type { Command } from "./command.js";

export const showFinding: Command = {
  id: "tceScope.showFinding",
  internal: true,
  run: async ({ findings }, variant, index) => {
    const found = findings.at(variant, index);
    if (found !== undefined) await findings.show(found);
  },
};
