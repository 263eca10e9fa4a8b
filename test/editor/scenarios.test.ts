// Other files of a workspace: scenario files with their own actors, and kernel logs to explain.

import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { Editor, until } from "./editor.js";
import { coldStart } from "./steps.js";

const log = join(projectDir, "..", "shared", "truth", "T1.log");
const page = readFileSync(join(projectDir, "docs", "SCENARIOS.md"), "utf8");
const example = page.slice(page.indexOf("## Actors of your own"));
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(example)?.[1] ?? "";

let editor: Editor;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tce-scope-scenarios-"));
  symlinkSync(inject("tree"), join(folder, "linux"));
  writeFileSync(join(folder, "forgetful.tcescope.json"), block("json"));
  writeFileSync(join(folder, "forgetful.c"), block("c"));
  writeFileSync(join(folder, "broken.tcescope.json"), '{\n  "scenario": "late-unmap",\n  "parameters": {\n    "hold": "3 seconds"\n  }\n}\n');
  writeFileSync(join(folder, "quiet.log"), "all is well\n");
  if (existsSync(log)) writeFileSync(join(folder, "T1.log"), readFileSync(log));
  editor = await Editor.start({ folder });
});
afterAll(async () => {
  await editor.stop();
  rmSync(folder, { recursive: true });
});

const squiggles = (): Promise<number> => editor.page.locator(".editor-instance .squiggly-error").count();

async function outcome(text: RegExp): Promise<void> {
  let seen = "";
  await until(
    () => `the outcome ${String(text)}, not "${seen}"`,
    async () => {
      const frame = await editor.webview(".card", coldStart);
      seen = (
        await frame
          .locator(".card")
          .allInnerTexts()
          .catch(() => [])
      ).join("\n");
      return text.test(seen) ? true : undefined;
    },
    coldStart,
  );
}

/** By the keyboard: the way through the palette would take the selection away. */
async function explainHere(): Promise<void> {
  await editor.page.keyboard.press("Control+Alt+U");
  await editor.page.keyboard.press("X");
}

async function toldOf(text: string): Promise<true | undefined> {
  return (await editor.notifications()).some((n) => n.replace(/\s/g, " ").includes(text)) ? true : undefined;
}

async function selectAll(name: string): Promise<void> {
  await editor.openFile(name, 1);
  await editor.page.locator(".editor-group-container.active .editor-instance .view-lines").first().click();
  await editor.page.keyboard.press("Control+A");
  await editor.page.waitForTimeout(500);
}

describe("a scenario file of the workspace", () => {
  it("is listed with the built-in scenarios; an invalid one is reported with its line", async () => {
    await editor.command("TCE Scope: Run Scenario…");
    const rows = await until("the workspace's scenarios", async () => {
      const labels = await editor.quickPickRows();
      return labels.some((l) => l.includes("forgetful")) ? labels : undefined;
    });
    expect(rows.some((l) => l.includes("broken"))).toBe(true);
    await editor.screenshot("scenario-picker");
    await editor.pick("broken");
    await until("the file that is wrong", async () => ((await editor.tabs()).includes("broken.tcescope.json") ? true : undefined));
    await until("its line marked", async () => ((await squiggles()) > 0 ? true : undefined));
    expect(await editor.visibleText()).toMatch(/3\sseconds/);
    await editor.screenshot("scenario-problem");
  });

  it("runs with the actors in the C file next to it", async () => {
    await editor.command("TCE Scope: Run Scenario…");
    await editor.pick("forgetful");
    await outcome(/Oops/);
    const verdict = await editor.inWebview("section[aria-label=Verdict] h2 .aside");
    expect(await verdict.innerText()).toMatch(/^forgetful/);
    await editor.screenshot("scenario-own");
  });

  it("follows an edit of its C file, and marks what does not compile", async () => {
    await editor.openFile("forgetful.c", 1);
    await editor.page.keyboard.press("Control+End");
    await editor.page.keyboard.type("int tail = no_such_name;", { delay: 5 });
    await until("the mark in the C file", async () => ((await squiggles()) > 0 ? true : undefined), coldStart);
    await editor.screenshot("scenario-compile");
    for (let i = 0; i < 3; i++) await editor.page.keyboard.press("Control+Z");
  });
});

describe.skipIf(!existsSync(log))("Explain Oops", () => {
  it("opens a report on the log in the editor, by the keyboard, and shows the run", async () => {
    await editor.openFile("T1.log", 1);
    await explainHere();
    await editor.pick("T1.log");
    await until("the report", async () => ((await editor.tabs()).includes("Explain Oops.txt") ? true : undefined), coldStart);
    let text = "";
    await until(
      () => `the verdict in ${text}`,
      async () => {
        text = (await editor.visibleText()).replace(/\s/g, " ");
        return text.includes("The scenario late-unmap reproduces it") ? true : undefined;
      },
      coldStart,
    );
    expect(text).toContain("Functions in order: ");
    await until("the message", () => toldOf("late-unmap reproduces it"));
    await editor.screenshot("explain-oops");
    await editor.page.locator(".notifications-toasts .monaco-button", { hasText: "Show Run" }).click();
    await outcome(/Oops/);
    await editor.screenshot("explain-run");
  });

  for (const theme of ["light", "high-contrast-dark"] as const) {
    it(`takes a selection, in ${theme}`, async () => {
      await editor.setTheme(theme);
      await selectAll("T1.log");
      await explainHere();
      await editor.pick("Selected text");
      await until(
        "the message",
        async () => ((await editor.notifications()).some((n) => n.includes("late-unmap reproduces it")) ? true : undefined),
        coldStart,
      );
      await editor.screenshot(`explain-${theme}`);
    });
  }

  it("reports a text without a kernel report", async () => {
    await selectAll("quiet.log");
    await explainHere();
    await editor.pick("Selected text");
    await until("the message", () => toldOf("contains no oops"), coldStart);
  });
});
