// Real kernel trees for the tests, from .cache/trees (npm run tree fetches them) or KERNEL_TREES_DIR.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../../scripts/process.mjs";
import { DiskTree } from "../../engine/node/disk-tree.js";
import { type PatchInput, review, type ReviewOutput } from "../../engine/review/review.js";
import type { ReviewHost } from "../../engine/review/judge.js";
import type { SearchRequest } from "../../engine/review/search-variant.js";
import type { Problem } from "../../engine/base/result.js";
import type { OwnSource } from "../../engine/scenario/scenario.js";
import { LayeredTree } from "../../engine/tree/layered-tree.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { Compiler } from "../../engine/world/compile.js";
import { sharedPath } from "../shared.js";

export const KERNEL = "arch/powerpc/kernel/iommu.c";
export const PSERIES = "arch/powerpc/platforms/pseries/iommu.c";

export function openTree(series: string): DiskTree | undefined {
  const root = join(process.env["KERNEL_TREES_DIR"] ?? join(projectDir, ".cache/trees"), series);
  if (existsSync(join(root, "Makefile"))) return new DiskTree(root);
  console.warn(`skipped: no kernel tree ${series}. Fetch it with: npm run tree -- ${series}`);
  return undefined;
}

export function mailPatch(): PatchInput | undefined {
  const path = sharedPath("mail/20250219-reply-to-v2.txt");
  return path === undefined ? undefined : { name: "20250219-reply-to-v2.txt", text: readFileSync(path) };
}

/** Shared by all tests of a file, so that nothing is compiled twice. */
const compiler = new Compiler();

/** Lets the test runner process its messages. */
const breathe = (): Promise<boolean> =>
  new Promise((done) => {
    setImmediate(() => {
      done(false);
    });
  });

export function reviewHost(): ReviewHost {
  return { compiler, breathe, progress: () => undefined };
}

export interface ReviewOptions {
  readonly patch?: PatchInput | undefined;
  readonly set?: Readonly<Record<string, string>>;
  readonly scenario?: string;
  /** The C file of a custom scenario. */
  readonly own?: OwnSource;
  readonly hunks?: readonly number[];
  readonly witness?: string;
  readonly search?: SearchRequest;
}

export async function tryReview(tree: SourceTree, options: ReviewOptions = {}): Promise<ReviewOutput | readonly Problem[]> {
  const output = await review(
    {
      tree,
      ...(options.patch === undefined ? {} : { patch: options.patch }),
      scenario: { name: options.scenario ?? "late-unmap", set: options.set ?? {}, ...(options.own === undefined ? {} : { own: options.own }) },
      ...(options.hunks === undefined ? {} : { hunks: options.hunks }),
      ...(options.witness === undefined ? {} : { witness: options.witness }),
      ...(options.search === undefined ? {} : { search: options.search }),
    },
    reviewHost(),
  );
  return output.ok ? output.value : output.error;
}

export async function runReview(tree: SourceTree, options: ReviewOptions = {}): Promise<ReviewOutput> {
  const output = await tryReview(tree, options);
  if (!("result" in output)) throw new Error(output.map((p) => p.message).join("\n"));
  return output;
}

/** The tree with the text of one file changed. Throws if `change` changes nothing. */
export function withEdit(tree: SourceTree, path: string, change: (text: string) => string): SourceTree {
  const before = tree.read(path) ?? "";
  const after = change(before);
  if (after === before) throw new Error(`the edit of ${path} changed nothing`);
  return new LayeredTree([new Map([[path, after]])], tree);
}

/** The messages of a kernel log, without timestamps. */
export function messages(log: readonly string[]): readonly string[] {
  return log.map((line) => line.replace(/^\[ *\d+\.\d+\] /, ""));
}
