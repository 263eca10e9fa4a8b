// Toggle Overlay: all of it, as a user setting.

import { ConfigurationTarget, workspace } from "vscode";
import type { Command } from "./command.js";

export const toggleOverlay: Command = {
  id: "tceScope.toggleOverlay",
  run: async () => {
    const settings = workspace.getConfiguration("tceScope.overlay");
    await settings.update("enabled", !settings.get<boolean>("enabled", true), ConfigurationTarget.Global);
  },
};
