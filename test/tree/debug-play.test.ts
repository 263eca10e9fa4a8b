// A recorded run of a real tree in the debugger: stopping and stepping do not change the run, and each stop shows what the
// tree's code was doing.

import { describe, expect, it } from "vitest";
import { debugBuild } from "../../engine/debug/build.js";
import { openSession } from "../../engine/debug/open.js";
import { Player } from "../../engine/debug/player.js";
import type { DebugCommand, DebugFrame, DebugStop, DebugVariable } from "../../engine/debug/messages.js";
import type { DebugSession } from "../../engine/debug/session.js";
import { replay } from "../../engine/machine/decisions.js";
import { Machine } from "../../engine/machine/machine.js";
import { Judge } from "../../engine/review/judge.js";
import { load, recordedBuild, runOptions } from "../../engine/review/run-variant.js";
import { readWitness } from "../../engine/review/witness.js";
import { makeScenario } from "../../engine/scenario/scenario.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { reviewHost, KERNEL, runReview, mailPatch, openTree } from "./trees.js";

function stopOf(session: DebugSession, command: DebugCommand): DebugStop {
  const reply = session.handle(command);
  if (reply.k !== "stopped") throw new Error(JSON.stringify(reply));
  return reply.stop;
}
const move = (session: DebugSession, to: Extract<DebugCommand, { c: "move" }>["move"], thread?: number): DebugStop =>
  stopOf(session, { c: "move", move: to, ...(thread === undefined ? {} : { thread }) });

function variablesOf(session: DebugSession, ref: number): readonly DebugVariable[] {
  const reply = session.handle({ c: "variables", ref });
  if (reply.k !== "variables") throw new Error(JSON.stringify(reply));
  return reply.variables;
}

/** Scopes of a thread's innermost frame in the tree. */
function scopesOf(session: DebugSession, thread: number): ReadonlyMap<string, readonly DebugVariable[]> {
  const stack = session.handle({ c: "stack", thread });
  if (stack.k !== "stack") throw new Error("no stack");
  const frame = stack.frames.find((f) => !f.provided);
  const scopes = session.handle({ c: "scopes", frame: frame?.id ?? 0 });
  if (scopes.k !== "scopes") throw new Error("no scopes");
  return new Map(scopes.scopes.map((s) => [s.kind, variablesOf(session, s.ref)]));
}

function framesOf(session: DebugSession, thread: number): readonly DebugFrame[] {
  const stack = session.handle({ c: "stack", thread });
  return stack.k === "stack" ? stack.frames : [];
}

const lineText = (text: string, line: number | undefined): string => text.split("\n")[(line ?? 0) - 1] ?? "";

async function openDebugSession(tree: SourceTree): Promise<{ readonly session: DebugSession; readonly text: (path: string) => string }> {
  const { result } = await runReview(tree, {});
  const oops = result.before.findings.find((f) => f.severity === "oops");
  if (oops === undefined) throw new Error("no oops");
  const run = await openSession({ tree, witness: result.before.witness, finding: oops }, reviewHost());
  if (!run.ok) throw new Error(run.error.map((p) => p.message).join());
  return { session: run.value.session, text: (path) => tree.read(path) ?? "" };
}

function valueOf(session: DebugSession, expression: string, frame: number | undefined): string {
  const reply = session.handle({ c: "evaluate", expression, ...(frame === undefined ? {} : { frame }) });
  return reply.k === "variables" ? (reply.variables[0]?.value ?? "") : reply.k === "refused" ? reply.message : "";
}

const mail = mailPatch();

for (const series of ["6.12", "6.1"] as const) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined || mail === undefined)(`Linux ${series}`, () => {
    if (tree === undefined) return;

    it.each(["late-unmap:-:before:x:-", "late-unmap:-:before:x:6113"])("plays the recorded run, wherever it was stopped before (%s)", async (text) => {
      const witness = readWitness(text);
      const scenario = makeScenario("late-unmap", {});
      if (!scenario.ok || !witness.ok) throw new Error("no scenario");
      const compiled = await new Judge(reviewHost(), scenario.value, series).compile(tree, () => undefined);
      if (!compiled.ok) throw new Error(compiled.error.message);
      const l = load(compiled.value);
      const { decisions } = witness.value;
      const build = recordedBuild(l, decisions.length > 0);
      const options = runOptions(l, scenario.value, series, replay(decisions));
      const machine = new Machine(build, options);
      while (machine.step());
      const recorded = machine.outcome();
      machine.release();
      const player = new Player(debugBuild(build), { ...options, decisions: replay(decisions) });
      player.goTo(Number.MAX_SAFE_INTEGER);
      expect(player.machine.outcome()).toEqual(recorded);
      const end = player.position;
      // Back and forth in steps of all sizes, then at each of 500 consecutive positions.
      for (let i = 1; i < 40; i++) player.goTo(1 + ((i * 7919) % end));
      player.goTo(Math.floor(end / 2));
      for (let i = 0; i < 500; i++) player.goTo(player.position + 1);
      player.goTo(Number.MAX_SAFE_INTEGER);
      expect(player.position).toBe(end);
      expect(player.machine.outcome()).toEqual(recorded);
      player.release();
    });

    it("stops before the oops, shows stack and values there, and runs back to the free", async () => {
      const { session, text } = await openDebugSession(tree);
      const stop = session.enter();
      expect(stop).toMatchObject({ reason: "entry", at: { function: "__bitmap_clear", file: "lib/bitmap.c" } });
      expect(stop.text).toMatch(/^Stopped before: .*freed \d+-byte vmalloc area/);
      expect(framesOf(session, stop.thread).map((f) => f.function)).toEqual(
        expect.arrayContaining(["__bitmap_clear", "__iommu_free", "iommu_free", "iommu_unmap_page"]),
      );
      const scopes = scopesOf(session, stop.thread);
      const map = scopes.get("arguments")?.find((v) => v.name === "map");
      expect(map).toMatchObject({ type: "unsigned long *" });
      expect(map?.value).toMatch(/^0xc00800[0-9a-f]{10} → freed vmalloc area, freed by drmgr in iommu_table_free \(iommu\.c:\d+\)$/);
      expect(scopes.get("table")?.map((v) => v.value)).toEqual(
        expect.arrayContaining([expect.stringMatching(/bits set, 0 TCEs held by the hypervisor {2}⚠ freed by drmgr/)]),
      );
      expect(scopes.get("machine")?.find((v) => v.name === "spin locks held")?.value).toBe("1");

      // The caller's frame is read the same way.
      const caller = framesOf(session, stop.thread).find((f) => f.function === "__iommu_free");
      expect(lineText(text(KERNEL), caller?.line)).toContain("bitmap_clear(tbl->it_map");
      expect(valueOf(session, "tbl->it_map == (unsigned long *)0", caller?.id)).toBe("0");
      expect(valueOf(session, "tbl->it_size", caller?.id)).toMatch(/^4096 {2}⚠ freed slab object, freed by drmgr/);
      expect(valueOf(session, "sizeof(*tbl) / 8 * 8 == sizeof(struct iommu_table)", caller?.id)).toBe("1");
      expect(valueOf(session, "tbl->it_size = 1", caller?.id)).toContain("read-only");
      expect(valueOf(session, "tbl->no_such", caller?.id)).toContain("no member");

      const free = move(session, "free");
      expect(free.at?.function).toBe("iommu_table_free");
      expect(lineText(text(KERNEL), free.at?.line)).toContain("free(tbl->it_map)");
      const table = framesOf(session, free.thread).find((f) => f.function === "iommu_table_free");
      expect(valueOf(session, "tbl->it_kref.refcount.refs.counter", table?.id)).toBe("0");
      expect(valueOf(session, "tbl->it_map", table?.id)).not.toContain("freed");
      // On the next line the map is freed; one line back it is not.
      const over = move(session, "over");
      expect(over.at?.line).toBeGreaterThan(free.at?.line ?? 0);
      const freed = framesOf(session, over.thread).find((f) => f.function === "iommu_table_free");
      expect(valueOf(session, "tbl->it_map", freed?.id)).toContain("freed vmalloc area");
      const back = move(session, "back");
      expect(back.at?.line).toBe(free.at?.line);
      expect(valueOf(session, "tbl->it_map", framesOf(session, back.thread).find((f) => f.function === "iommu_table_free")?.id)).not.toContain("freed");
      expect(move(session, "use").at).toEqual(stop.at);
      session.close();
    });

    it("stops at breakpoints in both directions, with conditions and hit counts", async () => {
      const { session } = await openDebugSession(tree);
      session.enter();
      move(session, "begin");
      session.handle({ c: "finding-breakpoints", severities: [] });
      const set = session.handle({ c: "function-breakpoints", breakpoints: [{ name: "iommu_map_page" }] });
      expect(set).toMatchObject({ breakpoints: [{ verified: true, file: KERNEL }] });
      const stops: DebugStop[] = [];
      for (let s = move(session, "continue"); s.reason === "function breakpoint"; s = move(session, "continue")) stops.push(s);
      expect(stops.length).toBeGreaterThan(4);
      expect(stops.every((s) => s.at?.function === "iommu_map_page")).toBe(true);
      expect(stops.every((s, i) => i === 0 || s.position > (stops[i - 1]?.position ?? 0))).toBe(true);
      const back: DebugStop[] = [];
      for (let s = move(session, "reverse-continue"); s.reason === "function breakpoint"; s = move(session, "reverse-continue")) back.push(s);
      expect(back.reverse().map((s) => s.position)).toEqual(stops.map((s) => s.position));
      const [at] = stops;
      session.handle({ c: "function-breakpoints", breakpoints: [{ name: "iommu_map_page", condition: "size > 1000000" }] });
      expect(move(session, "continue").reason).toBe("end");
      move(session, "begin");
      session.handle({ c: "function-breakpoints", breakpoints: [{ name: "iommu_map_page", condition: "tbl->it_size == 4096", hits: "3" }] });
      expect(move(session, "continue").position).toBe(stops[2]?.position);
      session.handle({ c: "function-breakpoints", breakpoints: [] });
      move(session, "begin");
      session.handle({ c: "breakpoints", file: KERNEL, breakpoints: [{ line: at?.at?.line ?? 0 }] });
      expect(move(session, "continue")).toMatchObject({ reason: "breakpoint", position: at?.position });
      // Step into, step out, and step by visible operations.
      const inside = move(session, "into");
      expect(inside.position).toBeGreaterThan(at?.position ?? 0);
      expect(move(session, "out").thread).toBe(inside.thread);
      const operation = move(session, "operation");
      expect(move(session, "operation-back").position).toBeLessThan(operation.position);
      expect(stopOf(session, { c: "to-time", t: operation.t }).t).toBe(operation.t);
      session.close();
    });

    it("reads memory and describes it", async () => {
      const { session } = await openDebugSession(tree);
      const stop = session.enter();
      const map = scopesOf(session, stop.thread)
        .get("arguments")
        ?.find((v) => v.name === "map");
      const memory = session.handle({ c: "memory", address: map?.address ?? "", offset: 0, count: 64 });
      expect(memory).toMatchObject({ k: "memory", unreadable: 0 });
      expect(memory.k === "memory" ? memory.note : "").toMatch(/^freed vmalloc area/);
      expect(session.handle({ c: "memory", address: "0x0000000000000010", offset: 0, count: 8 })).toMatchObject({ k: "memory", unreadable: 8 });
      expect(session.handle({ c: "memory", address: "main", offset: 0, count: 8 })).toMatchObject({ k: "refused" });
      const threads = session.handle({ c: "threads" });
      expect(threads.k === "threads" ? threads.threads.map((t) => t.state) : []).toContain("running");
      session.close();
    });

    it("plays a run of the patched tree with a preemption, and rejects a witness of a different program", async () => {
      const { result } = await runReview(tree, {
        patch: mail,
        set: { late: "1", buffers: "2" },
        search: { algorithm: "exhaustive", preemptions: 1, executions: 100_000, depth: 3, budgetMs: 120_000 },
      });
      const unlock = result.after?.findings.find((f) => f.function === "__iommu_free" && f.access?.type === "write");
      if (unlock === undefined || mail === undefined) throw new Error("the search finds no use after free");
      const run = await openSession({ tree, patch: mail, witness: unlock.witness, finding: unlock }, reviewHost());
      if (!run.ok) throw new Error(run.error.map((p) => p.message).join());
      expect(run.value.variant).toBe("after");
      const stop = run.value.session.enter();
      expect(stop).toMatchObject({ at: { line: unlock.line, function: "__iommu_free" }, t: unlock.t });
      // The delayed thread is at the line of the unlock while the other thread frees the table.
      const free = move(run.value.session, "free");
      expect(free.thread).not.toBe(stop.thread);
      expect(framesOf(run.value.session, stop.thread).map((f) => f.function)).toContain("__iommu_free");
      run.value.session.close();
      const stale = await openSession({ tree, witness: unlock.witness.replace(":after:", ":before:") }, reviewHost());
      expect(stale).toMatchObject({ ok: false, error: [{ code: "witness-stale" }] });
    });
  });
}
