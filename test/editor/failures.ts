// Leaves a picture of every open editor when a test fails: out/screenshots/failed-<test>.png.

import { afterEach } from "vitest";
import { openEditors } from "./editor.js";

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  const name = task.name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60);
  let number = 0;
  for (const editor of openEditors) await editor.screenshot(`failed-${name}${number++ === 0 ? "" : `-${number}`}`).catch(() => undefined);
});
