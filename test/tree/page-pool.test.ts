// The tree's own page pool, run: 6.1 unmaps a page when it comes back, stable 6.12 all of them when the pool is
// destroyed. The engine knows neither; the trees come out differently by themselves.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import { edited, messages, reviewed, theMail, treeAt } from "./trees.js";

const scenario = "page-pool";
const mail = theMail();
const POOL = "net/core/page_pool.c";

/** Seconds at which the pool said that it is stalled, and what it said. */
function stalled(v: VariantResult): readonly (readonly [number, string])[] {
  return v.log
    .filter((line) => line.includes("stalled pool shutdown"))
    .map((line) => [Number(/\[ *(\d+)\./.exec(line)?.[1]), line.replace(/^.*shutdown:? /, "")] as const);
}

const common =
  "page_pool_create page_pool_alloc_pages page_pool_refill_alloc_cache page_pool_recycle_in_cache page_pool_recycle_in_ring page_pool_destroy page_pool_scrub".split(
    " ",
  );

const old = treeAt("6.1");
describe.skipIf(old === undefined)("the page pool of Linux 6.1", () => {
  if (old === undefined) return;

  it("oopses from the pool's own worker, a second's tick after the stack let go", async () => {
    const { before } = (await reviewed(old, { scenario })).result;
    expect(before.mappedAtDetach).toBe(4);
    const oops = before.findings.find((f) => f.severity === "oops");
    expect(oops?.function).toContain("bitmap_clear");
    expect(oops?.stack.map((f) => f.function)).toEqual(expect.arrayContaining(["page_pool_release_page", "page_pool_empty_ring", "page_pool_release_retry"]));
    expect(messages(before.log)).toContain("Workqueue: events page_pool_release_retry");
    for (const name of [...common, "page_pool_release_retry"]) expect(before.functions.tree, name).toContain(name);
    expect(before.functions.assumed).toEqual([]);
  });

  it.skipIf(mail === undefined)("waits for the pool with the mail's patch, then finds nothing", async () => {
    const { after } = (await reviewed(old, { scenario, patch: mail })).result;
    expect(after?.outcome).toBe("clean");
    const seconds = ((after?.detach?.end ?? 0) - (after?.detach?.start ?? 0)) / 1e9;
    expect(seconds).toBeGreaterThan(3);
    expect(seconds).toBeLessThan(4.2); // the hold and at most one more tick of the pool's second
  });

  it.skipIf(mail === undefined)("complains of the stalled pool each minute, and oopses when the mail's loop has given up", async () => {
    const { before, after } = (await reviewed(old, { scenario, patch: mail, set: { hold: "135s" } })).result;
    expect(stalled(before)).toEqual([
      [60, "4 inflight 60 sec"],
      [120, "4 inflight 120 sec"],
    ]);
    expect(after?.findings.find((f) => f.severity === "oops")?.t).toBeGreaterThan(135e9);
    expect(after?.log.join("\n")).toContain("TCEs still mapped even after 120 seconds");
  });
});

const now = treeAt("6.12");
describe.skipIf(now === undefined)("the page pool of Linux 6.12", () => {
  if (now === undefined) return;

  it("has unmapped every page before the detach, though the stack still holds some", async () => {
    const { before } = (await reviewed(now, { scenario })).result;
    expect(before.outcome).toBe("clean");
    expect(before.mappedAtDetach).toBe(0);
    expect(before.peak).toBe(64);
    expect(before.log.join("\n")).not.toMatch(/Unexpected TCEs|plpar/);
    for (const name of [...common, "page_pool_release_retry", "__page_pool_unmap_netmem_dma", "page_pool_list", "xa_find"])
      expect(before.functions.tree, name).toContain(name);
    expect(before.functions.assumed).toEqual([]);
  });

  it("still complains of the pages that are out, by the pool's id", async () => {
    const { before } = (await reviewed(now, { scenario, set: { hold: "135s" } })).result;
    expect(before.outcome).toBe("clean");
    expect(stalled(before)).toEqual([
      [60, "id 1, 4 inflight 60 sec"],
      [120, "id 1, 4 inflight 120 sec"],
    ]);
  });

  it("oopses like 6.1 when the list of mapped pages is not walked at destroy", async () => {
    const without = edited(now, POOL, (t) => t.replace(/\t\txa_for_each\(&pool->dma_mapped, id, ptr\)\n[^;]*;\n/, ""));
    const { before } = (await reviewed(without, { scenario })).result;
    expect(before.mappedAtDetach).toBe(4);
    expect(before.findings.find((f) => f.severity === "oops")?.stack.map((f) => f.function)).toContain("page_pool_release_retry");
  });
});
