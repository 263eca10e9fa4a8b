// From a witness to a debug session: compiles the tree (with the patch if the witness is of the patched tree), plays the
// recorded run once and records its journal. A witness of another program is refused.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import { replay } from "../machine/index.js";
import { CANCELLED, Judge, patchTree, LIMITS, load, type PatchInput, readWitness, recordedBuild, type ReviewHost, runOptions } from "../review/index.js";
import { makeScenario, type OwnSource } from "../scenario/index.js";
import { checkKernelTree, type SourceTree } from "../tree/index.js";
import { OWN_PREFIX, ownText } from "../world/index.js";
import { debugBuild } from "./build.js";
import { Journal, MAX_PLACES } from "./journal.js";
import type { FindingKey } from "./messages.js";
import { Names } from "./names.js";
import { Player } from "./player.js";
import { DebugSession } from "./session.js";

export interface OpenInput {
  readonly tree: SourceTree;
  readonly patch?: PatchInput;
  readonly hunks?: readonly number[];
  readonly own?: OwnSource;
  readonly witness: string;
  /** The finding under inspection. */
  readonly finding?: FindingKey;
}

export interface Opened {
  readonly session: DebugSession;
  readonly variant: "before" | "after";
  /** New text of the files that the patch changes, if the run is of the patched tree. */
  readonly patched: ReadonlyMap<string, string>;
}

export async function openSession(input: OpenInput, host: ReviewHost): Promise<Result<Opened, readonly Problem[]>> {
  const info = checkKernelTree(input.tree);
  if (!info.ok) return fail([info.error]);
  const witness = readWitness(input.witness);
  if (!witness.ok) return fail([witness.error]);
  const { variant, decisions, hash } = witness.value;
  const scenario = makeScenario(witness.value.scenario, witness.value.set, input.own);
  if (!scenario.ok) return fail(scenario.error);
  if (variant === "after" && input.patch === undefined)
    return fail([
      { code: "witness-patch", message: "This witness belongs to a patched tree, but no patch is open.", hint: "Review the patch first, then debug the run." },
    ]);
  const patched = variant === "after" && input.patch !== undefined ? patchTree(input.tree, input.patch, input.hunks) : undefined;
  if (patched?.ok === false) return patched;
  const tree = patched === undefined ? input.tree : patched.value.tree;
  const judge = new Judge(host, scenario.value, info.value.version.text);
  const compiled = await judge.compile(tree, (path, f) => {
    host.progress(`Compiling ${path}`, 0.6 * f);
  });
  if (!compiled.ok) return fail([compiled.error]);
  const loaded = load(compiled.value);
  if (loaded.hash !== hash)
    return fail([
      {
        code: "witness-stale",
        message: `The witness belongs to a different program (${hash}); this program is ${loaded.hash}.`,
        hint: "The tree, the patch or the engine has changed. Run the review again to get a new witness.",
      },
    ]);
  host.progress("Compiling for the debugger", 0.65);
  if (await host.breathe()) return fail([CANCELLED]);
  const code = debugBuild(recordedBuild(loaded, decisions.length > 0));
  host.progress("Replaying the run", 0.85);
  if (await host.breathe()) return fail([CANCELLED]);
  const options = runOptions(loaded, scenario.value, info.value.version.text, replay(decisions));
  // A reader may take all day; only the run itself is limited.
  const player = new Player(code, { ...options, limits: { ...LIMITS, realMs: Infinity } });
  const journal = Journal.of(player);
  if (journal === undefined) {
    player.release();
    return fail([
      {
        code: "run-too-long",
        message: `This run is too long to debug: it has more than ${String(MAX_PLACES / 1e6)} million stops.`,
        hint: "Use fewer buffers or a shorter hold.",
      },
    ]);
  }
  const files = new Map([...(scenario.value.files ?? [])].map(([path, text]) => [OWN_PREFIX + path, text]));
  const own = (file: string): string | undefined => files.get(file) ?? (file.startsWith(OWN_PREFIX) ? ownText(file) : input.tree.read(file));
  const session = new DebugSession(player, journal, new Names(compiled.value.program, compiled.value.units), own, input.finding);
  return ok({ session, variant, patched: patched?.value.files ?? new Map<string, string>() });
}
