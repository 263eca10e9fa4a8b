// package.json contributes and the extension registers the same commands, each once; every text is in the bundle.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import * as commands from "../../extension/commands/list.js";
import { projectDir } from "../../scripts/process.mjs";
import { l10nBundle } from "../../scripts/write-l10n.mjs";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when?: string }[];
  };
}

const manifest = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as Manifest;
const extension = join(projectDir, "extension");
const sources = readdirSync(extension, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(join(extension, name), "utf8") }));

/** The part of the editor's API that the command modules use while they load. */
vi.mock("vscode", () => ({ Disposable: Object, Uri: { from: () => undefined } }));

describe("commands", () => {
  const ids = Object.values(commands).map(({ id }) => id);
  const contributed = manifest.contributes.commands.map(({ command }) => command);

  it("are registered once: a second registration would keep the extension from starting", () => {
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(sources.filter(({ text }) => /register(TextEditor)?Command\(/.test(text)).map(({ name }) => name)).toEqual(["commands/register.ts"]);
  });

  it("are all in the list", () => {
    const written = sources.flatMap(({ text }) => [...text.matchAll(/^(?:export )?const (\w+): Command = /gm)].map(([, name]) => name));
    expect(Object.keys(commands).sort()).toEqual(written.sort());
  });

  it("are named like their ids", () => {
    expect(Object.entries(commands).filter(([name, { id }]) => id !== `tceScope.${name}`)).toEqual([]);
  });

  it("are contributed, unless only the extension itself runs them", () => {
    const forUsers = Object.values(commands).filter(({ internal }) => internal !== true);
    expect([...contributed].sort()).toEqual(forUsers.map(({ id }) => id).sort());
  });

  it("are contributed once, and under the product's name", () => {
    expect(contributed.filter((name, i) => contributed.indexOf(name) !== i)).toEqual([]);
    expect(manifest.contributes.commands.filter(({ category }) => category !== "TCE Scope")).toEqual([]);
  });

  it("exist for every id that a link, a menu or a key runs", () => {
    const { menus, keybindings } = manifest.contributes;
    const inManifest = [...Object.values(menus).flat(), ...keybindings].flatMap(({ command }) => command ?? []);
    expect(inManifest.filter((id) => id.startsWith("tceScope.") && !ids.some((known) => known === id))).toEqual([]);
    const run = sources.flatMap(({ text }) => [...text.matchAll(/(?:executeCommand\(|command: ?)"?(tceScope\.\w+)\b(?!\.)/g)].map(([, id]) => id ?? ""));
    expect(run.length).toBeGreaterThan(5);
    expect(run.filter((id) => !ids.some((known) => known === id))).toEqual([]);
  });

  it("have distinct keys, unless their conditions exclude each other", () => {
    const taken = manifest.contributes.keybindings.map(({ key, when }) => `${key} when ${when ?? "always"}`);
    expect(taken.filter((one, i) => taken.indexOf(one) !== i)).toEqual([]);
  });
});

describe("texts", () => {
  it("of the pages are all in the translators' bundle", () => {
    const bundle = JSON.parse(readFileSync(join(projectDir, "l10n", "bundle.l10n.json"), "utf8")) as Readonly<Record<string, string>>;
    expect(bundle).toMatchObject(l10nBundle(["webview"]));
  });

  it("of the manifest are in package.nls.json, each exactly once", () => {
    const text = readFileSync(join(projectDir, "package.json"), "utf8");
    const texts = JSON.parse(readFileSync(join(projectDir, "package.nls.json"), "utf8")) as Readonly<Record<string, string>>;
    const used = [...text.matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key ?? "");
    expect([...used].sort()).toEqual(Object.keys(texts).sort());
    // Every text that a reader sees is a key, except the product's name.
    const raw = [...text.matchAll(/"(title|description|markdownDescription|contents|label)": "([^"%][^"]*)"/g)].map(([, , words]) => words);
    expect(raw.filter((words) => words !== "TCE Scope")).toEqual([]);
  });
});
