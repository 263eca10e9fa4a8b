// The command line as a user sees it: exit codes, messages with file:line on stderr, JSON that matches its schema.

import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { sharedPath } from "../shared.js";
import { openTree } from "./trees.js";

const cli = join(projectDir, "dist", "tcescope.mjs");
const tree = openTree("6.12");
const root = join(process.env["KERNEL_TREES_DIR"] ?? join(projectDir, ".cache/trees"), "6.12");
const mail = sharedPath("mail/20250219-reply-to-v2.txt");
let dir = "";

beforeAll(() => {
  execFileSync(process.execPath, [join(projectDir, "esbuild.config.mjs"), "tcescope"], { cwd: projectDir });
  dir = mkdtempSync(join(tmpdir(), "tcescope-"));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
function run(...args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { encoding: "utf8", timeout: 120_000, maxBuffer: 1 << 28 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, out, err });
    });
  });
}
function file(name: string, text: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

describe("bad input gets a message and exit code 2", () => {
  it("reports what is missing on the command line", async () => {
    expect(await run("review")).toMatchObject({ code: 2, err: expect.stringContaining("No tree given") as string });
    expect(await run("frobnicate", "--tree", dir)).toMatchObject({ code: 2, err: expect.stringContaining("Commands: review, run, replay") as string });
    expect(await run("run", "--tree", join(dir, "absent"))).toMatchObject({ code: 2, err: expect.stringContaining("does not exist") as string });
    expect(await run("review", "--tree", dir, "--what")).toMatchObject({ code: 2, err: expect.stringContaining("--help") as string });
  });
  it("reports that a folder is not a kernel tree", async () => {
    const r = await run("run", "--tree", dir);
    expect(r.code).toBe(2);
    expect(r.err).toContain("Not a kernel tree");
    expect(r.err).not.toContain("internal error");
  });
});

describe.skipIf(tree === undefined)("on a real tree", () => {
  it("lists the valid parameters and values", async () => {
    const name = await run("run", "--tree", root, "--set", "holds=3s");
    expect(name).toMatchObject({ code: 2, err: expect.stringContaining("hold=3s") as string });
    const value = await run("run", "--tree", root, "--set", "hold=3");
    expect(value).toMatchObject({ code: 2, err: expect.stringContaining("never") as string });
    expect(await run("run", "--tree", root, "--scenario", "late")).toMatchObject({ code: 2, err: expect.stringContaining("late-unmap") as string });
  });
  it("rejects an empty, a binary and a truncated patch, with file and line", async () => {
    for (const [name, text] of [
      ["empty.patch", ""],
      ["binary.patch", Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256)],
      ["prose.txt", "Dear maintainers,\nthis is no patch.\n"],
    ] as const) {
      const r = await run("review", "--tree", root, "--patch", file(name, text));
      expect(r.code, name).toBe(2);
      expect(r.err, name).toMatch(/^tcescope: /);
      expect(r.err, name).not.toContain("internal error");
    }
    if (mail !== undefined) {
      const truncated = await run("review", "--tree", root, "--patch", file("truncated.txt", readFileSync(mail).subarray(0, 7_000)));
      expect(truncated.code).toBe(2);
      expect(truncated.err).toMatch(/truncated\.txt:\d+/);
      // Cut between two files, the loss shows only in the diffstat: the verdict warns that the patch is incomplete.
      const half = await run("review", "--tree", root, "--patch", file("half.txt", readFileSync(mail).subarray(0, 7_200)));
      expect(half.out).toContain("This is not the complete patch");
    }
  });
  it("writes JSON that matches the schema; exits with 1 with findings and with 0 without", async () => {
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    const validate = ajv.compile(JSON.parse(readFileSync(join(projectDir, "docs/tcescope-1.schema.json"), "utf8")) as object);
    const json = join(dir, "r.json");
    const found = await run("run", "--tree", root, "--json", json);
    expect(found.code).toBe(1);
    expect(found.out).toContain("oops in __bitmap_clear");
    const result: unknown = JSON.parse(readFileSync(json, "utf8"));
    expect(validate(result), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    const clean = await run("review", "--tree", root, "--patch", "builtin", "--json", "-");
    expect(clean.code).toBe(0);
    const both: unknown = JSON.parse(clean.out);
    expect(validate(both), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });
  it("replays a witness given only its string", async () => {
    const first = await run("run", "--tree", root, "--set", "hold=20ms");
    const witness = /Witness: (\S+)/.exec(first.out)?.[1] ?? "";
    const again = await run("replay", "--tree", root, "--witness", witness);
    expect(again.code).toBe(1);
    expect(again.out).toContain("Replayed (before): oops in __bitmap_clear");
    expect(await run("replay", "--tree", root, "--witness", "nonsense")).toMatchObject({ code: 2, err: expect.stringContaining("not a witness") as string });
  });
});
