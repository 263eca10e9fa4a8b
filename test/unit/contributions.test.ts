// What package.json promises and what the extension registers are the same commands, each once; every text is in the bundle.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { l10nBundle } from "../../scripts/write-l10n.mjs";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category?: string }[];
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when?: string }[];
  };
}

const manifest = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as Manifest;
const sources = readdirSync(join(projectDir, "extension"))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join(projectDir, "extension", name), "utf8"));

describe("commands", () => {
  const registered = sources.flatMap((text) => [
    ...[...text.matchAll(/registerCommand\(\s*"(tceScope\.\w+)"/g)].map(([, name]) => name ?? ""),
    ...[...text.matchAll(/this\.#add\("(\w+)"/g)].map(([, name]) => `tceScope.${name ?? ""}`),
  ]);

  it("are registered once: a second registration would keep the extension from starting", () => {
    expect(registered.filter((name, i) => registered.indexOf(name) !== i)).toEqual([]);
  });

  it("are contributed once, and under the product's name", () => {
    const names = manifest.contributes.commands.map(({ command }) => command);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(manifest.contributes.commands.filter(({ category }) => category !== "TCE Scope")).toEqual([]);
  });

  it("have keys of their own, unless their conditions keep them apart", () => {
    const taken = manifest.contributes.keybindings.map(({ key, when }) => `${key} when ${when ?? "always"}`);
    expect(taken.filter((one, i) => taken.indexOf(one) !== i)).toEqual([]);
  });
});

describe("texts", () => {
  it("of the pages all stand in the bundle that translators get", () => {
    const bundle = JSON.parse(readFileSync(join(projectDir, "l10n", "bundle.l10n.json"), "utf8")) as Readonly<Record<string, string>>;
    expect(bundle).toMatchObject(l10nBundle(["webview"]));
  });

  it("of the manifest stand in package.nls.json, each once and no other", () => {
    const text = readFileSync(join(projectDir, "package.json"), "utf8");
    const texts = JSON.parse(readFileSync(join(projectDir, "package.nls.json"), "utf8")) as Readonly<Record<string, string>>;
    const used = [...text.matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key ?? "");
    expect([...used].sort()).toEqual(Object.keys(texts).sort());
    // What a reader sees is a key; the product's name stands for itself.
    const raw = [...text.matchAll(/"(title|description|markdownDescription|contents|label)": "([^"%][^"]*)"/g)].map(([, , words]) => words);
    expect(raw.filter((words) => words !== "TCE Scope")).toEqual([]);
  });
});
