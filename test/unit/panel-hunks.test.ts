import { describe, expect, it } from "vitest";
import { EngineClient } from "../../extension/engine/client.js";
import type { HostToEngine, HunkTable } from "../../engine/protocol.js";

describe("the table of hunks", () => {
  const empty: HunkTable = { groups: [], columns: [], rows: [{ hold: "3s", cells: [undefined] }] };

  it("arrives in parts, and the last part ends the request", async () => {
    let answer: ((complete: boolean) => void) | undefined;
    const client = new EngineClient(
      (events) => ({
        post: (message: HostToEngine) => {
          if (message.type === "hunks") answer = (complete) => events.onMessage({ type: "hunks", id: message.id, table: empty, complete });
        },
        dispose: () => undefined,
      }),
      () => Promise.resolve([]),
    );
    const parts: HunkTable[] = [];
    const done = client.run(
      { type: "hunks", tree: { root: "tree", overlays: [] }, patch: { name: "p", text: "" }, scenario: { name: "late-unmap", set: {} }, holds: ["3s"] },
      () => undefined,
      { table: (table) => void parts.push(table) },
    );
    answer?.(false);
    answer?.(true);
    expect((await done).kind).toBe("hunks");
    expect(parts).toHaveLength(1);
  });
});
