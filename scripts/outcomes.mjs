// What each built-in scenario comes to on the kernel trees at hand, as they are and with a patch: printed, or with --write
// put into docs/SCENARIOS.md. The reasons stand in the catalogue; the outcomes are run. Words after the options name scenarios.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "./c.mjs";
import { cacheDir, projectDir, say } from "./process.mjs";

const SERIES = /** @type {const} */ (["6.1", "6.12"]);
const MAIL = join(projectDir, "..", "shared", "mail", "20250219-reply-to-v2.txt");
const PAGE = join(projectDir, "docs", "SCENARIOS.md");

/**
 * @typedef {{ readonly outcome: string, readonly findings: readonly { readonly severity: string, readonly kind: string, readonly function: string }[],
 *   readonly reason?: { readonly message: string }, readonly functions: { readonly assumed: readonly string[] } }} Variant
 * @param {Variant | undefined} v
 */
function cell(v) {
  if (v === undefined) return "not run";
  if (v.outcome === "cannot-judge") return `cannot judge: ${v.reason?.message ?? ""}`;
  const oops = v.findings.find((f) => f.severity === "oops");
  if (oops !== undefined) return `oops in \`${oops.function}\``;
  const kinds = [...new Set(v.findings.map((f) => `${f.severity === "silent" ? "silent " : ""}${f.kind}`))];
  return `${kinds.length === 0 ? "clean" : kinds.join(", ")}${v.functions.assumed.length > 0 ? ` (assumed: ${v.functions.assumed.join(", ")})` : ""}`;
}

const { Compiler, DiskTree, review, scenarios } = await loadEngine(
  ["world/compile", "node/disk-tree", "review/review", "scenario/index"].map((f) => `export * from "./engine/${f}.js";`).join("\n"),
);
const words = process.argv.slice(2).filter((w) => !w.startsWith("--"));
const mail = existsSync(MAIL) ? { name: "mail", text: readFileSync(MAIL) } : "builtin";
if (mail === "builtin") say("no mail in ../shared: the built-in change takes its place");
const host = { breathe: () => Promise.resolve(false), progress: () => undefined };
/** @type {string[]} */
const rows = [];
const compilers = new Map(SERIES.map((series) => [series, new Compiler()]));
for (const spec of scenarios.filter((/** @type {{ name: string }} */ s) => words.length === 0 || words.includes(s.name))) {
  for (const series of SERIES) {
    const root = join(cacheDir, "trees", series);
    if (!existsSync(join(root, "Makefile"))) {
      say(`no kernel tree ${series}; npm run tree -- ${series} gets it`);
      continue;
    }
    const output = await review(
      { tree: new DiskTree(root), patch: mail, scenario: { name: spec.name, set: {} } },
      { ...host, compiler: compilers.get(series) },
    );
    const [before, after] = output.ok ? [cell(output.value.result.before), cell(output.value.result.after)] : [output.error[0].message, ""];
    const row = `| \`${spec.name}\` | ${series} | ${before} | ${after} | ${spec.expected?.[series]?.why ?? ""} |`;
    console.log(row);
    rows.push(row);
  }
}
/** @param {string} page @param {string} name @param {readonly string[]} lines */
function put(page, name, lines) {
  return page.replace(new RegExp(`(<!-- ${name} -->)[\\s\\S]*(<!-- /${name} -->)`), (_, from, to) => [from, ...lines, to].join("\n"));
}

if (process.argv.includes("--write")) {
  /** @typedef {{ readonly name: string, readonly fallback: string, readonly purpose: string, readonly values?: readonly string[] }} Parameter */
  /** @type {readonly Parameter[]} */
  const shared = scenarios[0].parameters;
  const catalogue = scenarios.map((/** @type {{ name: string, purpose: string, parameters: readonly Parameter[] }} */ s) => {
    const own = s.parameters.filter((p, i) => p.fallback !== shared[i]?.fallback).map((p) => `\`${p.name}=${p.fallback}\``);
    return `| \`${s.name}\` | ${s.purpose} | ${own.join(" ")} |`;
  });
  const parameters = shared.map((p) => `| \`${p.name}\` | \`${p.fallback}\` | ${p.purpose}${p.values === undefined ? "" : ` (${p.values.join(", ")})`} |`);
  let page = put(readFileSync(PAGE, "utf8"), "catalogue", ["| name | what happens | changed defaults |", "|---|---|---|", ...catalogue]);
  page = put(page, "parameters", ["| name | default | meaning |", "|---|---|---|", ...parameters]);
  if (words.length === 0) page = put(page, "outcomes", ["| scenario | Linux | unpatched | with the patch | why |", "|---|---|---|---|---|", ...rows]);
  writeFileSync(PAGE, page);
}
