// Run Scenario…: on the patch under review, or on the tree alone.

import { pickScenario, scenarioFor } from "../scenarios/index.js";
import { findTree } from "../tree/index.js";
import type { Command } from "./command.js";
import { showRunInPanel } from "./review-run.js";

export const runScenario: Command = {
  id: "tceScope.runScenario",
  run: async (services) => {
    const { context, session, scenarios } = services;
    const { input } = session;
    const tree = input?.tree ?? (await findTree(context.workspaceState));
    if (tree === undefined) return;
    const chosen = await pickScenario(input?.scenario ?? (await scenarioFor(tree, undefined)), input?.patch !== undefined, scenarios);
    if (chosen === undefined) return;
    const { scenarioFile: _old, ...same } = input ?? { tree };
    await showRunInPanel(services, session.start({ ...same, ...chosen }));
  },
};
