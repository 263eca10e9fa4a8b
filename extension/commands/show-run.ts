// The run that supports an answer: its scenario becomes that of the review, and the cursor moves to its worst finding.

import { commands } from "vscode";
import { worstFinding } from "../base/index.js";
import { timelineViewId } from "../pages/index.js";
import { parseParameters, scenarioOf } from "../scenarios/index.js";
import type { Command } from "./command.js";
import { watchRun } from "./review-run.js";

export const showRun: Command = {
  id: "tceScope.showRun",
  internal: true,
  run: async (services, name, set, variant) => {
    const { session } = services;
    const { input } = session;
    if (input === undefined || typeof name !== "string" || typeof set !== "string" || (variant !== "before" && variant !== "after")) return;
    const parsed = parseParameters(set, scenarioOf(name));
    if (!parsed.ok) return;
    const { scenarioFile: _other, ...rest } = input;
    await watchRun(services, session.start({ ...rest, scenario: { name, set: parsed.value } }));
    const own = session.result?.[variant];
    if (own === undefined) return;
    session.moveCursor({ t: worstFinding(own.findings)?.t ?? own.detach?.end ?? own.timeline.end, variant });
    await commands.executeCommand(`${timelineViewId}.focus`);
  },
};
