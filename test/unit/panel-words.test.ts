import { describe, expect, it } from "vitest";
import { parseParameters } from "../../extension/scenarios/input.js";
import { findingPlace } from "../../extension/base/words.js";
import { duration, hunkStatus, moment, subsetWords, verdictOf, worstFinding } from "../../webview/base/words.js";
import { fixtureReview } from "../fixtures/review.js";

describe("figures in words", () => {
  it("have the unit people use for them", () => {
    expect([duration(900), duration(56_400_000), duration(9_600_000), duration(3_081_000_000)]).toEqual(["900 ns", "56.4 ms", "9.6 ms", "3.08 s"]);
    expect(moment(3_000_412_000)).toBe("3.000 412 s");
  });

  it("carry every moment over to the next second", () => {
    expect(moment(1_999_999_900)).toBe("2.000 000 s");
  });
});

describe("a subset of hunks", () => {
  it("is named by the numbers in the list, neighbours joined", () => {
    expect([subsetWords([], 5), subsetWords([0, 1, 2, 4], 5), subsetWords([3], 5), subsetWords([0, 1], 2)]).toEqual(["none", "1–3, 5", "4", "all"]);
  });
});

describe("the verdict", () => {
  it("is that of the worst finding, not of the first", () => {
    const { before } = fixtureReview();
    expect(before.findings[0]?.severity).toBe("silent");
    expect(worstFinding(before.findings)?.severity).toBe("oops");
    expect(verdictOf(before).title).toBe("Oops");
  });

  it("does not call a run clean that could not be judged", () => {
    const { before } = fixtureReview();
    expect(verdictOf({ ...before, findings: [], outcome: "cannot-judge" }).title).toBe("Cannot judge");
  });

  it("has a mark of its own for each outcome and each state of a hunk", () => {
    const statuses = (["applied", "fuzz", "already-applied", "failed"] as const).map((status) => hunkStatus({ file: "f", header: "@@", line: 1, status }).mark);
    expect(new Set(statuses).size).toBe(statuses.length);
  });
});

describe("a finding's place", () => {
  it("is in the code under review also when the access is in a library function", () => {
    const oops = worstFinding(fixtureReview().before.findings);
    expect(oops?.file).toBe("lib/bitmap.c");
    expect(oops === undefined ? undefined : findingPlace(oops)).toMatchObject({ function: "__iommu_free", file: "arch/powerpc/kernel/iommu.c", line: 456 });
  });
});

describe("parameters typed by hand", () => {
  it("may be separated by blanks or commas", () => {
    expect(parseParameters("hold=3s, late=4  cpus=2")).toEqual({ ok: true, value: { hold: "3s", late: "4", cpus: "2" } });
  });

  it("name the known ones when one is unknown", () => {
    const result = parseParameters("holt=3s");
    expect(!result.ok && result.error).toMatch(/holt.*hold=3s/);
  });

  it("name the good values when one is bad", () => {
    const result = parseParameters("hold=3");
    expect(!result.ok && result.error).toContain("135s");
  });

  it("ask for the form name=value", () => {
    expect(parseParameters("hold").ok).toBe(false);
  });
});
