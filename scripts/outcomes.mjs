// `npm run outcomes [-- --write] [SCENARIO ...]`: runs the built-in scenarios on Linux 6.1 and 6.12 with and without the mail's
// patch and prints the outcomes. --write updates docs/SCENARIOS.md and needs the mail. The reasons come from the catalogue.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "./c.mjs";
import { cacheDir, projectDir, printStatus } from "./process.mjs";

const SERIES = /** @type {const} */ (["6.1", "6.12"]);
const MAIL_NAME = "../shared/mail/20250219-reply-to-v2.txt";
const MAIL = join(projectDir, MAIL_NAME);
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

const write = process.argv.includes("--write");
const hasMail = existsSync(MAIL);
if (write && !hasMail) {
  printStatus(
    `Cannot update docs/SCENARIOS.md: ${MAIL_NAME} does not exist, and its table shows the outcomes with that mail's patch. ` +
      "Put the mail there, or run without --write to see the outcomes with the built-in change.",
  );
  process.exit(1);
}

const { Compiler, DiskTree, review, scenarios } = await loadEngine(
  ["world/compile", "node/disk-tree", "review/review", "scenario/index"].map((f) => `export * from "./engine/${f}.js";`).join("\n"),
);
const names = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const patch = hasMail ? { name: "mail", text: readFileSync(MAIL) } : "builtin";
if (!hasMail) printStatus(`${MAIL_NAME} does not exist: the built-in change is used instead of the mail's patch`);
const host = { breathe: () => Promise.resolve(false), progress: () => undefined };
/** @type {string[]} */
const rows = [];
const compilers = new Map(SERIES.map((series) => [series, new Compiler()]));
for (const spec of scenarios.filter((/** @type {{ name: string }} */ s) => names.length === 0 || names.includes(s.name))) {
  for (const series of SERIES) {
    const root = join(cacheDir, "trees", series);
    if (!existsSync(join(root, "Makefile"))) {
      printStatus(`Linux ${series} skipped: no kernel tree. Fetch it with: npm run tree -- ${series}`);
      continue;
    }
    const output = await review({ tree: new DiskTree(root), patch, scenario: { name: spec.name, set: {} } }, { ...host, compiler: compilers.get(series) });
    const [before, after] = output.ok ? [cell(output.value.result.before), cell(output.value.result.after)] : [output.error[0].message, ""];
    const row = `| \`${spec.name}\` | ${series} | ${before} | ${after} | ${spec.expected?.[series]?.why ?? ""} |`;
    console.log(row);
    rows.push(row);
  }
}
/** Replaces the lines between the comments `name` and `/name`. @param {string} page @param {string} name @param {readonly string[]} lines */
function replaceSection(page, name, lines) {
  return page.replace(new RegExp(`(<!-- ${name} -->)[\\s\\S]*(<!-- /${name} -->)`), (_, from, to) => [from, ...lines, to].join("\n"));
}

if (write) {
  /** @typedef {{ readonly name: string, readonly fallback: string, readonly purpose: string, readonly values?: readonly string[] }} Parameter */
  /** @type {readonly Parameter[]} */
  const shared = scenarios[0].parameters;
  const catalogue = scenarios.map((/** @type {{ name: string, purpose: string, parameters: readonly Parameter[] }} */ s) => {
    const own = s.parameters.filter((p, i) => p.fallback !== shared[i]?.fallback).map((p) => `\`${p.name}=${p.fallback}\``);
    return `| \`${s.name}\` | ${s.purpose} | ${own.join(" ")} |`;
  });
  const parameters = shared.map((p) => `| \`${p.name}\` | \`${p.fallback}\` | ${p.purpose}${p.values === undefined ? "" : ` (${p.values.join(", ")})`} |`);
  let page = replaceSection(readFileSync(PAGE, "utf8"), "catalogue", ["| name | what happens | changed defaults |", "|---|---|---|", ...catalogue]);
  page = replaceSection(page, "parameters", ["| name | default | meaning |", "|---|---|---|", ...parameters]);
  if (names.length === 0)
    page = replaceSection(page, "outcomes", ["| scenario | Linux | unpatched | with the patch | why |", "|---|---|---|---|---|", ...rows]);
  writeFileSync(PAGE, page);
}
