// The result of a bad access, a bad free or a BUG: the finding, whether the thread continues, and the kernel log.

import { describe, expect, it } from "vitest";
import { replay } from "../../engine/machine/decisions.js";
import { compileProgram, runMachine } from "../../engine/machine/machine.js";
import type { RunOutcome } from "../../engine/machine/outcome.js";
import type { Inst } from "../../engine/c/ir/ir.js";
import { bin, branch, i32, i64, jump, local, ProgramBuilder, ret, set, sym } from "./machine-ir.js";

const SLAB = 0;
const VMALLOC = 1;

function run(b: ProgramBuilder): RunOutcome {
  return runMachine(compileProgram(b.link(), { preemptible: false }), {
    params: { hold: 3_000_000_000n },
    cpus: 2,
    decisions: replay([]),
    limits: { virtualTime: 1e12, steps: 1e9, realMs: 10_000 },
    main: "main",
    release: "6.12.117",
  });
}

/** main() runs the instructions with locals 0 (pointer), 1 (i64), 2 (i32), then logs "on". */
function straight(make: (b: ProgramBuilder) => readonly Inst[]): RunOutcome {
  const b = new ProgramBuilder();
  b.global("on", "on");
  b.global("text", "Something is wrong.");
  b.fn("main", (f) => ({ locals: ["i64", "i64", "i32"], blocks: [[[...make(f), f.call(-1, "__tcs_log", i32(6), sym("on"), i64(2))], ret()]] }));
  return run(b);
}

const continued = (outcome: RunOutcome): boolean => outcome.log.some((entry) => entry.endsWith("] on"));

describe("an access", () => {
  it("to a live object is no finding, nor to its last byte", () => {
    const outcome = straight((b) => [
      b.call(0, "__tcs_alloc", i64(13), i64(8), i32(SLAB)),
      b.load(2, "i8u", local(0), 12),
      b.store("i32u", local(0), i32(1), 8),
    ]);
    expect(outcome.outcome).toBe("clean");
  });

  it("past the end of a slab object is silent", () => {
    const outcome = straight((b) => [b.call(0, "__tcs_alloc", i64(13), i64(8), i32(SLAB)), b.load(2, "i8u", local(0), 13)]);
    expect(outcome.findings.map(({ kind, severity, message }) => [kind, severity, message])).toEqual([
      ["out-of-bounds", "silent", "Read of 1 byte 0 bytes past the end of a 13-byte slab object (load2)."],
    ]);
    expect(continued(outcome)).toBe(true);
  });

  it("across the end of an object is reported, aligned or not", () => {
    for (const off of [4, 6]) {
      const outcome = straight((b) => [
        b.call(0, "__tcs_alloc", i64(13), i64(8), i32(SLAB)),
        b.store("i64", local(0), i64(0), off),
        b.store("i64", local(0), i64(0), 8),
      ]);
      expect(outcome.findings.map(({ kind, object }) => [kind, object?.offset])).toEqual(
        off === 4
          ? [["out-of-bounds", 8]]
          : [
              ["out-of-bounds", 6],
              ["out-of-bounds", 8],
            ],
      );
    }
  });

  it("to kfree'd memory is silent, with both histories, and reads the old content", () => {
    const outcome = straight((b) => [
      b.call(0, "__tcs_alloc", i64(64), i64(8), i32(SLAB)),
      b.store("i64", local(0), i64(7), 16),
      b.call(-1, "__tcs_free", local(0), i32(SLAB)),
      b.load(1, "i64", local(0), 16),
      b.store("i64", local(0), local(1), 24),
    ]);
    const [first] = outcome.findings;
    expect(first?.kind).toBe("use-after-free");
    expect(first?.severity).toBe("silent");
    expect(first?.message).toBe("Read of 8 bytes at offset 16 of a freed 64-byte slab object (load1).");
    expect(first?.object).toEqual({ kind: "slab", size: 64, offset: 16 });
    expect(first?.allocated?.stack[0]).toMatchObject({ function: "main", file: "test.c", line: 1 });
    expect(first?.freed?.stack[0]).toMatchObject({ function: "main", line: 3 });
    expect(first?.line).toBe(4);
    expect(continued(outcome)).toBe(true);
  });

  it("to vfree'd memory is an oops that ends the thread", () => {
    const outcome = straight((b) => [
      b.call(0, "__tcs_alloc", i64(8192), i64(4096), i32(VMALLOC)),
      b.call(-1, "__tcs_free", local(0), i32(VMALLOC)),
      b.store("i64", local(0), i64(0), 8),
    ]);
    expect(outcome.findings.map(({ kind, severity }) => [kind, severity])).toEqual([["use-after-free", "oops"]]);
    expect(continued(outcome)).toBe(false);
    const log = outcome.log.map((entry) => entry.slice(15));
    expect(log[0]).toMatch(/^BUG: Unable to handle kernel data access on write at 0xc0080000[0-9a-f]{8}$/);
    expect(log[1]).toMatch(/^Faulting instruction address: 0xc0000000[0-9a-f]{8}$/);
    expect(log[2]).toBe("Oops: Kernel access of bad area, sig: 11 [#1]");
    expect(log).toContain("CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 6.12.117 #1");
    expect(log.find((entry) => entry.startsWith("NIP ["))).toMatch(/^NIP \[[0-9a-f]{16}\] main\+0x[0-9a-f]+\/0x[0-9a-f]+$/);
  });

  it("through a null or wild pointer, or past all memory, is an oops", () => {
    const cases = [
      [i64(0x10), "null-dereference"],
      [i64(0x6b6b6b6b6b6b6b6bn), "wild-access"],
      [i64(0xc000000003fffffcn), "wild-access"],
      [i64(0xc000000004000000n), "wild-access"],
      [i64(0xc000000002000000n), "wild-access"],
      [i64(0xc0000000n), "wild-access"],
      [sym("main"), "wild-access"],
    ] as const;
    for (const [address, kind] of cases) {
      const outcome = straight((b) => [set(0, address), b.load(1, "i64", local(0))]);
      expect(outcome.findings.map((finding) => finding.kind)).toEqual([kind]);
      expect(continued(outcome)).toBe(false);
    }
  });

  it("past the end of a global is silent and names the global", () => {
    const outcome = straight((b) => {
      b.global("table", 24);
      return [set(0, sym("table")), b.load(1, "i64", local(0), 16), b.load(1, "i64", local(0), 24), b.load(2, "i8u", local(0), 25)];
    });
    expect(outcome.findings.map(({ message, severity, object }) => [message, severity, object])).toEqual([
      ["Read of 8 bytes 0 bytes past the end of table (load1).", "silent", { kind: "global", size: 24, offset: 24 }],
      ["Read of 1 byte 1 byte past the end of table (load2).", "silent", { kind: "global", size: 24, offset: 25 }],
    ]);
  });

  it("by a copy is checked in both ranges", () => {
    const outcome = straight((b) => [
      b.call(0, "__tcs_alloc", i64(64), i64(8), i32(SLAB)),
      b.call(1, "__tcs_alloc", i64(32), i64(8), i32(SLAB)),
      b.copy(local(0), local(1), 40),
    ]);
    expect(outcome.findings.map(({ kind, access }) => [kind, access?.type, access?.size])).toEqual([["out-of-bounds", "read", 40]]);
  });

  it("repeated at the same place is only counted", () => {
    const b = new ProgramBuilder();
    b.fn("main", (f) => ({
      locals: ["i64", "i64", "i64"],
      blocks: [
        [[f.call(0, "__tcs_alloc", i64(64), i64(8), i32(SLAB)), f.call(-1, "__tcs_free", local(0), i32(SLAB))], jump(1)],
        [[f.load(1, "i64", local(0)), set(2, bin("i64.add", local(2), i64(1)))], branch(bin("i64.lt_u", local(2), i64(5)), 1, 2)],
        [[], ret()],
      ],
    }));
    expect(run(b).findings.map(({ count }) => count)).toEqual([5]);
  });
});

describe("a call through a pointer", () => {
  it("through a null pointer, into the middle of a function or to another type ends the thread", () => {
    const cases = [
      [i64(0), "null-dereference", "Call through a null pointer (pointer)."],
      [sym("main", 4), "wild-access", "Call to an address that is not a function (pointer)."],
      [sym("other"), "wild-access", "Call to a function of another type (pointer)."],
    ] as const;
    for (const [target, kind, message] of cases) {
      const outcome = straight((b) => {
        b.fn("other", () => ({ params: ["i32", "i32"], blocks: [[[], ret()]] }));
        return [set(0, target), b.callPointer(1, local(0), ["i64"], "i64", i64(1))];
      });
      expect(outcome.findings.map((finding) => [finding.kind, finding.message])).toEqual([[kind, message]]);
      expect(continued(outcome)).toBe(false);
    }
  });
});

describe("a free", () => {
  it("twice, of the middle of an object, or of no object is a finding", () => {
    const outcome = straight((b) => [
      b.call(0, "__tcs_alloc", i64(64), i64(8), i32(SLAB)),
      b.call(-1, "__tcs_free", bin("i64.add", local(0), i64(8)), i32(SLAB)),
      b.call(-1, "__tcs_free", local(0), i32(SLAB)),
      b.call(-1, "__tcs_free", local(0), i32(SLAB)),
      b.call(-1, "__tcs_free", i64(0), i32(SLAB)),
      b.call(-1, "__tcs_free", sym("on"), i32(SLAB)),
    ]);
    expect(outcome.findings.map(({ kind, message }) => [kind, message])).toEqual([
      ["invalid-free", "Invalid free of a pointer 8 bytes into a 64-byte slab object."],
      ["double-free", "Double free of a 64-byte slab object."],
      ["invalid-free", "Invalid free of a pointer that was never allocated."],
    ]);
    expect(continued(outcome)).toBe(true);
  });
});

describe("a report by kernel code", () => {
  it("of a BUG ends the thread, of a WARN does not", () => {
    const warn = straight((b) => [b.call(-1, "__tcs_finding", i32(1), sym("text"))]);
    expect(warn.findings.map(({ kind, severity, message }) => [kind, severity, message])).toEqual([["warn", "warning", "Something is wrong."]]);
    expect(warn.log.some((entry) => entry.includes(" WARNING: CPU: 0 PID: 1 at test.c:1 main+0x"))).toBe(true);
    expect(continued(warn)).toBe(true);
    const bug = straight((b) => [b.call(-1, "__tcs_finding", i32(0), sym("text"))]);
    expect(bug.log.some((entry) => entry.endsWith("kernel BUG at test.c:1!"))).toBe(true);
    expect(continued(bug)).toBe(false);
  });
});

describe("a call trace", () => {
  it("lists the callers, innermost first, without inline functions and the engine's own", () => {
    const b = new ProgramBuilder();
    b.fn("__tcs_provide_dump_stack_lvl", (f) => ({ origin: "provided", blocks: [[[f.call(-1, "__tcs_dump_stack")], ret()]] }));
    b.fn("tce_free", (f) => ({ blocks: [[[f.call(-1, "__tcs_provide_dump_stack_lvl")], ret()]] }));
    b.fn("helper", (f) => ({ inline: true, blocks: [[[f.call(-1, "tce_free")], ret()]] }));
    b.fn("unmap", (f) => ({ frame: 32, blocks: [[[f.call(-1, "helper")], ret()]] }));
    b.global("work", "Workqueue: events late_fn");
    b.fn("main", (f) => ({ blocks: [[[f.call(-1, "__tcs_phase", sym("work"), i32(1)), f.call(-1, "unmap")], ret()]] }));
    const log = run(b).log.map((entry) => entry.slice(15));
    expect(log.slice(0, 4)).toEqual([
      "CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 6.12.117 #1",
      "Hardware name: TCE Scope simulated pSeries",
      "Workqueue: events late_fn",
      "Call Trace:",
    ]);
    const names = log.slice(4).map((entry) => /^\[c[0-9a-f]{15}\] \[c[0-9a-f]{15}\] (\w+)\+0x[0-9a-f]+\/0x[0-9a-f]+( \(unreliable\))?$/.exec(entry)?.slice(1));
    expect(names).toEqual([
      ["dump_stack_lvl", " (unreliable)"],
      ["tce_free", undefined],
      ["unmap", undefined],
      ["main", undefined],
    ]);
    const sps = log.slice(4).map((entry) => Number.parseInt(entry.slice(9, 17), 16));
    expect([...sps].sort((x, y) => x - y)).toEqual(sps);
  });
});

describe("the timeline", () => {
  it("records hypercalls, maps, occupancy with the tree's line, phases, sleeps and the detach", () => {
    const b = new ProgramBuilder();
    b.global("phase", "detach");
    b.global("hold", "hold");
    b.fn("world", (f) => ({
      origin: "provided",
      blocks: [
        [
          [
            f.call(-1, "__tcs_event", i32(0), i64(0x20), i64(0x70000016), i64(3), i64(1), i64(-4n)),
            f.call(-1, "__tcs_event", i32(7), i64(5), i64(0), i64(0), i64(0), i64(0)),
          ],
          ret(),
        ],
      ],
    }));
    b.fn("tree", (f) => ({
      locals: ["i32", "i64"],
      blocks: [
        [
          [
            f.call(-1, "world"),
            f.call(-1, "__tcs_event", i32(5), i64(0), i64(0), i64(0), i64(0), i64(0)),
            f.call(1, "__tcs_param", sym("hold"), i64(1)),
            f.call(0, "__tcs_wait", i64(1), local(1), i32(0)),
            f.call(-1, "__tcs_event", i32(6), i64(0), i64(0), i64(0), i64(0), i64(0)),
          ],
          ret(),
        ],
      ],
    }));
    b.fn("main", (f) => ({
      blocks: [[[f.call(-1, "__tcs_phase", sym("phase"), i32(1)), f.call(-1, "tree"), f.call(-1, "__tcs_phase", sym("phase"), i32(0))], ret()]],
    }));
    const outcome = run(b);
    expect(outcome.detach).toEqual({ start: 0, end: 3e9 });
    expect(outcome.mappedAtDetach).toBe(5);
    expect(outcome.occupancy).toEqual([{ t: 0, mapped: 5, bits: 0, site: { function: "tree", file: "test.c", line: 3 } }]);
    expect(outcome.timeline.events[0]).toMatchObject({
      k: "hcall",
      name: "H_PUT_TCE",
      liobn: 0x70000016,
      index: 3,
      count: 1,
      rc: -4,
      site: { function: "tree" },
    });
    expect(outcome.timeline.spans).toContainEqual({ thread: 1, start: 0, end: 3e9, kind: "phase", name: "detach" });
    expect(outcome.timeline.spans).toContainEqual({
      thread: 1,
      start: 0,
      end: 3e9,
      kind: "sleep",
      name: "tree",
      site: { function: "tree", file: "test.c", line: 6 },
    });
  });
});
