// The macros that have no replacement list, by name and as entries of a table of macros. builtin-macros.ts expands them.
import { fixed } from "../lex/index.js";
import type { Macro, Macros } from "./macro.js";

const NAMES = [
  "__FILE__",
  "__LINE__",
  "__COUNTER__",
  "__INCLUDE_LEVEL__",
  "__BASE_FILE__",
  "__DATE__",
  "__TIME__",
  "__TIMESTAMP__",
  "_Pragma",
  "__has_include",
  "__has_include_next",
  "__has_attribute",
  "__has_cpp_attribute",
  "__has_c_attribute",
  "__has_builtin",
] as const;
export type BuiltinName = (typeof NAMES)[number];

/** Built-in macros by the atom of their name. */
export const BUILTIN_NAMES: ReadonlyMap<number, BuiltinName> = new Map(NAMES.map((name) => [fixed(name), name]));

/** Adds the built-in macros to a table. */
export function builtinMacros(macros: Macros): readonly Macro[] {
  return [...BUILTIN_NAMES.keys()].map((name) => macros.add({ name, kind: "builtin", params: [], variadic: false, body: new Int32Array(0), loc: 0 }));
}
