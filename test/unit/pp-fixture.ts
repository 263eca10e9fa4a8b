// A few files in memory, preprocessed: the tokens as text, diagnostics as "line: message".
import { PpCache, preprocess, type Preprocessed } from "../../engine/c/preprocess/index.js";
import { PREDEFINED } from "../../engine/c/preprocess/predefined.js";
import { Unit } from "../../engine/c/syntax/unit.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";

export interface RunResult {
  readonly result: Preprocessed;
  readonly cache: PpCache;
  /** The spellings of the tokens, with one blank between them. */
  readonly text: string;
  /** `line: message`, for errors and warnings. */
  readonly diagnostics: readonly string[];
}

export function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  const all = new Map(Object.entries(files));
  return { exists: (path) => all.has(path), read: (path) => all.get(path) };
}

/** `a.c` of `files`, preprocessed without include paths and parsed. */
export function unitOf(files: Readonly<Record<string, string>>): { readonly cache: PpCache; readonly pp: Preprocessed; readonly unit: Unit } {
  const cache = new PpCache();
  const pp = preprocess({
    tree: treeOf(files),
    main: "a.c",
    includePaths: [],
    forcedIncludes: [],
    defines: [],
    predefined: PREDEFINED,
    supplied: new Map(),
    cache,
  });
  return { cache, pp, unit: Unit.parse(pp.tokens, "a.c") };
}

export interface RunOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly supplied?: Readonly<Record<string, string>>;
  readonly includePaths?: readonly string[];
  readonly forcedIncludes?: readonly string[];
  readonly defines?: readonly (readonly [string, string])[];
  readonly cache?: PpCache;
}

export function run(main: string, options: RunOptions = {}): RunResult {
  const cache = options.cache ?? new PpCache();
  const result = preprocess({
    tree: treeOf({ "main.c": main, ...options.files }),
    main: "main.c",
    includePaths: options.includePaths ?? ["include"],
    forcedIncludes: options.forcedIncludes ?? [],
    defines: options.defines ?? [],
    predefined: PREDEFINED,
    supplied: new Map(Object.entries(options.supplied ?? {})),
    cache,
  });
  const diagnostics = result.diagnostics.map(({ loc, message }) => `${String(cache.sourceMap.place(loc)?.line ?? 0)}: ${message}`);
  return { result, cache, text: spelling(result), diagnostics };
}

export function spelling({ tokens }: Preprocessed): string {
  return Array.from(tokens.value.subarray(0, tokens.length - 1), (atom) => tokens.atoms.text(atom)).join(" ");
}

/** Only the text, for input that must give no diagnostic. */
export function expand(main: string, options: RunOptions = {}): string {
  const { text, diagnostics } = run(main, options);
  if (diagnostics.length > 0) throw new Error(diagnostics.join("\n"));
  return text;
}
