// A recorded run of a real tree, played in the debug build: it is the same run, wherever it is stopped and however one
// moves in it.

import { describe, expect, it } from "vitest";
import { debugBuild } from "../../engine/debug/build.js";
import { Player } from "../../engine/debug/player.js";
import { replay } from "../../engine/machine/decisions.js";
import { runMachine, type RunOptions } from "../../engine/machine/machine.js";
import { Judge } from "../../engine/review/judge.js";
import { LIMITS } from "../../engine/review/run-variant.js";
import { makeScenario } from "../../engine/scenario/scenario.js";
import { hostOf, treeAt } from "./trees.js";

for (const series of ["6.12"] as const) {
  const tree = treeAt(series);
  describe.skipIf(tree === undefined)(`Linux ${series}`, () => {
    if (tree === undefined) return;

    it("plays the same run", async () => {
      const scenario = makeScenario("late-unmap", {});
      if (!scenario.ok) throw new Error("no scenario");
      const l = await new Judge(hostOf(), scenario.value, "6.12").prepare(tree);
      if (l === undefined) throw new Error("does not compile");
      const options: RunOptions = {
        params: scenario.value.values,
        cpus: 2,
        decisions: replay([]),
        limits: LIMITS,
        main: "tcs_main",
        boot: "tcs_boot",
        release: "6.12",
      };
      const recorded = runMachine(l.code, options);
      let t = performance.now();
      const code = debugBuild(l.code);
      console.log("debug build", performance.now() - t, code.emitted.bytes.length, l.code.emitted.bytes.length);
      t = performance.now();
      const player = new Player(code, options);
      player.goTo(Number.MAX_SAFE_INTEGER);
      console.log("played", performance.now() - t, "positions", player.start, player.position, "ops", player.machine.outcome().stats.visibleOps);
      expect(player.machine.outcome()).toEqual(recorded);
      t = performance.now();
      const end = player.position;
      for (let i = 0; i < 20; i++) player.goTo(Math.floor((end * ((i * 7) % 20)) / 20));
      console.log("jump", (performance.now() - t) / 20);
      player.goTo(Number.MAX_SAFE_INTEGER);
      expect(player.machine.outcome()).toEqual(recorded);
      player.release();
    });
  });
}
