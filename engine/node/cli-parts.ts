// A search in parts: one process per part, and the results of parts joined.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formats } from "../report/index.js";
import { mergeParts, type ReviewResult, SCHEMA } from "../review/index.js";
import { type Arguments, bad, BadInput } from "./cli-input.js";
import { memoryOf } from "./cli-search.js";

/** Joins results that the command line wrote as JSON. */
export function mergeFiles(files: readonly string[]): ReviewResult {
  const merged = mergeParts(
    files.map((file) => {
      let json: unknown;
      try {
        json = JSON.parse(readFileSync(file, "utf8"));
      } catch (e) {
        return bad(`${file} cannot be read: ${e instanceof Error ? e.message : String(e)}`);
      }
      return isResult(json) ? json : bad(`${file} is not a tcescope result (schema ${SCHEMA}).`);
    }),
  );
  if (!merged.ok) throw new BadInput(merged.error);
  return merged.value;
}

function isResult(json: unknown): json is ReviewResult {
  if (typeof json !== "object" || json === null || Reflect.get(json, "schema") !== SCHEMA) return false;
  const before: unknown = Reflect.get(json, "before");
  return typeof before === "object" && before !== null;
}

/** The command line without the options that concern only the parent of several parts, each with its value. */
function partArguments(argv: readonly string[]): readonly string[] {
  const parentOnly = ["jobs", ...formats.flatMap(({ option }) => (option === undefined ? [] : [option.name]))].map((name) => `--${name}`);
  return argv.filter((arg, i) => !parentOnly.some((option) => arg === option || arg.startsWith(`${option}=`) || argv[i - 1] === option));
}

/** Runs this command line once for each of `count` parts, all in parallel, and joins their results. Memory is divided among them. */
export async function inParts({ argv, options }: Arguments, count: number): Promise<ReviewResult> {
  const share = `${String(Math.floor(memoryOf(options) / count / 2 ** 20))}M`;
  const dir = mkdtempSync(join(tmpdir(), "tcescope-parts-"));
  try {
    const file = (i: number): string => join(dir, `${String(i)}.json`);
    const script = process.argv[1] ?? bad("Cannot start parts: the path of the tcescope script is unknown.");
    const children = Array.from({ length: count }, (_, i) => {
      const part = ["--shard", `${String(i + 1)}/${String(count)}`, "--json", file(i), "--memory", share];
      const child = spawn(process.execPath, [script, ...partArguments(argv), ...part], { stdio: ["ignore", "ignore", "pipe"] });
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      return new Promise<{ readonly code: number; readonly stderr: string }>((done) => {
        child.on("error", (e) => {
          done({ code: 2, stderr: e.message });
        });
        child.on("close", (code) => {
          done({ code: code ?? 2, stderr });
        });
      });
    });
    const ends = await Promise.all(children);
    const failed = ends.findIndex((e) => e.code > 1);
    if (failed >= 0) bad(`Part ${String(failed + 1)} of ${String(count)} failed: ${ends[failed]?.stderr.trim() ?? ""}`);
    return mergeFiles(Array.from({ length: count }, (_, i) => file(i)));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
