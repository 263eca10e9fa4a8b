// The project's own C files, as paths relative to the project folder.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "./process.mjs";

const FOLDERS = ["engine/kernel", "engine/world", "test/c/programs", "test/c/bad", "test/c/lib"];

export function projectCFiles() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(projectDir, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.[ch]$/.test(name))
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
  );
}
