// Precedence of binary operators (C11 6.5.5 to 6.5.14), in expressions and in the conditions of #if.
import { fixed } from "./tokens.js";

const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

/** By the operator's atom: from 1 for `||`, the lowest, to 10. */
export const PRECEDENCE: ReadonlyMap<number, number> = new Map(LEVELS.flatMap((operators, i) => operators.map((text) => [fixed(text), i + 1] as const)));
