// Debug at Cursor: the run under the timeline's cursor, stopped at its moment.

import type { Command } from "./command.js";

export const debugAtCursor: Command = { id: "tceScope.debugAtCursor", run: ({ debug, session }) => debug.startAt(session.cursor) };
