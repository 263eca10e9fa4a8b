// The input of a preprocessor run, and its report on the macros behind a token.
import type { SourceTree } from "../../tree/index.js";
import type { PpCache } from "./cache.js";
import type { IncludeMemory, Supplied } from "./includes.js";

export interface PreprocessOptions {
  readonly tree: SourceTree;
  /** Path of the main file in the tree. */
  readonly main: string;
  /** Directories of the tree to search, in order; `supplied` comes before them. */
  readonly includePaths: readonly string[];
  /** Looked up as by `#include "…"` from the root, before the main file. */
  readonly forcedIncludes: readonly string[];
  /** `[NAME, value]`; a name may have parameters: `["F(x)", "x"]`. */
  readonly defines: readonly (readonly [string, string])[];
  /** `#define` lines for the compiler's own predefined macros. */
  readonly predefined: string;
  readonly supplied: Supplied;
  readonly cache: PpCache;
  /**
   * Keep the segments between #includes and reuse them in other translation units of the cache. `__COUNTER__` then
   * has other values in headers than with gcc.
   */
  readonly share?: boolean;
  /** Results of include searches of earlier runs over the same, unchanged tree. */
  readonly searched?: IncludeMemory;
}

/** A macro expansion that produced a token. */
export interface Expansion {
  readonly name: string;
  /** Location of the name in its #define. */
  readonly definition: number;
  /** Location in its replacement list: of the token, or of the inner macro that produced the token. */
  readonly place: number;
}

export interface Trail {
  /** Location outside all macro definitions: of a macro's name, or of a token in a macro's arguments. */
  readonly written: number;
  /** Innermost first. */
  readonly expansions: readonly Expansion[];
}
