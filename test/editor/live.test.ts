// Changes during an open review: other windows, files that disappear and return, a branch switch, many editors on one file,
// views that are closed and reopened. An old verdict may never appear to be a new one.

import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { Editor, until } from "./editor.js";
import { openAt, outcomes, panel } from "./steps.js";

const core = "arch/powerpc/kernel/iommu.c";
const slots = "arch/powerpc/platforms/pseries/iommu.c";
const header = "include/linux/slab.h";
const headers = "arch/powerpc/include/asm";
const reviewed = ["Oops", "Nothing found"];

describe("a review while its surroundings change", () => {
  let editor: Editor;
  const folder = mkdtempSync(join(tmpdir(), "tce-scope-live-"));
  const original = (path: string): string => readFileSync(join(projectDir, "examples", "tree", path), "utf8");
  const onDisk = (path: string, text: string): void => writeFileSync(join(folder, path), text);

  beforeAll(async () => {
    cpSync(join(projectDir, "examples", "tree"), folder, { recursive: true });
    editor = await Editor.start({ folder });
    await review(editor);
  });
  afterAll(async () => {
    await editor.screenshot("live-last");
    await editor.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("keeps the verdict of each of two windows apart, as their unsaved texts are", async () => {
    const other = await editor.anotherWindow();
    await review(other);
    await openAt(other, core, "vfree(");
    await other.page.keyboard.press("Home");
    const changes = await watchStale(editor);
    await other.page.keyboard.type("// ");
    await settled(other, ([before]) => before !== "Oops");
    await settled(editor, same);
    expect(await changes()).toBe(false);
    await other.screenshot("live-other-window");

    // Saved, it is the text of both.
    await other.command("File: Save");
    await settled(editor, ([before]) => before !== "Oops");
    expect(await changes()).toBe(true);
    onDisk(core, original(core));
    await settled(editor, same);
    await settled(other, same);

    await other.command("TCE Scope: Clear Review");
    await other.inWebview(".welcome");
    await settled(editor, same);
    await other.page.close();
  });

  it("follows the patch's own file, written by another program while no editor has it", async () => {
    const mail = original("wait-for-buffers.patch");
    // A version that does not wait: its loop is left before it begins.
    onDisk("wait-for-buffers.patch", mail.replace("#define WAIT_LIMIT_MS 10000", "#define WAIT_LIMIT_MS 0"));
    await settled(editor, ([, after]) => after !== "Nothing found");
    onDisk("wait-for-buffers.patch", mail);
    await settled(editor, same);
  });

  it("reports a missing header, and judges again when it is back", async () => {
    rmSync(join(folder, header));
    expect(await trouble(editor, "slab.h")).toMatch(/\w+\.[ch]:\d+/);
    await editor.screenshot("live-header-gone");
    onDisk(header, original(header));
    await settled(editor, same);
    await nothingWrong(editor);
  });

  it("does so for a file that is open in an editor, too", async () => {
    await editor.openFile(slots);
    rmSync(join(folder, slots));
    await trouble(editor, slots);
    await editor.screenshot("live-open-file-gone");
    onDisk(slots, original(slots));
    await settled(editor, same);
    await nothingWrong(editor);
  });

  it("notices the removal of a folder", async () => {
    renameSync(join(folder, headers), join(folder, "aside"));
    await trouble(editor, "asm/");
    renameSync(join(folder, "aside"), join(folder, headers));
    await settled(editor, same);
    await nothingWrong(editor);
  });

  it("shows the verdict as old after a branch switch, and then that of the new branch", async () => {
    const stale = await watchStale(editor);
    await editor.openFile(core);
    // The other branch leaks the map instead of freeing it, and all its lines stand elsewhere.
    onDisk(core, `/* Another branch. */\n\n${original(core).replace("\tvfree(tbl->it_map);\n", "")}`);
    onDisk(slots, `/* Another branch. */\n${original(slots)}`);
    onDisk(header, `${original(header)}\n/* Another branch. */\n`);
    await settled(editor, ([before]) => before !== "Oops");
    expect(await stale()).toBe(true);
    await editor.screenshot("live-other-branch");
    for (const path of [core, slots, header]) onDisk(path, original(path));
    await settled(editor, same);
  });

  it("writes figures into every editor of a file", async () => {
    await openAt(editor, core, "&= ~bit_of(entry)");
    await editor.command("View: Split Editor Right");
    await until("the oops in both editors", async () => ((await notes(editor)).filter((text) => text.includes("oops")).length === 2 ? true : undefined));
    await editor.screenshot("live-split");
    // An edit elsewhere makes all of them old, and then new again.
    onDisk(core, original(core).replace("\tvfree(tbl->it_map);\n", ""));
    await settled(editor, ([before]) => before !== "Oops");
    await until("no oops in any of them", async () => ((await notes(editor)).some((text) => text.includes("oops")) ? undefined : true));
    onDisk(core, original(core));
    await settled(editor, same);
    await editor.command("View: Close All Editors");
  });

  it("is restored when the panel is reopened and when the window is reloaded", async () => {
    await editor.command("View: Close Primary Side Bar");
    await until("the panel gone", async () => ((await editor.page.locator(".part.sidebar").isVisible()) ? undefined : true));
    // What happens meanwhile is not missed.
    onDisk(core, original(core).replace("\tvfree(tbl->it_map);\n", ""));
    await editor.page.waitForTimeout(2_000);
    await editor.command("TCE Scope: Show Review");
    await settled(editor, ([before]) => before !== "Oops");
    await editor.command("View: Close Primary Side Bar");
    onDisk(core, original(core));
    await editor.page.waitForTimeout(2_000);
    await editor.command("TCE Scope: Show Review");
    await settled(editor, same);

    await editor.reload();
    await editor.command("TCE Scope: Show Review");
    await settled(editor, same);
    await openAt(editor, core, "&= ~bit_of(entry)");
    await until("the oops on its line", async () => ((await notes(editor)).some((text) => text.includes("oops")) ? true : undefined));
    const frame = await editor.webview(panel);
    expect(await frame.locator(".subject").innerText()).toContain("wait for buffers in flight");
    await editor.screenshot("live-reloaded");
  });
});

const same = (found: readonly string[]): boolean => found.join() === reviewed.join();

async function review(editor: Editor): Promise<void> {
  await editor.openFile(core);
  await editor.command("TCE Scope: Review Patch…");
  await editor.pick("wait-for-buffers.patch");
  expect(await outcomes(editor)).toEqual(reviewed);
}

/** The outcomes shown as fresh; none while they are old, or another run is under way. The questions may be older. */
async function current(editor: Editor): Promise<readonly string[]> {
  const frame = await editor.webview("#root .card.before");
  if ((await frame.locator("#root[aria-busy=true], section.stale .cards").count()) > 0) return [];
  return (await frame.locator(".card .outcome").allInnerTexts()).map((text) => text.replace(/^\S+\s/, ""));
}

async function settled(editor: Editor, wanted: (found: readonly string[]) => boolean): Promise<void> {
  let seen: readonly string[] = [];
  await until(
    () => `the wanted outcomes; last: ${seen.join(", ")}`,
    async () => {
      seen = await current(editor);
      return seen.length > 0 && wanted(seen) ? true : undefined;
    },
    25_000,
  );
}

/** The panel's error messages, as soon as one of them names `text`. */
async function trouble(editor: Editor, text: string): Promise<string> {
  const frame = await editor.webview(panel);
  let seen = "";
  return until(
    () => `a message about ${text}; last: ${seen}`,
    async () => {
      seen = (await frame.locator(".message.error, .card .because").allInnerTexts()).join("\n");
      return seen.includes(text) ? seen : undefined;
    },
    60_000,
  );
}

async function nothingWrong(editor: Editor): Promise<void> {
  const frame = await editor.webview(panel);
  expect(await frame.locator(".message.error").allInnerTexts()).toEqual([]);
}

/** Tells later whether the panel has shown its verdict as old since, however short. */
async function watchStale(editor: Editor): Promise<() => Promise<boolean>> {
  const frame = await editor.webview(panel);
  await frame.evaluate(() => {
    delete document.body.dataset["wasStale"];
    new MutationObserver(() => {
      if (document.querySelector("section.stale .cards") !== null) document.body.dataset["wasStale"] = "yes";
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
  });
  return () => frame.evaluate(() => document.body.dataset["wasStale"] === "yes");
}

/** Per text editor that can be seen: what stands after its lines. */
async function notes(editor: Editor): Promise<readonly string[]> {
  return editor.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".editor-group-container .monaco-editor[data-uri]")]
      .filter((one) => one.offsetWidth > 0)
      .map((one) =>
        [...one.querySelectorAll(".view-lines .view-line span")]
          .map((span) => getComputedStyle(span, "::after").content)
          .filter((content) => content !== "none" && content !== "normal" && content !== "" && content !== '""')
          .join("\n"),
      ),
  );
}
