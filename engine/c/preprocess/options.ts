// What a run of the preprocessor gets, and what it reports of the macros behind a token.
import type { SourceTree } from "../../tree/index.js";
import type { PpCache } from "./cache.js";
import type { IncludeMemory, Supplied } from "./includes.js";

export interface PreprocessOptions {
  readonly tree: SourceTree;
  /** Path of the main file in the tree. */
  readonly main: string;
  /** Directories of the tree that are searched, in order; `supplied` comes before them. */
  readonly includePaths: readonly string[];
  /** Looked up as by `#include "…"` from the root, before the main file. */
  readonly forcedIncludes: readonly string[];
  /** `[NAME, value]`; a name may have parameters: `["F(x)", "x"]`. */
  readonly defines: readonly (readonly [string, string])[];
  /** Text of `#define` lines that the compiler itself would make. */
  readonly predefined: string;
  readonly supplied: Supplied;
  readonly cache: PpCache;
  /**
   * Keep what stands between #includes and use it again in the cache's other translation units. `__COUNTER__` then
   * has other numbers in headers than gcc gives it.
   */
  readonly share?: boolean;
  /** What was found by earlier runs over the same tree, while it stays as it is. */
  readonly searched?: IncludeMemory;
}

/** A macro that a token came out of. */
export interface Expansion {
  readonly name: string;
  /** Location of the name in its #define. */
  readonly definition: number;
  /** Location in its replacement list: of the token, or of the macro in it that the token came out of. */
  readonly place: number;
}

export interface Trail {
  /** Where it was written outside of any macro's definition: a macro's name, or what stands in a macro's arguments. */
  readonly written: number;
  /** Innermost first. */
  readonly expansions: readonly Expansion[];
}
