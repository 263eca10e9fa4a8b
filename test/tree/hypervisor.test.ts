// Hypervisor and firmware follow LoPAR 2.9 (14.5.4.2, 7.3.27): a custom actor calls them directly. Also checks the removal of
// a window that has valid TCEs.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { withEdit, messages, PSERIES, runReview, openTree } from "./trees.js";

/** Runs `code` in an actor after boot with one slot and its driver. Returns the lines `call = result` that it logs. */
async function runCalls(
  tree: SourceTree,
  code: string,
  set: Readonly<Record<string, string>> = {},
): Promise<{ readonly v: VariantResult; readonly results: readonly string[] }> {
  const text = `#include "../world/all.c"
WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);
#define ASK(call) pr_info("%s = %ld\\n", #call, (long)(call))
#define LIOBN 0x70000016UL
#define DEFAULT 0x80000100UL
#define PUT(liobn, at, tce) plpar_hcall_norets(H_PUT_TCE, (unsigned long)(liobn), (unsigned long)(at), (unsigned long)(tce))
#define STUFF(liobn, at, tce, n) plpar_hcall_norets(H_STUFF_TCE, (unsigned long)(liobn), (unsigned long)(at), (unsigned long)(tce), (unsigned long)(n))
static unsigned long got[4];
#define GET(liobn, at) plpar_hcall(H_GET_TCE, got, (unsigned long)(liobn), (unsigned long)(at))
static int out[8];
#define QUERY(nret) rtas_call(0x2026, 3, nret, out, 0, 0x8000000, 0x20000001)
#define CREATE(shift, size) rtas_call(0x2027, 5, 4, out, 0, 0x8000000, 0x20000001, shift, size)
#define REMOVE(liobn) rtas_call(0x2028, 1, 1, NULL, (unsigned int)(liobn))
#define RESET() rtas_call(0x2029, 3, 1, NULL, 0, 0x8000000, 0x20000001)
void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	${code}
}
`;
  const v = (await runReview(tree, { own: { name: "asks.c", text }, set: { late: "0", buffers: "1", ...set } })).result.before;
  return { v, results: messages(v.log).filter((line) => /^[A-Z]+\(.*\) = |^out /.test(line)) };
}

for (const series of ["6.12", "6.1"]) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined)(`hypervisor and firmware, Linux ${series}`, () => {
    if (tree === undefined) return;

    it("accept TCEs only for the partition's memory, within the window, at most 512 at once", async () => {
      const { results } = await runCalls(
        tree,
        `ASK(PUT(LIOBN, 0x100000, 0x200003));
         ASK(GET(LIOBN, 0x100000)); pr_info("out %lx\\n", got[0]);
         ASK(PUT(LIOBN, 0x100000, 0x4000000000003));
         ASK(PUT(LIOBN, 0x100000, 0x4000000000000));
         ASK(PUT(LIOBN, 0x10000000, 0x200003));
         ASK(PUT(0x70000099, 0, 0x200003));
         ASK(STUFF(LIOBN, 0, 0, 512));
         ASK(STUFF(LIOBN, 0, 0, 513));
         ASK(STUFF(LIOBN, 0xfff0000, 0, 2));
         ASK(STUFF(LIOBN, 0, 0x4000000000003, 1));
         ASK(GET(LIOBN, 0x10000000));`,
      );
      expect(results).toEqual([
        "PUT(LIOBN, 0x100000, 0x200003) = 0",
        "GET(LIOBN, 0x100000) = 0",
        "out 200003",
        "PUT(LIOBN, 0x100000, 0x4000000000003) = -4",
        "PUT(LIOBN, 0x100000, 0x4000000000000) = 0",
        "PUT(LIOBN, 0x10000000, 0x200003) = -4",
        "PUT(0x70000099, 0, 0x200003) = -4",
        "STUFF(LIOBN, 0, 0, 512) = 0",
        "STUFF(LIOBN, 0, 0, 513) = -57",
        "STUFF(LIOBN, 0xfff0000, 0, 2) = -4",
        "STUFF(LIOBN, 0, 0x4000000000003, 1) = -4",
        "GET(LIOBN, 0x10000000) = -4",
      ]);
    });

    it("restore the default window when the last other window is removed, and not before", async () => {
      const dynamic = `ASK(STUFF(DEFAULT, 0, 0, 1)); ASK(REMOVE(LIOBN)); ASK(STUFF(DEFAULT, 0, 0, 1)); ASK(REMOVE(DEFAULT)); ASK(STUFF(DEFAULT, 0, 0, 1));`;
      expect((await runCalls(tree, dynamic, {})).results.map((line) => line.replace(/.* = /, ""))).toEqual(["-4", "0", "0", "0", "-4"]);
      const withBoth = `ASK(REMOVE(LIOBN)); ASK(STUFF(DEFAULT, 0, 0, 1)); ASK(REMOVE(DEFAULT)); ASK(STUFF(DEFAULT, 0, 0, 1));`;
      expect((await runCalls(tree, withBoth, { window: "beside" })).results.map((line) => line.replace(/.* = /, ""))).toEqual(["0", "0", "0", "-4"]);
    });

    it("create the windows that a query offers, and no others", async () => {
      const code = `ASK(REMOVE(LIOBN)); ASK(REMOVE(DEFAULT));
         ASK(QUERY(6)); pr_info("out %d %d %d %d\\n", out[0], out[1], out[2], out[3]);
         ASK(CREATE(24, 28)); ASK(CREATE(11, 28)); ASK(CREATE(16, 29)); ASK(CREATE(16, 28)); ASK(CREATE(16, 28)); ASK(RESET()); ASK(QUERY(5)); pr_info("out %d\\n", out[0]);`;
      const { results } = await runCalls(tree, code, {});
      expect(results).toEqual([
        "REMOVE(LIOBN) = 0",
        "REMOVE(DEFAULT) = 0",
        "QUERY(6) = 0",
        "out 1 0 4096 3",
        "CREATE(24, 28) = -3",
        "CREATE(11, 28) = -3",
        "CREATE(16, 29) = -3",
        "CREATE(16, 28) = 0",
        "CREATE(16, 28) = -3",
        "RESET() = 0",
        "QUERY(5) = 0",
        "out 0",
      ]);
      expect((await runCalls(tree, `ASK(QUERY(6)); ASK(QUERY(5));`, { queryouts: "5" })).results).toEqual(["QUERY(6) = -3", "QUERY(5) = 0"]);
    });

    it("report the removal or reset of a window with valid TCEs", async () => {
      const findings = (v: VariantResult): string => v.findings.map((f) => f.message).join("\n");
      expect(findings((await runCalls(tree, `ASK(REMOVE(LIOBN));`)).v)).toMatch(/ibm,remove-pe-dma-window on LIOBN 0x70000016 with 1 valid TCE/);
      expect(findings((await runCalls(tree, `ASK(RESET());`)).v)).toMatch(/ibm,reset-pe-dma-windows with 1 valid TCE/);
      // The tree clears the window first. If it does not, that is reported.
      const notCleared = withEdit(tree, PSERIES, (t) => t.replace(/^\t+clean_dma_window\(np, .*\);\n/m, "\t\t;\n"));
      expect(findings((await runReview(notCleared)).result.before)).toMatch(/ibm,remove-pe-dma-window on LIOBN 0x70000016 with 4 valid TCE/);
      expect(findings((await runReview(tree)).result.before)).not.toContain("valid TCE");
    });
  });
}
