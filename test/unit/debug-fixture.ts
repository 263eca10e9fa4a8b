// Debug sessions on small programs: compiled with the services of the concurrent test programs, run on the
// default schedule, opened as a recorded run of a tree would be.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { link } from "../../engine/c/link/link.js";
import type { LinkUnit } from "../../engine/c/link/reuse.js";
import { PREDEFINED } from "../../engine/c/preprocess/predefined.js";
import { PpCache, preprocess } from "../../engine/c/preprocess/index.js";
import { Unit } from "../../engine/c/syntax/unit.js";
import { debugBuild } from "../../engine/debug/build.js";
import { Journal } from "../../engine/debug/journal.js";
import type { DebugCommand, DebugFrame, DebugMove, DebugStop, DebugVariable } from "../../engine/debug/messages.js";
import { Names } from "../../engine/debug/names.js";
import { Player } from "../../engine/debug/player.js";
import { DebugSession } from "../../engine/debug/session.js";
import { replay } from "../../engine/machine/decisions.js";
import { compileProgram } from "../../engine/machine/machine.js";
import type { RunOptions } from "../../engine/machine/core.js";
import { treeOf } from "../../engine/tree/layered-tree.js";
import { projectDir } from "../../scripts/process.mjs";

const text = (path: string): string => readFileSync(join(projectDir, path), "utf8");
const files = { "world.h": text("test/search/world.h"), "world.c": text("test/search/world.c"), "tcs.h": text("engine/kernel/tcs.h") };
const cache = new PpCache();

function parse(main: string, source: string, origin: LinkUnit["origin"]): LinkUnit {
  const { tokens } = preprocess({
    tree: treeOf({ ...files, [main]: source }),
    main,
    includePaths: [""],
    forcedIncludes: main === "test.c" ? ["world.h"] : [],
    defines: [],
    predefined: PREDEFINED,
    supplied: { get: () => undefined },
    cache,
  });
  return { unit: Unit.parse(tokens, main), origin, place: (loc) => cache.sourceMap.place(loc) ?? { file: main, line: 0 } };
}

/** A session on test() of a program whose first line is line 1 of test.c, with shorthands for requests. */
export class TestSession {
  readonly session: DebugSession;
  stop: DebugStop;

  constructor(source: string, spacing = 50) {
    const units = [parse("test.c", source, "tree"), parse("world.c", files["world.c"], "provided")];
    const program = link(units, ["__c_main"]);
    const options: RunOptions = {
      params: {},
      cpus: 4,
      decisions: replay([]),
      limits: { virtualTime: 1e12, steps: 1e8, realMs: 60_000 },
      main: "__c_main",
      host: new Map([["__tcs_outcome", () => 0]]),
    };
    const player = new Player(debugBuild(compileProgram(program, { preemptible: false })), options, { memory: 40_000_000, spacing });
    const journal = Journal.of(player);
    if (journal === undefined) throw new Error("the run is too long");
    this.session = new DebugSession(player, journal, new Names(program, units), () => undefined, undefined);
    this.stop = this.session.enter();
  }

  send(command: DebugCommand): DebugStop {
    const reply = this.session.handle(command);
    if (reply.k !== "stopped") throw new Error(JSON.stringify(reply));
    this.stop = reply.stop;
    return reply.stop;
  }
  move(move: DebugMove): DebugStop {
    return this.send({ c: "move", move, thread: this.stop.thread });
  }
  /** Runs to the first place on a line, from the run's beginning. */
  runTo(line: number): DebugStop {
    this.move("begin");
    this.session.handle({ c: "breakpoints", file: "test.c", breakpoints: [{ line }] });
    return this.move("continue");
  }
  frames(): readonly DebugFrame[] {
    const reply = this.session.handle({ c: "stack", thread: this.stop.thread });
    return reply.k === "stack" ? reply.frames : [];
  }
  /** The innermost frame of the program itself. */
  frame(): number {
    return this.frames().find((f) => !f.provided)?.id ?? 0;
  }
  variables(ref: number, start?: number, count?: number): readonly DebugVariable[] {
    const reply = this.session.handle({ c: "variables", ref, ...(start === undefined ? {} : { start }), ...(count === undefined ? {} : { count }) });
    return reply.k === "variables" ? reply.variables : [];
  }
  scope(kind: string): readonly DebugVariable[] {
    const reply = this.session.handle({ c: "scopes", frame: this.frame() });
    const scope = reply.k === "scopes" ? reply.scopes.find((s) => s.kind === kind) : undefined;
    return scope === undefined ? [] : this.variables(scope.ref);
  }
  /** The value as text, or the message if it is refused. */
  value(expression: string): string {
    const reply = this.session.handle({ c: "evaluate", expression, frame: this.frame() });
    return reply.k === "variables" ? (reply.variables[0]?.value ?? "") : reply.k === "refused" ? reply.message : reply.k;
  }
  open(expression: string, start?: number, count?: number): readonly (readonly [string, string])[] {
    const reply = this.session.handle({ c: "evaluate", expression, frame: this.frame() });
    const ref = reply.k === "variables" ? (reply.variables[0]?.ref ?? 0) : 0;
    return this.variables(ref, start, count).map((v) => [v.name, v.value]);
  }
}
