// The fuzzer's inputs: functions of kernel files below the files' #includes, headers, and the project's own C.

import { mutate, Random } from "./mutate.js";

/** A file split into its head, which most inputs keep undamaged, and pieces. */
export interface Material {
  readonly path: string;
  readonly text: string;
  readonly head: string;
  readonly pieces: readonly string[];
}

/** Splits a file after each top-level declaration; the head ends at the last #include. */
export function material(path: string, text: string): Material {
  const lines = text.split("\n");
  let last = -1;
  for (const [i, line] of lines.entries()) if (/^\s*#\s*include/.test(line)) last = i;
  const pieces: string[] = [];
  let piece: string[] = [];
  for (const line of lines.slice(last + 1)) {
    piece.push(line);
    if (/^\S.*[;}]\s*$|^}/.test(line) || (line === "" && piece.length > 30)) {
      pieces.push(piece.join("\n"));
      piece = [];
    }
  }
  pieces.push(piece.join("\n"));
  return { path, text, head: lines.slice(0, last + 1).join("\n"), pieces };
}

export interface FuzzInput {
  readonly seed: number;
  /** Path of the file that the text replaces. */
  readonly path: string;
  readonly text: string;
}

/** The input of a seed: some adjacent pieces of a file, damaged; sometimes a whole file. */
export function inputOf(seed: number, materials: readonly Material[]): FuzzInput {
  const random = new Random(seed);
  const source = random.pick(materials);
  if (source === undefined) return { seed, path: "main.c", text: "" };
  const others = [random.pick(materials)?.text ?? "", source.text];
  if (random.chance(0.01)) return { seed, path: source.path, text: mutate(random, source.text, others) };
  const from = random.below(source.pieces.length);
  const pieces = source.pieces.slice(from, from + 1 + random.below(3)).join("\n");
  if (random.chance(0.03)) return { seed, path: source.path, text: mutate(random, `${source.head}\n${pieces}`, others) };
  return { seed, path: source.path, text: `${source.head}\n${mutate(random, pieces, others)}` };
}
