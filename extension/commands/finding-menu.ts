// The menu of the findings tree: each runs another command on the item's finding, else the one shown last, else the worst.

import { commands } from "vscode";
import type { Command, Services } from "./command.js";

export const findingInTimeline: Command = { id: "tceScope.findingInTimeline", run: (services, node) => onFinding(services, "showInTimeline", node) };
export const findingReplay: Command = { id: "tceScope.findingReplay", run: (services, node) => onFinding(services, "replayFinding", node) };
export const findingDebug: Command = { id: "tceScope.findingDebug", run: (services, node) => onFinding(services, "debugWitness", node) };

async function onFinding({ findings, session }: Services, command: string, node: unknown): Promise<void> {
  const all = findings.all();
  const found = findings.at(node, undefined) ?? all.find(({ finding }) => finding === findings.shown) ?? all[0];
  if (found === undefined) return;
  const index = session.result?.[found.variant]?.findings.indexOf(found.finding) ?? 0;
  await commands.executeCommand(`tceScope.${command}`, found.variant, index);
}
