// Runs the tree's own page pool: 6.1 unmaps a page when it is returned, stable 6.12 unmaps all pages when the pool is
// destroyed. Nothing in the engine depends on this; the outcomes differ because the trees do.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import { withEdit, messages, runReview, mailPatch, openTree } from "./trees.js";

const scenario = "page-pool";
const mail = mailPatch();
const POOL = "net/core/page_pool.c";

/** The pool's messages that it is stalled, with their times in seconds. */
function stallMessages(v: VariantResult): readonly (readonly [number, string])[] {
  return v.log
    .filter((line) => line.includes("stalled pool shutdown"))
    .map((line) => [Number(/\[ *(\d+)\./.exec(line)?.[1]), line.replace(/^.*shutdown:? /, "")] as const);
}

const common =
  "page_pool_create page_pool_alloc_pages page_pool_refill_alloc_cache page_pool_recycle_in_cache page_pool_recycle_in_ring page_pool_destroy page_pool_scrub".split(
    " ",
  );

const old = openTree("6.1");
describe.skipIf(old === undefined)("the page pool of Linux 6.1", () => {
  if (old === undefined) return;

  it("oopses in the pool's own worker, up to a second after the stack returns the pages", async () => {
    const { before } = (await runReview(old, { scenario })).result;
    expect(before.mappedAtDetach).toBe(4);
    const oops = before.findings.find((f) => f.severity === "oops");
    expect(oops?.function).toContain("bitmap_clear");
    expect(oops?.stack.map((f) => f.function)).toEqual(expect.arrayContaining(["page_pool_release_page", "page_pool_empty_ring", "page_pool_release_retry"]));
    expect(messages(before.log)).toContain("Workqueue: events page_pool_release_retry");
    for (const name of [...common, "page_pool_release_retry"]) expect(before.functions.tree, name).toContain(name);
    expect(before.functions.assumed).toEqual([]);
  });

  it.skipIf(mail === undefined)("waits for the pool with the mail's patch, then finds nothing", async () => {
    const { after } = (await runReview(old, { scenario, patch: mail })).result;
    expect(after?.outcome).toBe("clean");
    const seconds = ((after?.detach?.end ?? 0) - (after?.detach?.start ?? 0)) / 1e9;
    expect(seconds).toBeGreaterThan(3);
    expect(seconds).toBeLessThan(4.2); // the hold and at most one more period of the pool's worker
  });

  it.skipIf(mail === undefined)("reports the stalled pool every minute and oopses after the mail's loop has given up", async () => {
    const { before, after } = (await runReview(old, { scenario, patch: mail, set: { hold: "135s" } })).result;
    expect(stallMessages(before)).toEqual([
      [60, "4 inflight 60 sec"],
      [120, "4 inflight 120 sec"],
    ]);
    expect(after?.findings.find((f) => f.severity === "oops")?.t).toBeGreaterThan(135e9);
    expect(after?.log.join("\n")).toContain("TCEs still mapped even after 120 seconds");
  });
});

const current = openTree("6.12");
describe.skipIf(current === undefined)("the page pool of Linux 6.12", () => {
  if (current === undefined) return;

  it("has unmapped every page before the detach, although the stack still holds some", async () => {
    const { before } = (await runReview(current, { scenario })).result;
    expect(before.outcome).toBe("clean");
    expect(before.mappedAtDetach).toBe(0);
    expect(before.peak).toBe(64);
    expect(before.log.join("\n")).not.toMatch(/Unexpected TCEs|plpar/);
    for (const name of [...common, "page_pool_release_retry", "__page_pool_unmap_netmem_dma", "page_pool_list", "xa_find"])
      expect(before.functions.tree, name).toContain(name);
    expect(before.functions.assumed).toEqual([]);
  });

  it("still reports the pages in flight, with the pool's ID", async () => {
    const { before } = (await runReview(current, { scenario, set: { hold: "135s" } })).result;
    expect(before.outcome).toBe("clean");
    expect(stallMessages(before)).toEqual([
      [60, "id 1, 4 inflight 60 sec"],
      [120, "id 1, 4 inflight 120 sec"],
    ]);
  });

  it("oopses like 6.1 if the pool does not unmap its pages on destruction", async () => {
    const withoutUnmap = withEdit(current, POOL, (t) => t.replace(/\t\txa_for_each\(&pool->dma_mapped, id, ptr\)\n[^;]*;\n/, ""));
    const { before } = (await runReview(withoutUnmap, { scenario })).result;
    expect(before.mappedAtDetach).toBe(4);
    expect(before.findings.find((f) => f.severity === "oops")?.stack.map((f) => f.function)).toContain("page_pool_release_retry");
  });
});
