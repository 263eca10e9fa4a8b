// The review questions on real trees: for the mail's patch, the built-in change, a patch without effect, and parts of a patch.

import { describe, expect, it } from "vitest";
import { answerQuestions } from "../../engine/questions/answer-questions.js";
import type { PatchInput } from "../../engine/review/review.js";
import type { Answer } from "../../engine/review/result.js";
import { reviewHost, mailPatch, openTree, tryReview } from "./trees.js";

const tree = openTree("6.12");
const mail = mailPatch();

async function answersFor(patch: PatchInput, set: Readonly<Record<string, string>> = {}, hunks?: readonly number[]): Promise<ReadonlyMap<string, Answer>> {
  if (tree === undefined) throw new Error("no tree");
  const parts: number[] = [];
  const result = await answerQuestions(
    { tree, patch, scenario: { name: "late-unmap", set }, ...(hunks === undefined ? {} : { hunks }) },
    reviewHost(),
    (answers) => {
      parts.push(answers.length);
    },
  );
  if (!result.ok) throw new Error(result.error[0]?.message);
  expect(parts).toEqual(result.value.map((_, i) => i + 1));
  return new Map(result.value.map((a) => [a.id, a]));
}

const few = { buffers: "4", late: "2" };

/** A patch that adds a comment at the end of a file and leaves the code unchanged. */
function commentPatch(): PatchInput {
  const file = "arch/powerpc/kernel/iommu.c";
  const lines = (tree?.read(file) ?? "").split("\n");
  const last = lines.length - 1;
  const context = lines.slice(last - 3, last);
  const text = ["From: A <a@example.org>", "Subject: [PATCH] iommu: say more", "", "No change in behaviour.", "---", `--- a/${file}`, `+++ b/${file}`];
  text.push(`@@ -${String(last - 2)},3 +${String(last - 2)},4 @@`, ...context.map((l) => ` ${l}`), "+/* nothing more */", "");
  return { name: "comment.patch", text: text.join("\n") };
}

describe.skipIf(tree === undefined)("the review questions", () => {
  it.skipIf(mail === undefined)("are answered for the mail's patch, with a run behind each number", async () => {
    if (mail === undefined) return;
    const answers = await answersFor(mail, few);
    const limit = answers.get("after-limit");
    expect(limit?.tone).toBe("bad");
    expect(limit?.answer).toMatch(/^Yes\. With a hold of 120\.\d+ s: oops in __bitmap_clear/);
    expect(answers.get("longest-hold")?.answer).toMatch(/IP defragmentation may hold a packet for 30 s: survived/);
    expect(answers.get("clean-removal")?.tone).toBe("good");
    expect(answers.get("blocked")?.answer).toContain("of_reconfig_chain");
    const text = answers.get("text-matches");
    expect(text?.tone).toBe("note");
    expect(text?.answer).toContain("The commit message says “50ms”; the pause in iommu_table_free measures 5");
    expect(text?.answer).toContain("doesn't mention the limit of the wait");
    expect(answers.get("logging")?.answer).toMatch(/^2\d{3} lines in 120\.\d+ s/);
    const callers = answers.get("callers");
    expect(callers?.tone).toBe("bad");
    expect(callers?.answer).toMatch(
      /VFIO also reaches it when it takes the group: 1\.\d+ ms before, 3\.\d+ s with the patch, holding dma_win_init_mutex: nothing found before/,
    );
    expect(callers?.answer).toContain("vio_dev_release");
    expect(answers.get("page-pool")?.answer).toContain("already handles this");

    // The evidence replays: the run beyond the limit ends in the reported oops.
    const run = limit?.evidence.find((e) => e.k === "run");
    if (run?.k !== "run" || tree === undefined) throw new Error("no run behind the answer");
    const replayed = await tryReview(tree, { patch: mail, witness: run.witness });
    if (!("result" in replayed)) throw new Error(replayed[0]?.message);
    expect(replayed.result.before.findings.some((f) => f.severity === "oops" && f.function === "__bitmap_clear")).toBe(true);
  });

  it("do not apply to a patch that does not wait", async () => {
    const answers = await answersFor(commentPatch(), few);
    for (const id of ["blocked", "logging", "callers"]) expect(answers.get(id)?.tone).toBe("does-not-apply");
    expect(answers.get("after-limit")?.tone).toBe("bad");
    expect(answers.get("clean-removal")?.tone).toBe("good");
    expect(answers.get("text-matches")?.tone).toBe("does-not-apply");
  });

  it("are answered for the included hunks only", async () => {
    const all = await answersFor("builtin", few);
    expect(all.get("longest-hold")?.answer).toMatch(/^Survives a hold of up to 120\.\d+ s/);
    expect(all.get("text-matches")?.tone).toBe("does-not-apply");
    const order = await answersFor("builtin", few, [3]);
    expect(order.get("longest-hold")?.answer).not.toMatch(/up to 120/);
  });
});

describe.skipIf(tree === undefined)("excluded hunks", () => {
  it("are reported as off, mentioned in the verdict, and missing from the patched text", async () => {
    if (tree === undefined) return;
    const output = await tryReview(tree, { patch: "builtin", set: few, hunks: [0, 1, 2] });
    if (!("result" in output)) throw new Error(output[0]?.message);
    const { patch, after } = output.result;
    expect(patch?.hunks.map((h) => h.status)).toEqual(["applied", "applied", "applied", "off"]);
    expect(after?.covered.text).toContain("Excluded: hunk 4 of 4");
    expect(after?.findings.some((f) => f.kind === "failed-hypercall")).toBe(true);
    expect([...output.patched.keys()]).toEqual(["arch/powerpc/kernel/iommu.c"]);
  });

  it.skipIf(mail === undefined)("can be hunks of a mail: the new order without the wait still oopses", async () => {
    if (tree === undefined || mail === undefined) return;
    const output = await tryReview(tree, { patch: mail, set: few, hunks: [3, 4] });
    if (!("result" in output)) throw new Error(output[0]?.message);
    expect(output.result.patch?.hunks.map((h) => h.status)).toEqual(["off", "off", "off", "offset", "offset"]);
    expect(output.result.after?.findings.some((f) => f.severity === "oops")).toBe(true);
  });
});
