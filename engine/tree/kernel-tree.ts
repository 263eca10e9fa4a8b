// What a folder must hold to be the kernel tree this project reads, and which version it is.
// It reads a SourceTree only and must not know whether there is a disk.

import { fail, ok, type Result } from "../base/index.js";
import type { SourceTree } from "./source-tree.js";

export interface KernelVersion {
  readonly version: number;
  readonly patchLevel: number;
  readonly subLevel: number;
  /** `EXTRAVERSION` as written, for example `-rc3`. */
  readonly extra: string;
  /** `6.12.117`, `6.13.0-rc3`: what `make kernelversion` prints. */
  readonly text: string;
}

export interface KernelTreeInfo {
  readonly version: KernelVersion;
}

/** The files the review is about; without them there is nothing to run. */
export const IOMMU_FILES: readonly string[] = ["arch/powerpc/kernel/iommu.c", "arch/powerpc/platforms/pseries/iommu.c"];

/** Parts of a tree that a pruned checkout tends to lack, by one file of each. */
const NEEDED_FILES: readonly (readonly [path: string, what: string])[] = [
  ["include/linux/kernel.h", "the include folder"],
  ["arch/powerpc/include/asm/iommu.h", "the include folder of arch/powerpc"],
];

/** From the assignments at the head of the kernel's Makefile; undefined where they are not found. */
export function kernelVersion(tree: SourceTree): KernelVersion | undefined {
  const makefile = tree.read("Makefile");
  if (makefile === undefined) return undefined;
  const value = new Map<string, string>();
  for (const line of makefile.slice(0, 4096).split(/\r?\n/, 40)) {
    const assignment = /^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)[ \t]*:?=(.*)$/.exec(line);
    if (assignment?.[1] !== undefined && assignment[2] !== undefined && !value.has(assignment[1])) value.set(assignment[1], assignment[2].trim());
  }
  const version = decimal(value.get("VERSION"));
  const patchLevel = decimal(value.get("PATCHLEVEL"));
  if (version === undefined || patchLevel === undefined) return undefined;
  const subLevel = decimal(value.get("SUBLEVEL")) ?? 0;
  const extra = value.get("EXTRAVERSION") ?? "";
  return { version, patchLevel, subLevel, extra, text: `${String(version)}.${String(patchLevel)}.${String(subLevel)}${extra}` };
}

/** Whether the tree is a kernel's with the PowerPC IOMMU code; the error says what is missing and what to open instead. */
export function checkKernelTree(tree: SourceTree): Result<KernelTreeInfo> {
  const hint = "Open the folder that holds the kernel's Makefile.";
  const version = kernelVersion(tree);
  const missing = IOMMU_FILES.filter((path) => !tree.exists(path));
  if (version === undefined) {
    const what = !tree.exists("Makefile") ? "no Makefile" : "its Makefile sets no kernel VERSION";
    const rest = missing[0] === undefined ? "" : ` and no ${missing[0]}`;
    return fail({ code: "tree/not-a-kernel", message: `Not a kernel tree: ${what}${rest}.`, hint });
  }
  if (missing[0] !== undefined) {
    return fail({
      code: "tree/no-iommu",
      message: `Not a kernel tree with PowerPC IOMMU code: no ${missing[0]} (the Makefile has version ${version.text}).`,
      hint: "Use a checkout that includes arch/powerpc.",
    });
  }
  for (const [path, what] of NEEDED_FILES) {
    if (!tree.exists(path)) {
      return fail({
        code: "tree/incomplete",
        message: `The kernel tree (${version.text}) is missing ${what}: no ${path}.`,
        hint: "Check out the complete tree. A sparse checkout lacks headers that the code includes.",
      });
    }
  }
  return ok({ version });
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
