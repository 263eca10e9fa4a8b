// The comparison of logs allows the differences between a simulated and a real kernel, and no others.

import { describe, expect, it } from "vitest";
import { compareLogs } from "../../scripts/compare-logs.mjs";

const BEGIN = "[    0.100000] tcetest 0001:00:00.0: ibm,query-pe-dma-windows(2026) 0 8000000 20000001 returned 0, lb=1000 ps=3 wn=0";

function frame(name: string, address: string): string {
  return `[    4.000000] [c000000000${address}] [c0000000000${address.slice(1)}] ${name}+0x${address.slice(0, 2)}/0x100`;
}

const real = [
  "[    0.000000] Linux version",
  BEGIN,
  "[    1.100000] tcetest: the test's own line",
  "[    1.200000] iommu_table_free: Unexpected TCEs",
  "[    4.000000] CPU: 1 UID: 0 PID: 32 Comm: kworker/1:1 Tainted: G           O       6.12.117-t-plain #3 ",
  "[    4.000000] Hardware name: IBM pSeries (emulated by qemu)",
  "[    4.000000] Call Trace:",
  frame("dump_stack_lvl", "123456"),
  frame("__iommu_free", "234567"),
  frame("process_one_work", "345678"),
  frame("start_kernel_thread", "456789"),
  "[    4.100000] GPR00: ffffffffffffffc2 c000000002b87c10 c000000000518000 c0080000001c0000 ",
  "[    4.200000] BUG: Unable to handle kernel data access on read at 0xc0080000001c0000",
];

const engine = [
  "[    0.010000] IOMMU table initialized, virtual merging enabled",
  BEGIN,
  "[    0.080000] iommu_table_free: Unexpected TCEs",
  "[    3.000000] CPU: 0 UID: 0 PID: 3 Comm: kworker/0:1 Not tainted 6.12.117 #1",
  "[    3.000000] Hardware name: another",
  "[    3.000000] Call Trace:",
  frame("__iommu_free", "aaaaaa"),
  frame("process_one_work", "bbbbbb"),
  "[    3.000000] BUG: Unable to handle kernel data access on read at 0xc008000000160018",
];

const agree = (theirs: readonly string[], ours: readonly string[]): boolean => compareLogs(theirs, ours, { hz: 250 }).agree;
const changed = (index: number, line: string): readonly string[] => engine.map((l, i) => (i === index ? line : l));
const waits = (from: number, count: number, gap: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `[    ${(from + i * gap).toFixed(6)}] iommu_table_free: Unexpected TCEs, wait for 50ms`);

describe("the comparison of logs", () => {
  it("ignores addresses, numbers, names of the machine, registers, and lines of the test", () => {
    expect(compareLogs(real, engine, { hz: 250 })).toMatchObject({ agree: true });
  });

  it("reports a line that is missing, new, or out of order", () => {
    expect(agree(real, engine.slice(0, -1))).toBe(false);
    expect(agree(real, [...engine, "[    3.100000] iommu_free: invalid entry"])).toBe(false);
    expect(agree(real, [engine[0] ?? "", BEGIN, ...engine.slice(3), engine[2] ?? ""])).toBe(false);
  });

  it("reports a different function in a trace, a different field, a different access", () => {
    expect(agree(real, changed(6, frame("iommu_unmap_page", "aaaaaa")))).toBe(false);
    expect(agree(real, changed(2, "[    0.080000] iommu_table_free: Unexpected TCE"))).toBe(false);
    expect(agree(real, changed(8, "[    3.000000] BUG: Unable to handle kernel data access on write at 0xc008000000160018"))).toBe(false);
  });

  it("accepts differences in the number of wait lines only within the timer's rounding", () => {
    const theirs = [...real.slice(0, 2), ...waits(1.2, 56, 0.058)];
    const ours = (count: number, gap: number): readonly string[] => [...engine.slice(0, 2), ...waits(0.08, count, gap)];
    expect(agree(theirs, ours(57, 0.056))).toBe(true);
    expect(agree(theirs, ours(54, 0.06))).toBe(true);
    expect(agree(theirs, ours(40, 0.058))).toBe(false);
    expect(agree(theirs, ours(70, 0.056))).toBe(false);
    expect(agree(theirs, ours(56, 0.07))).toBe(false);
    expect(agree(theirs, engine.slice(0, 2))).toBe(false);
  });

  it("compares KASAN reports by kind, function and bytes", () => {
    const report = (fn: string, at: number): readonly string[] => [
      `[    9.000000] BUG: KASAN: slab-use-after-free in ${fn}+0x4c/0xdc`,
      "[    9.000000] Read of size 8 at addr c000000005813308 by task kworker/0:1/10",
      `[    9.000000] The buggy address is located ${String(at)} bytes inside of`,
    ];
    const kasan = (theirs: readonly string[], ours: readonly string[]): boolean =>
      compareLogs([BEGIN, ...theirs], [BEGIN, ...ours], { hz: 250, kasan: true }).agree;
    const both = [...report("iommu_unmap_page", 776), ...report("__iommu_free", 40)];
    expect(kasan(both, both)).toBe(true);
    expect(kasan(both, report("iommu_unmap_page", 776))).toBe(false);
    expect(kasan(both, [...report("iommu_unmap_page", 776), ...report("__iommu_free", 48)])).toBe(false);
    expect(kasan(both, [...report("__iommu_free", 40), ...report("iommu_unmap_page", 776)])).toBe(false);
  });
});
