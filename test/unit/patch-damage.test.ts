// A random program, a random edit, a diff, random damage of the kinds that mailers and archives do: the patch, read and
// applied, gives the edited program, character for character, including indentation.

import { describe, expect, it } from "vitest";
import { applyPatch } from "../../engine/patch/apply.js";
import { readPatch } from "../../engine/patch/patchset.js";
import { treeOf } from "../../engine/tree/layered-tree.js";
import { archiveDamage, gitDiff, PATH, quote, seeded } from "./patch-fixtures.js";

type Random = () => number;

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/** A statement as lines, indented relative to its block. */
type Statement = readonly string[];

let serial = 0;

function statement(random: Random, depth: number): Statement {
  serial += 1;
  const n = String(serial);
  const block = (): string[] =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () => statement(random, depth - 1)).flatMap((lines) =>
      lines.map((line) => (line === "" ? "" : `\t${line}`)),
    );
  const simple = [`count_${n} += step(${n});`, `call_${n}(dev, "text: %d\\n", ${n});`, `p->field_${n} = q[${n}] ? 1 : 0;`];
  if (depth <= 0) return [pick(random, simple)];
  switch (Math.floor(random() * 9)) {
    case 0:
      return [`if (test_${n}(p)) {`, ...block(), "}"];
    case 1:
      return [`if (p->flag_${n})`, `\t${pick(random, simple)}`];
    case 2:
      return [`list_for_each_entry(p, &list_${n}, node) {`, ...block(), "}"];
    case 3:
      return [`if (a_${n}) {`, ...block(), "} else {", ...block(), "}"];
    case 4:
      return [`/* remark ${n} */`, pick(random, simple)];
    case 5:
      return ["/*", ` * A longer remark ${n},`, " * with two lines.", " */", pick(random, simple)];
    case 6:
      return [`switch (kind_${n}) {`, `case KIND_${n}:`, ...block(), "\tbreak;", "default:", ...block(), "\tbreak;", "}"];
    case 7:
      return [`while (busy_${n}(p))`, `\tif (late_${n})`, `\t\t${pick(random, simple)}`];
    default:
      return [pick(random, simple)];
  }
}

interface Program {
  readonly functions: readonly { readonly name: string; readonly body: readonly Statement[] }[];
}

function program(random: Random): Program {
  return {
    functions: Array.from({ length: 3 }, (_, i) => ({
      name: `work_${String(i)}`,
      body: Array.from({ length: 4 + Math.floor(random() * 8) }, () => statement(random, 3)),
    })),
  };
}

function edited(random: Random, { functions }: Program): Program {
  return {
    functions: functions.map(({ name, body }) => {
      const next = [...body];
      for (let k = Math.floor(random() * 3); k > 0; k -= 1) {
        const at = Math.floor(random() * (next.length + 1));
        if (random() < 0.6 || next.length < 3) next.splice(at, 0, statement(random, 3));
        else next.splice(Math.min(at, next.length - 1), 1);
      }
      return { name, body: next };
    }),
  };
}

function print({ functions }: Program): string {
  return functions
    .map(
      ({ name, body }) =>
        `static int ${name}(struct thing *p)\n{\n\tint ret = 0;\n\n${body.flatMap((lines) => lines.map((line) => (line === "" ? "" : `\t${line}`))).join("\n")}\n\treturn ret;\n}\n`,
    )
    .join("\n");
}

type Damage = (text: string) => string;

const DAMAGES: Readonly<Record<string, Damage>> = {
  none: (text) => text,
  "CRLF line ends": (text) => text.replaceAll("\n", "\r\n"),
  quoted: (text) => quote(text),
  "quoted three times": (text) => quote(quote(quote(text, ">"))),
  "empty lines emptied": (text) => text.replace(/^ $/gm, ""),
  "context blanks lost": (text) => text.replace(/^ /gm, ""),
  "tabs run together": (text) => text.replace(/\t+/g, " "),
  "tabs removed after the sign": (text) => text.replace(/^([ +-])\t+/gm, "$1"),
  "tabs expanded": (text) => text.replace(/^([ +-])(\t+)/gm, (_, sign: string, tabs: string) => sign + " ".repeat(8 * tabs.length)),
  "archive text": archiveDamage,
  "archive text, quoted": (text) => quote(archiveDamage(text)),
  "quoted, with CRLF, emptied": (text) => quote(text.replace(/^ $/gm, "")).replaceAll("\n", "\r\n"),
  "quoted-printable": (text) =>
    `From: a@example.org\nSubject: [PATCH] x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${text
      .replace(/[=\t]/g, (c) => `=${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`)
      .replace(/ $/gm, "=20")
      .replace(/^(.{50}[^=][^=])(?=.)/gm, "$1=\n")}`,
};

describe("a random edit survives", () => {
  it.each(Object.keys(DAMAGES))("%s", (name) => {
    const damage = DAMAGES[name];
    if (damage === undefined) throw new Error(name);
    const random = seeded(2025);
    for (let round = 0; round < 60; round += 1) {
      serial = 0;
      const before = program(random);
      const after = edited(random, before);
      const [old, expected] = [print(before), print(after)];
      if (old === expected) continue;
      const mail = damage(`Some text.\n---\n${gitDiff(old, expected)}-- \n2.39.5\n`);
      const patch = readPatch(mail, `round ${String(round)}`);
      if (!patch.ok) throw new Error(`round ${String(round)}: ${patch.error.message}\n${mail}`);
      // The tree has gained a few lines at its head.
      const shift = "// a line\n".repeat(Math.floor(random() * 4));
      const applied = applyPatch(patch.value, treeOf({ [PATH]: shift + old }));
      expect(applied.hunks.filter((hunk) => hunk.status !== "applied" && hunk.status !== "offset")).toEqual([]);
      expect(applied.files.get(PATH)).toBe(shift + expected);
    }
  });
});
