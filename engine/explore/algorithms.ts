// The search algorithms by the name with which a user chooses one.

import type { SearchAlgorithm } from "./algorithm.js";
import { exhaustiveSearch } from "./exhaustive.js";
import { pctSearch } from "./pct.js";
import { randomSearch } from "./random.js";

const byName = { exhaustive: exhaustiveSearch, random: randomSearch, pct: pctSearch };

export type AlgorithmName = keyof typeof byName;

export const algorithms: Readonly<Record<AlgorithmName, SearchAlgorithm>> = byName;

export function isAlgorithm(name: string): name is AlgorithmName {
  return Object.hasOwn(byName, name);
}
