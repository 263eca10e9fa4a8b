import { describe, expect, it } from "vitest";
import { heatLines, lineNotes } from "../../extension/overlay/line-notes.js";
import { fixtureVariant, ms, seconds } from "../fixtures/review.js";

const core = "arch/powerpc/kernel/iommu.c";
const pseries = "arch/powerpc/platforms/pseries/iommu.c";

describe("the overlay's text", () => {
  const run = fixtureVariant({ hold: 3 * seconds });
  const textAt = (file: string, line: number, t: number): string | undefined => lineNotes(run, file, t).find((note) => note.line === line)?.text;

  it("is empty before the first event", () => {
    expect(lineNotes(run, core, 0)).toEqual([]);
  });

  it("follows the cursor: the mapping line shows how many TCEs are mapped at that time", () => {
    expect(textAt(pseries, 310, 2 * ms + 8_000)).toBe("1 mapped · H_PUT_TCE");
    expect(textAt(pseries, 310, 5 * ms)).toBe("16 mapped · H_PUT_TCE × 16");
  });

  it("shows bits, not mapped TCEs, at a line that changes only the allocation map", () => {
    expect(textAt(core, 270, 5 * ms)).toBe("16 bits set");
  });

  it("names the failed hypercall with its return code, once it failed", () => {
    expect(textAt(pseries, 405, 3 * seconds)).not.toContain("−4");
    expect(textAt(pseries, 405, 4 * seconds)).toContain("H_STUFF_TCE → −4");
  });

  it("shows an oops in a library function at the caller under review, as an error", () => {
    const note = lineNotes(run, core, 4 * seconds).find(({ line }) => line === 456);
    expect(note?.text).toContain("✖ oops in __bitmap_clear");
    expect(note?.tone).toBe("error");
  });

  it("distinguishes the count after a line ran from the current count", () => {
    expect(textAt(pseries, 405, 9 * ms)).toMatch(/^4 mapped/);
    expect(textAt(pseries, 310, 9 * ms)).toMatch(/^left 16 mapped/);
  });

  it("distinguishes silent from fatal without colour", () => {
    expect(textAt(core, 443, 4 * seconds)).toContain("◆ silent");
  });

  it("shows where a thread sleeps, only while it sleeps", () => {
    const waits = fixtureVariant({ waits: true });
    const during = lineNotes(waits, core, 40 * ms).find(({ line }) => line === 822)?.text;
    expect(during).toMatch(/^sleeping for 29 ms/);
    expect(lineNotes(waits, core, waits.timeline.end).find(({ line }) => line === 822)?.text).toBe(
      "logs “iommu_table_free: Unexpected TCEs, wait for 50ms” × 54",
    );
  });

  it("shows nothing in the engine's own files", () => {
    const provided = { ...run, occupancy: [{ t: 1, mapped: 1, bits: 1, site: { function: "kfree", file: core, line: 9, provided: true } }] };
    expect(lineNotes(provided, core, 1)).toEqual([]);
  });
});

describe("the executed lines", () => {
  it("have a higher level the more often they ran", () => {
    const run = {
      ...fixtureVariant(),
      coverage: [
        {
          file: core,
          lines: [
            [1, 0],
            [2, 1],
            [3, 9],
            [4, 10],
            [5, 100],
          ] as const,
        },
      ],
    };
    expect(heatLines(run, core).map(({ line, level }) => [line, level])).toEqual([
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
    ]);
  });

  it("are empty for a file that did not run", () => {
    expect(heatLines(fixtureVariant(), "lib/xarray.c")).toEqual([]);
  });
});
