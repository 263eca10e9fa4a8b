// Replays the witness of a finding, by variant and index; hovers, quick fixes and the findings tree.

import { replay } from "../review/index.js";
import type { Command } from "./command.js";

export const replayFinding: Command = {
  id: "tceScope.replayFinding",
  internal: true,
  run: ({ session }, variant, index) => {
    if (variant !== "before" && variant !== "after") return undefined;
    const witness = session.result?.[variant]?.findings[Number(index)]?.witness;
    return witness === undefined ? undefined : replay(session, witness);
  },
};
