// The rooms as scripts/lint/rooms.mjs lists them, as they are on disk, and as docs/DESIGN.md describes them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { rooms } from "../../scripts/lint/rooms.mjs";
import { projectDir } from "../../scripts/process.mjs";

/** Folders with TypeScript files below `top`, and files directly in it without their ending. */
function onDisk(top: string): readonly string[] {
  const names = readdirSync(join(projectDir, top), { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  const sources = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));
  return [...new Set(sources.map((name) => (name.includes("/") ? dirname(name) : name.replace(/\.ts$/, ""))))].sort();
}

/** Rooms that are entry points of a bundle; no other room imports them. */
const entries: ReadonlySet<string> = new Set(["engine/node", "engine/web", "webview/panel", "webview/timeline"]);
const design = readFileSync(join(projectDir, "docs/DESIGN.md"), "utf8");

describe("the list of rooms", () => {
  it.each([...rooms.keys()])("names every room of %s and no other", (top) => {
    expect([...(rooms.get(top)?.keys() ?? [])].sort()).toEqual(onDisk(top));
  });

  const folders = [...rooms].flatMap(([top, listed]) =>
    [...listed.keys()].filter((room) => existsSync(join(projectDir, top, room))).map((room) => `${top}/${room}`),
  );

  it.each(folders.filter((room) => !entries.has(room)))("gives %s an index whose header states its purpose and its limits", (room) => {
    expect(readFileSync(join(projectDir, room, "index.ts"), "utf8")).toMatch(
      /^\/\/ .+\n(?:\/\/ .+\n)*\/\/ Must(?:n't| not) .+\n|^(?:\/\/ .+\n)*\/\/ .*Must not .+\n/,
    );
  });

  it.each([...rooms].flatMap(([top, listed]) => [...listed.keys()].map((room) => [top, room] as const)))("is described in the design: %s/%s", (top, room) => {
    const section = design.slice(design.indexOf("## The rooms"), design.indexOf("### Beside them"));
    const part = top === "engine" ? section.slice(0, section.indexOf("### extension")) : section.slice(section.indexOf(`### ${top}`));
    expect(part).toMatch(new RegExp(`\`${room}(?:\\.ts)?\``));
  });
});
