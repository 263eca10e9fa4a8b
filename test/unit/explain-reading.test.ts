// Pasted kernel logs as people paste them: quoted, wrapped, with every kind of prefix, torn, of other machines, or no log
// at all. The reader reports what is there and never fails.

import { describe, expect, it } from "vitest";
import { commonInOrder, plain } from "../../engine/explain/match.js";
import { readOops } from "../../engine/explain/oops-text.js";

const OOPS = `iommu_table_free: something is left
tce_free: failed
BUG: Unable to handle kernel data access on read at 0xc0080000001c0000
Faulting instruction address: 0xc0000000002ecc3c
Oops: Kernel access of bad area, sig: 11 [#1]
LE PAGE_SIZE=64K MMU=Radix SMP NR_CPUS=8 NUMA pSeries
Modules linked in: some(O)
CPU: 1 UID: 0 PID: 32 Comm: kworker/1:1 Tainted: G           O       6.12.1-test #3
Hardware name: a machine
Workqueue: events late_fn [some]
NIP:  c0000000002ecc3c LR: c0000000000428c0 CTR: c0000000003ed1e0
REGS: c000000002b87970 TRAP: 0300   Tainted: G           O        (6.12.1-test)
GPR00: ffffffffffffffc2 c000000002b87c10 c000000000518000 c0080000001c0000
NIP [c0000000002ecc3c] inner_fn+0x8c/0xe0
LR [c0000000000428c0] middle_fn+0xe8/0x208
Call Trace:
[c000000002b87c10] [c000000000042898] middle_fn+0xc0/0x208 (unreliable)
[c000000002b87ca0] [c000000000044250] outer_fn.isra.0+0x60/0x98
[c000000002b87d50] [c008000000100358] late_fn+0xbc/0x13c [some]
Code: 3900ffff f92afff8 4200ffe4
---[ end trace 0000000000000000 ]---

note: kworker/1:1[32] exited with irqs disabled
usb 1-1: new device`;
const NAMES = ["inner_fn", "middle_fn", "outer_fn", "late_fn"];

const names = (text: string): readonly (readonly string[])[] => readOops(text).reports.map((r) => r.stack.map((f) => f.function));

describe("an oops", () => {
  it("is read with its fault, thread, work and stack, the instruction's function first", () => {
    const read = readOops(OOPS);
    expect(read).toMatchObject({ architecture: "powerpc", release: "6.12.1-test" });
    expect(read.reports).toHaveLength(1);
    expect(read.reports[0]).toMatchObject({
      kind: "oops",
      line: 3,
      fault: { access: "read", where: "vmalloc" },
      thread: "kworker/1:1",
      work: "late_fn",
      before: ["iommu_table_free: something is left", "tce_free: failed"],
    });
    expect(names(OOPS)).toEqual([NAMES]);
    expect(read.reports[0]?.stack.at(-1)?.module).toBe("some");
    expect(read.messages.map((m) => m.text)).toContain("usb 1-1: new device");
  });

  const stamped = OOPS.split("\n").map((l, i) => `[ ${String(3610 + i / 1000)}000] ${l}`);
  const forms: Readonly<Record<string, string>> = {
    "with time stamps": OOPS.split("\n")
      .map((l, i) => `[    1.${String(200000 + i)}] ${l}`)
      .join("\n"),
    "with the caller of each line": OOPS.split("\n")
      .map((l) => `[ 3610.403820][   T97] ${l}`)
      .join("\n"),
    "with dates": OOPS.split("\n")
      .map((l) => `[Wed Feb 19 01:40:05 2025] ${l}`)
      .join("\n"),
    "from syslog": OOPS.split("\n")
      .map((l, i) => `Feb 19 01:40:05 host kernel: [    1.${String(200000 + i)}] ${l}`)
      .join("\n"),
    "from the journal": OOPS.split("\n")
      .map((l) => `2025-02-19T01:40:05.123456+01:00 host kernel: ${l}`)
      .join("\n"),
    "with levels": OOPS.split("\n")
      .map((l) => `<4>[    1.200000] ${l}`)
      .join("\n"),
    "quoted twice": OOPS.split("\n")
      .map((l) => `> > [    1.200000] ${l}`)
      .join("\n"),
    "with CR LF": OOPS.replaceAll("\n", "\r\n"),
    "with colours": OOPS.split("\n")
      .map((l) => `\u001b[33m${l}\u001b[0m`)
      .join("\n"),
    "within a mail": `Hello,\n\nwe saw this:\n\n${stamped.join("\n")}\n\nAny idea? Call me.\n`,
  };
  for (const [form, text] of Object.entries(forms)) {
    it(`is the same ${form}`, () => {
      expect(names(text)).toEqual([NAMES]);
    });
  }

  it("is the same where a mail program wrapped its lines", () => {
    const wrapped = OOPS.split("\n")
      .map((l, i) => `> [    1.${String(200000 + i)}] ${l}`)
      .map((l) => (l.length > 72 ? `${l.slice(0, l.lastIndexOf(" ", 72))}\n> ${l.slice(l.lastIndexOf(" ", 72) + 1)}` : l))
      .join("\n");
    expect(wrapped).not.toBe(OOPS);
    expect(names(wrapped)).toEqual([NAMES]);
  });

  it("is read up to the tear, at any position", () => {
    for (let cut = 0; cut < OOPS.length; cut += 7) {
      for (const text of [OOPS.slice(0, cut), OOPS.slice(cut)]) {
        const { reports } = readOops(text);
        for (const r of reports) for (const f of r.stack) expect(`${NAMES.join(" ")} `).toContain(f.function);
      }
    }
    // Without its head the trace is still read.
    expect(names(OOPS.slice(OOPS.indexOf("Call Trace:")))).toEqual([NAMES.slice(1)]);
    expect(names(OOPS.slice(OOPS.indexOf("[c000000002b87ca0]")))).toEqual([NAMES.slice(2)]);
  });
});

describe("other reports", () => {
  it("keep the allocated and freed stacks of KASAN separate from the access", () => {
    const [report] = readOops(`BUG: KASAN: slab-use-after-free in reader+0x4c/0xdc
Write of size 8 at addr c000000005813308 by task kworker/0:1/10

CPU: 0 UID: 0 PID: 10 Comm: kworker/0:1 Not tainted 6.12.1 #1
Call Trace:
[c000000003517890] [c00000000061bf28] dump_stack_lvl+0xe0/0x148 (unreliable)
[c000000003517ae0] [c000000000057c20] reader+0x4c/0xdc

Allocated by task 68:
 kasan_save_stack+0x48/0x7c
 maker+0x884/0x1230

Freed by task 1:
 kfree+0x11c/0x52c
 ender+0x128/0x198

The buggy address belongs to the object at c000000005813000
==================================================================
`).reports;
    expect(report).toMatchObject({ kind: "kasan", bug: "slab-use-after-free", size: 8, fault: { access: "write", where: "linear" } });
    expect([report?.stack, report?.allocated, report?.freed].map((s) => s?.at(-1)?.function)).toEqual(["reader", "maker", "ender"]);
  });

  it("of other machines are read, without the guesses of their unwinders", () => {
    const x86 = readOops(`BUG: kernel NULL pointer dereference, address: 0000000000000008
#PF: supervisor read access in kernel mode
Oops: 0000 [#1] PREEMPT SMP
CPU: 3 PID: 77 Comm: ip Not tainted 6.6.0 #1
RIP: 0010:inner_fn+0x1c/0x40
RSP: 0018:ffffc90000a37d00 EFLAGS: 00010246
Call Trace:
 <TASK>
 ? __die+0x1f/0x70
 middle_fn+0x2a/0x60
 outer_fn+0x11/0x20 [mod]
 </TASK>
Modules linked in: mod`);
    expect(x86.architecture).toBe("x86");
    expect(x86.reports.map((r) => [r.kind, r.fault?.where, ...r.stack.map((f) => f.function)])).toEqual([
      ["oops", "null", "inner_fn", "middle_fn", "outer_fn"],
    ]);
    const arm = readOops(`Unable to handle kernel paging request at virtual address ffff800012345678
Internal error: Oops: 96000007 [#1] SMP
CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.1.0 #2
pstate: 60400005 (nZCv daif +PAN)
pc : inner_fn+0x10/0x20
lr : middle_fn+0x30/0x60
x29: ffff80000a000000 x28: 0000000000000000
Call trace:
 inner_fn+0x10/0x20
 middle_fn+0x30/0x60
 el0_svc+0x2c/0x54
---[ end trace 0000000000000000 ]---`);
    expect(arm.architecture).toBe("arm64");
    expect(arm.reports.map((r) => r.stack.map((f) => f.function))).toEqual([["inner_fn", "middle_fn", "el0_svc"]]);
  });

  it("are not found in text that is no log, which is read quickly", () => {
    for (const text of [
      "",
      "\n\n",
      "Call Trace: is what I would like to see",
      "BUG: I think",
      "\u0000\ufffd".repeat(1000),
      "[".repeat(100_000),
      "> ".repeat(50_000),
    ])
      expect(readOops(text).reports).toEqual([]);
    const lines = Array.from({ length: 200_000 }, (_, i) => `[ ${String(i)}.000001] line ${String(i)}: all is well`).join("\n");
    const t0 = process.cpuUsage().user;
    expect(readOops(lines).reports).toEqual([]);
    expect((process.cpuUsage().user - t0) / 1e6).toBeLessThan(5);
  });
});

describe("comparing", () => {
  it("matches functions in order, whatever is between them", () => {
    expect(commonInOrder(["a", "b", "c", "d"], ["x", "a", "y", "c", "b", "d"]).length).toBe(3);
    expect(commonInOrder(["a", "b"], ["b", "a"]).length).toBe(1);
    expect(commonInOrder(["a", "b", "c"], ["a", "c"]).taken).toEqual([true, false, true]);
    expect(commonInOrder([], ["a"]).length).toBe(0);
  });

  it("ignores numbers and addresses of a message", () => {
    expect(plain("\tindex   = 0x70000016")).toBe(plain("index = 0x80000100"));
    expect(plain("rc = -4")).toBe(plain("rc      = -5"));
    expect(plain("all is well")).not.toBe(plain("all is lost"));
  });
});
