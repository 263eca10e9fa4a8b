// The command line: tcescope SUBCOMMAND. Exit status 0: nothing found with the patch (or in the tree), 1: findings,
// 2: bad input or cannot judge, with file:line on standard error. Must not know a subcommand.

import { formatProblem } from "../base/index.js";
import { formats } from "../report/index.js";
import { VERSION } from "../review/index.js";
import { lateUnmap, scenarios, type ScenarioSpec } from "../scenario/index.js";
import { readBranchHints } from "./branch-hints.js";
import { bad, BadInput, parseCommandLine } from "./cli-input.js";
import { searchUsage } from "./cli-search.js";
import { commands } from "./commands.js";

/** The parameters whose defaults differ from those of late-unmap. */
function defaultsOf(spec: ScenarioSpec): string {
  const changed = spec.parameters.filter((p, i) => p.fallback !== lateUnmap.parameters[i]?.fallback);
  return changed.length === 0 ? "" : ` (${changed.map((p) => `${p.name}=${p.fallback}`).join(", ")})`;
}

const formatUsage = formats.flatMap(({ option }) => (option === undefined ? [] : [`  ${`--${option.name} FILE`.padEnd(22)} ${option.purpose}`])).join("\n");

const usage = `tcescope ${VERSION}: runs a Linux tree's own IOMMU code with and without a patch

${commands.map((c) => c.usage).join("\n")}

  --scenario NAME|FILE   scenario or scenario file (default late-unmap)
  --set KEY=VALUE        set a scenario parameter; may be repeated
${formatUsage}
  --log                  print the kernel log
  --questions            answer common review questions with additional runs (review only)
  --hunks LIST           apply only these hunks, such as 1,3
${searchUsage}

Scenarios:
${scenarios.map((s) => `  ${s.name.padEnd(20)} ${s.purpose}${defaultsOf(s)}`).join("\n")}

Parameters:
${lateUnmap.parameters.map((p) => `  ${`${p.name}=${p.fallback}`.padEnd(32)} ${p.purpose}${p.values === undefined ? "" : ` (${p.values.join(", ")})`}`).join("\n")}

Exit status: 0 nothing found with the patch (run: in the tree), 1 findings, 2 bad input or cannot judge.
explain: 0 a run reproduces the report, 1 no run does, 2 bad input or cannot judge.
`;

async function main(argv: readonly string[]): Promise<number> {
  const args = parseCommandLine(argv);
  const { options, positionals } = args;
  if (options.version === true) {
    process.stdout.write(`tcescope ${VERSION}\n`);
    return 0;
  }
  const [name] = positionals;
  if (options.help === true || name === undefined) {
    process.stdout.write(usage);
    return options.help === true ? 0 : 2;
  }
  const command = commands.find((c) => c.name === name) ?? bad(`Unknown command '${name}'.`, `Commands: ${commands.map((c) => c.name).join(", ")}.`);
  if (positionals.length > command.maxArguments + 1) bad(`Unexpected argument '${positionals.at(-1) ?? ""}'.`, "tcescope --help lists the options.");
  return command.run(args);
}

readBranchHints();
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (e: unknown) => {
    if (e instanceof BadInput) for (const p of e.problems) process.stderr.write(`tcescope: ${formatProblem(p)}\n`);
    else process.stderr.write(`tcescope: internal error: ${e instanceof Error ? (e.stack ?? e.message) : String(e)}\n`);
    process.exitCode = 2;
  },
);
