// Leads to a line by file, line and variant: hovers drop links to documents of a scheme that VS Code does not know.

import { reveal } from "../review/index.js";
import type { Command } from "./command.js";

export const showLine: Command = {
  id: "tceScope.showLine",
  internal: true,
  run: ({ session }, file, line, variant) =>
    typeof file === "string" && typeof line === "number" && (variant === "before" || variant === "after")
      ? reveal(session, { file, line, variant })
      : undefined,
};
