// What the fuzzer damages: functions cut out of kernel files beneath the #includes they stand under, headers, and our
// own C. The files of a tree are read once.

import { Chance, mutate } from "./mutate.js";

/** A text in which pieces can be cut: what comes first in any case, and the pieces. */
export interface Material {
  readonly path: string;
  readonly text: string;
  readonly head: string;
  readonly pieces: readonly string[];
}

/** Cut at what ends in the first column; the head goes up to the last #include. */
export function material(path: string, text: string): Material {
  const all = text.split("\n");
  let last = -1;
  for (const [i, line] of all.entries()) if (/^\s*#\s*include/.test(line)) last = i;
  const pieces: string[] = [];
  let piece: string[] = [];
  for (const line of all.slice(last + 1)) {
    piece.push(line);
    if (/^\S.*[;}]\s*$|^}/.test(line) || (line === "" && piece.length > 30)) {
      pieces.push(piece.join("\n"));
      piece = [];
    }
  }
  pieces.push(piece.join("\n"));
  return { path, text, head: all.slice(0, last + 1).join("\n"), pieces };
}

export interface FuzzInput {
  readonly seed: number;
  /** Path of the file that takes the text's place. */
  readonly path: string;
  readonly text: string;
}

/** The input of a seed: some neighbouring pieces of a file, now and then all of it, damaged. */
export function inputOf(seed: number, materials: readonly Material[]): FuzzInput {
  const chance = new Chance(seed);
  const of = chance.of(materials);
  if (of === undefined) return { seed, path: "main.c", text: "" };
  const others = [chance.of(materials)?.text ?? "", of.text];
  if (chance.often(0.01)) return { seed, path: of.path, text: mutate(chance, of.text, others) };
  const from = chance.below(of.pieces.length);
  const pieces = of.pieces.slice(from, from + 1 + chance.below(3)).join("\n");
  if (chance.often(0.03)) return { seed, path: of.path, text: mutate(chance, `${of.head}\n${pieces}`, others) };
  return { seed, path: of.path, text: `${of.head}\n${mutate(chance, pieces, others)}` };
}
