// Real kernel trees for the tests: .cache/trees (npm run tree gets them) or KERNEL_TREES_DIR.

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

export function treeAt(series: string): DiskTree | undefined {
  const root = join(process.env["KERNEL_TREES_DIR"] ?? join(projectDir, ".cache/trees"), series);
  if (existsSync(join(root, "Makefile"))) return new DiskTree(root);
  console.warn(`skipped: no kernel tree ${series}; npm run tree -- ${series} gets it`);
  return undefined;
}

export function theMail(): PatchInput | undefined {
  const path = sharedPath("mail/20250219-reply-to-v2.txt");
  return path === undefined ? undefined : { name: "20250219-reply-to-v2.txt", text: readFileSync(path) };
}

/** One for all tests of a file: what was compiled once is not compiled again. */
const compiler = new Compiler();

/** Lets the test runner's own messages through. */
const breathe = (): Promise<boolean> =>
  new Promise((done) => {
    setImmediate(() => {
      done(false);
    });
  });

export function hostOf(): ReviewHost {
  return { compiler, breathe, progress: () => undefined };
}

export interface Wish {
  readonly patch?: PatchInput | undefined;
  readonly set?: Readonly<Record<string, string>>;
  readonly scenario?: string;
  /** Actors of the user's own. */
  readonly own?: OwnSource;
  readonly hunks?: readonly number[];
  readonly witness?: string;
  readonly search?: SearchRequest;
}

export async function tryReview(tree: SourceTree, wish: Wish = {}): Promise<ReviewOutput | readonly Problem[]> {
  const output = await review(
    {
      tree,
      ...(wish.patch === undefined ? {} : { patch: wish.patch }),
      scenario: { name: wish.scenario ?? "late-unmap", set: wish.set ?? {}, ...(wish.own === undefined ? {} : { own: wish.own }) },
      ...(wish.hunks === undefined ? {} : { hunks: wish.hunks }),
      ...(wish.witness === undefined ? {} : { witness: wish.witness }),
      ...(wish.search === undefined ? {} : { search: wish.search }),
    },
    hostOf(),
  );
  return output.ok ? output.value : output.error;
}

export async function reviewed(tree: SourceTree, wish: Wish = {}): Promise<ReviewOutput> {
  const output = await tryReview(tree, wish);
  if (!("result" in output)) throw new Error(output.map((p) => p.message).join("\n"));
  return output;
}

/** The tree with one file's text changed; the change must find its place. */
export function edited(tree: SourceTree, path: string, change: (text: string) => string): SourceTree {
  const before = tree.read(path) ?? "";
  const after = change(before);
  if (after === before) throw new Error(`the edit of ${path} changed nothing`);
  return new LayeredTree([new Map([[path, after]])], tree);
}

/** The kernel's messages of a log, without time stamps. */
export function messages(log: readonly string[]): readonly string[] {
  return log.map((line) => line.replace(/^\[ *\d+\.\d+\] /, ""));
}
