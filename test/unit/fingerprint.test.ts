import { describe, expect, it } from "vitest";
import { fingerprint } from "../../engine/base/fingerprint.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a fingerprint", () => {
  // Values of the reference implementation.
  it.each([
    ["", 0, 0],
    ["", 1, 0x514e28b7],
    ["test", 0, 0xba6bd213],
    ["Hello, world!", 0x9747b28c, 0x24884cba],
    ["The quick brown fox jumps over the lazy dog", 0, 0x2e4ff723],
  ])("of %j with seed %d", (text, seed, expected) => {
    expect(fingerprint(bytes(text), seed)).toBe(expected);
  });

  it("does not depend on the alignment of the bytes", () => {
    const all = bytes("..The quick brown fox jumps over the lazy dog");
    for (let from = 0; from < 2; from++) expect(fingerprint(all.subarray(2), from)).toBe(fingerprint(all.slice(2), from));
  });
});
