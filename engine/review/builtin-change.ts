// The project's own change, for a review without a mail: wait for the TCEs, free the table, then remove the window. It
// finds its places by their text; if a tree does not have them, the result is a Problem.

import { fail, ok, type Result } from "../base/index.js";
import type { ChangedLines } from "../patch/index.js";
import type { SourceTree } from "../tree/index.js";
import type { PatchResult } from "./result.js";

const KERNEL = "arch/powerpc/kernel/iommu.c";
const PSERIES = "arch/powerpc/platforms/pseries/iommu.c";

export interface BuiltinChange {
  readonly patch: PatchResult;
  readonly files: ReadonlyMap<string, string>;
  readonly changed: ReadonlyMap<number, ChangedLines>;
}

interface Edit {
  readonly file: string;
  readonly what: string;
  /** Must match exactly once. */
  readonly find: RegExp;
  readonly put: (found: RegExpExecArray) => string;
}

const wait = `	for (deadline = jiffies + 120 * HZ; iommu_table_in_use(tbl); msleep(50)) {
		if (time_after(jiffies, deadline)) {
			pr_warn("%s: TCEs are still mapped after 120 s\\n", __func__);
			break;
		}
		pr_info("%s: waiting for mapped TCEs\\n", __func__);
	}
`;

const edits: readonly Edit[] = [
  {
    file: KERNEL,
    what: "add the #include lines that the wait needs",
    find: /^#include <linux\/types\.h>\n/m,
    put: (m) => `${m[0]}#include <linux/delay.h>\n#include <linux/jiffies.h>\n`,
  },
  {
    file: KERNEL,
    what: "declare the deadline in iommu_table_free()",
    find: /^(static void iommu_table_free\(struct kref \*kref\)\n\{\n)/m,
    put: (m) => `${m[1] ?? ""}\tunsigned long deadline;\n`,
  },
  {
    file: KERNEL,
    what: "wait until no TCE is mapped instead of warning",
    find: /^\tif \(iommu_table_in_use\(tbl\)\)\n\t\tpr_warn\("%s: Unexpected TCEs\\n", __func__\);\n/m,
    put: () => wait,
  },
  {
    file: PSERIES,
    what: "free the table before the window is removed",
    find: /(\tcase OF_RECONFIG_DETACH_NODE:\n)((?:(?!\tcase |\tdefault:)[\s\S])*?)(\t\tif \(pci && pci->table_group\)\n\t\t\tiommu_pseries_free_group\(pci->table_group,\s*np->full_name\);\n\n)/,
    put: (m) => `${m[1] ?? ""}${m[3] ?? ""}${m[2] ?? ""}`,
  },
];

/** Number of its hunks. */
export const BUILTIN_HUNKS = edits.length;

/** @param only indices of the hunks to apply; all if left out */
export function builtinChange(tree: SourceTree, only?: ReadonlySet<number>): Result<BuiltinChange> {
  const files = new Map<string, string>();
  const hunks: PatchResult["hunks"][number][] = [];
  const changed = new Map<number, ChangedLines>();
  /** Lines added to a file so far; the edits of a file go from top to bottom. */
  const grown = new Map<string, number>();
  for (const [index, edit] of edits.entries()) {
    const text = files.get(edit.file) ?? tree.read(edit.file);
    const found = text === undefined ? null : edit.find.exec(text);
    if (text === undefined || found === null)
      return fail({
        code: "builtin-change",
        message: `The built-in change does not fit this tree: no place to ${edit.what}.`,
        place: { file: edit.file, line: 1 },
        hint: "Review a mail or patch instead. The tree may already contain the change.",
      });
    const here = text.slice(0, found.index).split("\n").length;
    const gained = grown.get(edit.file) ?? 0;
    const line = here - gained;
    const put = edit.put(found);
    const header = `@@ ${edit.what} @@`;
    if (only?.has(index) === false) {
      hunks.push({ file: edit.file, header, status: "off", line });
      continue;
    }
    files.set(edit.file, text.slice(0, found.index) + put + text.slice(found.index + found[0].length));
    const [old, now] = [found[0].split("\n"), put.split("\n")];
    const lines = between(old, now);
    changed.set(index, { deleted: lines.old.map((i) => line + i), added: lines.now.map((i) => here + i) });
    grown.set(edit.file, gained + now.length - old.length);
    hunks.push({ file: edit.file, header, status: "applied", line });
  }
  return ok({
    patch: { subject: "Wait for the TCEs, then free the table, then remove the window", from: "TCE Scope (built-in change)", repairs: [], hunks },
    files,
    changed,
  });
}

/** The range of lines that differ: without the common beginning and end. */
function between(old: readonly string[], now: readonly string[]): { readonly old: readonly number[]; readonly now: readonly number[] } {
  let from = 0;
  while (from < old.length && from < now.length && old[from] === now[from]) from++;
  let end = 0;
  while (end < old.length - from && end < now.length - from && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const indices = (all: readonly string[]): readonly number[] => all.slice(from, all.length - end).map((_, i) => from + i);
  return { old: indices(old), now: indices(now) };
}
