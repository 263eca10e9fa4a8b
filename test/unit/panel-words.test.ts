import { describe, expect, it } from "vitest";
import { parseParameters } from "../../extension/scenarios/input.js";
import { findingPlace } from "../../extension/base/words.js";
import { duration, hunkStatus, moment, subsetWords, verdictOf, worstFinding } from "../../webview/base/words.js";
import { fixtureReview } from "../fixtures/review.js";

describe("formatted values", () => {
  it("use the customary units", () => {
    expect([duration(900), duration(56_400_000), duration(9_600_000), duration(3_081_000_000)]).toEqual(["900 ns", "56.4 ms", "9.6 ms", "3.08 s"]);
    expect(moment(3_000_412_000)).toBe("3.000 412 s");
  });

  it("round up to the next second without gaps", () => {
    expect(moment(1_999_999_900)).toBe("2.000 000 s");
  });
});

describe("a subset of hunks", () => {
  it("is named by its numbers in the list, with ranges", () => {
    expect([subsetWords([], 5), subsetWords([0, 1, 2, 4], 5), subsetWords([3], 5), subsetWords([0, 1], 2)]).toEqual(["none", "1–3, 5", "4", "all"]);
  });
});

describe("the verdict", () => {
  it("follows the worst finding, not the first", () => {
    const { before } = fixtureReview();
    expect(before.findings[0]?.severity).toBe("silent");
    expect(worstFinding(before.findings)?.severity).toBe("oops");
    expect(verdictOf(before).title).toBe("Oops");
  });

  it("does not call a run clean that can't be judged", () => {
    const { before } = fixtureReview();
    expect(verdictOf({ ...before, findings: [], outcome: "cannot-judge" }).title).toBe("Cannot judge");
  });

  it("has a distinct icon for each outcome and each hunk status", () => {
    const statuses = (["applied", "fuzz", "already-applied", "failed"] as const).map((status) => hunkStatus({ file: "f", header: "@@", line: 1, status }).mark);
    expect(new Set(statuses).size).toBe(statuses.length);
  });
});

describe("a finding's place", () => {
  it("is in the code under review even if the access is in a library function", () => {
    const oops = worstFinding(fixtureReview().before.findings);
    expect(oops?.file).toBe("lib/bitmap.c");
    expect(oops === undefined ? undefined : findingPlace(oops)).toMatchObject({ function: "__iommu_free", file: "arch/powerpc/kernel/iommu.c", line: 456 });
  });
});

describe("parameters typed by hand", () => {
  it("may be separated by blanks or commas", () => {
    expect(parseParameters("hold=3s, late=4  cpus=2")).toEqual({ ok: true, value: { hold: "3s", late: "4", cpus: "2" } });
  });

  it("lists the known ones if one is unknown", () => {
    const result = parseParameters("holt=3s");
    expect(!result.ok && result.error).toMatch(/holt.*hold=3s/);
  });

  it("lists the valid values if one is invalid", () => {
    const result = parseParameters("hold=3");
    expect(!result.ok && result.error).toContain("135s");
  });

  it("requires the form name=value", () => {
    expect(parseParameters("hold").ok).toBe(false);
  });
});
