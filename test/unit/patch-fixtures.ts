// Texts for the patch tests: a small C file, unified diffs of two texts, and seeded random numbers.
// Shares no code with engine/patch, so that a bug there cannot hide here.

export const WINDOW_C = `// A pool of windows.
#include <linux/types.h>
#include <linux/slab.h>
#include <linux/mm.h>

struct window {
	unsigned long start;
	unsigned long size;
	int users;
};

static int window_busy(struct window *win)
{
	return win->users > 0;
}

static void window_drop(struct window *win)
{
	if (!win)
		return;

	/* nobody may use it now */
	if (window_busy(win))
		pr_warn("%s: still in use\\n", __func__);

	/* give it back */
	kfree(win);
}

int window_event(struct window *win, int action)
{
	int ret = 0;

	switch (action) {
	case 1:
		/*
		 * First of all the caller's table
		 * has to be cleared.
		 */
		if (window_clear(win, 0, true))
			window_clear(win, 1, true);

		if (win && win->users)
			window_put(win->start,
					win->size);

		spin_lock(&window_lock);
		list_del(&win->list);
		spin_unlock(&window_lock);
		break;
	default:
		ret = 1;
		break;
	}
	return ret;
}
`;

/** The same file with a wait loop, and the second block of the switch moved to its head. */
export const WINDOW_C_PATCHED = WINDOW_C.replace("#include <linux/mm.h>\n", "#include <linux/mm.h>\n#include <linux/delay.h>\n")
  .replace(
    `	if (window_busy(win))
		pr_warn("%s: still in use\\n", __func__);
`,
    `	tries = 0;
	while (window_busy(win)) {
		int sec;

		pr_info("%s: still in use, wait for its last user\\n", __func__);
		msleep(50);

		/* Leave the loop after a while,
		 * the user may never come back.
		 */
		sec = tries++ / 20;
		if (sec >= 120) {
			pr_warn("%s: gave up\\n", __func__);
			break;
		}
	}
`,
  )
  .replace(
    `		if (win && win->users)
			window_put(win->start,
					win->size);

		spin_lock`,
    "		spin_lock",
  )
  .replace(
    `	case 1:
		/*`,
    `	case 1:
		if (win && win->users)
			window_put(win->start,
					win->size);

		/*`,
  );

export const PATH = "arch/powerpc/kernel/window.c";

interface Edit {
  readonly kind: " " | "+" | "-";
  readonly text: string;
}

/** Longest common subsequence, by dynamic programming. */
function edits(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const width = after.length + 1;
  const length = new Int32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => length[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      length[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const result: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      result.push({ kind: " ", text: before[i] ?? "" });
      i += 1;
      j += 1;
    } else if (i < before.length && (j === after.length || at(i + 1, j) >= at(i, j + 1))) {
      result.push({ kind: "-", text: before[i] ?? "" });
      i += 1;
    } else {
      result.push({ kind: "+", text: after[j] ?? "" });
      j += 1;
    }
  }
  return result;
}

/** Hunks of a unified diff with three lines of context, sections as git prints them. */
export function hunksOf(before: string, after: string, context = 3): string {
  const old = before.replace(/\n$/, "").split("\n");
  const all = edits(old, after.replace(/\n$/, "").split("\n"));
  const changed = all.flatMap((edit, k) => (edit.kind === " " ? [] : [k]));
  const ranges: [number, number][] = [];
  for (const k of changed) {
    const last = ranges[ranges.length - 1];
    if (last !== undefined && k - context <= last[1]) last[1] = Math.min(all.length, k + context + 1);
    else ranges.push([Math.max(0, k - context), Math.min(all.length, k + context + 1)]);
  }
  const lines: string[] = [];
  for (const [from, to] of ranges) {
    const oldBefore = all.slice(0, from).filter((edit) => edit.kind !== "+").length;
    const newBefore = all.slice(0, from).filter((edit) => edit.kind !== "-").length;
    const part = all.slice(from, to);
    const oldCount = part.filter((edit) => edit.kind !== "+").length;
    const newCount = part.filter((edit) => edit.kind !== "-").length;
    const section = old.slice(0, oldBefore).findLast((line) => /^[A-Za-z_]/.test(line));
    const oldStart = oldCount === 0 ? oldBefore : oldBefore + 1;
    const newStart = newCount === 0 ? newBefore : newBefore + 1;
    lines.push(
      `@@ -${String(oldStart)},${String(oldCount)} +${String(newStart)},${String(newCount)} @@${section === undefined ? "" : ` ${section.slice(0, 80)}`}`,
    );
    for (const edit of part) lines.push(edit.kind + edit.text);
  }
  return lines.join("\n") + "\n";
}

export function gitDiff(before: string, after: string, path = PATH): string {
  return `diff --git a/${path} b/${path}\nindex 1111111..2222222 100644\n--- a/${path}\n+++ b/${path}\n${hunksOf(before, after)}`;
}

export const MESSAGE = `A window may still have users when it is dropped.

Wait for them.

Signed-off-by: Ada Example <ada@example.org>
`;

/** A mail in the format of git format-patch. */
export function formatPatch(before = WINDOW_C, after = WINDOW_C_PATCHED, subject = "[PATCH v3] window: Wait for the users"): string {
  return `From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001
From: Ada Example <ada@example.org>
Date: Tue, 4 Feb 2025 10:00:00 +0100
Subject: ${subject}

${MESSAGE}---
 ${PATH} | 30 +++++++++++++++++++++++++-----
 1 file changed, 20 insertions(+), 6 deletions(-)

${gitDiff(before, after)}-- 
2.39.5

`;
}

export function quote(text: string, mark = "> "): string {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => (line === "" ? mark.trimEnd() : mark + line))
    .join("\n")
    .concat("\n");
}

/** The damage of some list archives: runs of white space become one blank, the leading blanks of context lines vanish. */
export function archiveDamage(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/[ \t]+/g, " ").replace(/^ | $/g, ""))
    .join("\n");
}

/** Mulberry32: the same numbers on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
