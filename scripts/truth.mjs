// `npm run test:truth`: simulates what the logs of real kernels in ../shared/truth show, and compares the logs. Prints a table
// per log; exits with 1 if any disagrees. Skips logs for which ../shared or a kernel tree is missing.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "./c.mjs";
import { compareLogs } from "./compare-logs.mjs";
import { cacheDir, projectDir, printStatus } from "./process.mjs";

const shared = join(projectDir, "..", "shared");
/** The recorded test driver maps four pages and unmaps them 3 s later in delayed work, after 3.245 s with the timer wheel. */
const common = { buffers: "4", late: "4", hold: "3245ms", liobn: "0x80000100" };

/** @type {readonly { readonly log: string, readonly series: string, readonly set: Record<string, string>, readonly mail?: boolean, readonly kasan?: boolean }[]} */
const cases = [
  { log: "T2.log", series: "6.12", set: { ...common, late: "0" } },
  { log: "T1.log", series: "6.12", set: common },
  { log: "D61-T1.log", series: "6.1", set: common },
  { log: "K-T1-multi.log", series: "6.12", set: { ...common, report: "kasan" }, kasan: true },
  { log: "T4a.log", series: "6.12", set: common, mail: true },
];

const { Compiler, DiskTree, review } = await loadEngine(
  ["world/compile", "node/disk-tree", "review/review"].map((f) => `export * from "./engine/${f}.js";`).join("\n"),
);
const compiler = new Compiler();
let agreed = 0;
let skipped = 0;
for (const { log, series, set, mail, kasan } of cases) {
  const path = join(shared, "truth", log);
  const mailPath = join(shared, "mail", "20250219-reply-to-v2.txt");
  const root = join(cacheDir, "trees", series);
  const missing = [path, ...(mail === true ? [mailPath] : []), join(root, "Makefile")].find((p) => !existsSync(p));
  if (missing !== undefined) {
    printStatus(
      `${log}: skipped, missing ${missing.startsWith(shared) ? `../shared/${missing.slice(shared.length + 1)}` : `kernel tree ${series} (fetch it with: npm run tree -- ${series})`}`,
    );
    skipped++;
    continue;
  }
  const patch = mail === true ? { patch: { name: "mail", text: readFileSync(mailPath) } } : {};
  const output = await review(
    { tree: new DiskTree(root), ...patch, scenario: { name: "late-unmap", set } },
    { compiler, breathe: () => Promise.resolve(false), progress: () => undefined },
  );
  if (!output.ok) throw new Error(output.error.map((/** @type {{ message: string }} */ p) => p.message).join("\n"));
  const { before, after } = output.value.result;
  const result = compareLogs(readFileSync(path, "utf8").split("\n"), (after ?? before).log, { hz: 250, kasan: kasan === true });
  if (result.agree) agreed++;
  console.log(`\n${log} and Linux ${output.value.result.tree.version}${mail === true ? " with the mail's patch" : ""}: ${result.agree ? "agree" : "DISAGREE"}`);
  const width = (/** @type {"what" | "real" | "engine"} */ k) => Math.max(k.length, ...result.rows.map((r) => r[k].length));
  for (const r of [{ what: "", real: "real", engine: "engine", agree: true }, ...result.rows])
    console.log(`  ${r.agree ? " " : "!"} ${r.what.padEnd(width("what"))}  ${r.real.padEnd(width("real"))}  ${r.engine}`);
}
console.log(`\n${String(agreed)} of ${String(cases.length - skipped)} logs agree${skipped > 0 ? `, ${String(skipped)} skipped` : ""}.`);
process.exitCode = agreed === cases.length - skipped ? 0 : 1;
