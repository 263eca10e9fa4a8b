// The packed extension in a real editor on a real tree: it starts, and its commands are there.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor } from "./editor.js";

describe("the extension in the editor", () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await Editor.start();
  });
  afterAll(async () => {
    await editor.screenshot("smoke");
    await editor.stop();
  });

  it("offers its commands in the palette", async () => {
    for (const command of ["Review Patch…", "Review Patch from Clipboard", "Run Scenario…", "Show Review", "Show Timeline"]) {
      expect(await editor.commandTitles(`TCE Scope: ${command}`)).toContain(`TCE Scope: ${command}`);
    }
  });

  it("opens the code under review", async () => {
    await editor.openFile("arch/powerpc/platforms/pseries/iommu.c");
    expect(await editor.visibleText()).toContain("SPDX-License-Identifier");
  });
});
