// The preprocessor's entry: options in, token stream out (C11 6.10 with GNU's extensions). Files are lexed once per
// content and kept in a PpCache across translation units. Never throws on text; knows nothing of the kernel.
import type { SourceTree } from "../../tree/index.js";
import { Atoms, type Diagnostic, SourceMap, type TokenStream } from "../lex/index.js";
import { builtinMacros } from "./builtin-macros.js";
import { Macros } from "./macro.js";
import { Operators } from "./operators.js";
import type { IncludeMemory, Supplied } from "./includes.js";
import { type LexedFile, lexFile } from "./structure.js";
import { joined } from "./output.js";
import { PpRun } from "./run.js";
import type { Chunk } from "./segment.js";

/** Texts of one path kept at a time: two trees, each before and after a patch, and an edit or two. */
const VARIANTS = 6;

/** Lexed files by path and content. One per process is the idea: the more it has seen, the less is lexed again. */
export class PpCache {
  readonly sourceMap = new SourceMap();
  private readonly files = new Map<string, LexedFile[]>();
  private readonly lines = new Map<string, LexedFile>();

  /** The tables of what the files say: they go with the files. */
  readonly macros = new Macros();
  readonly builtins = builtinMacros(this.macros);
  readonly operators: Operators;

  /** `atoms`: the table of another cache, for text that is to be read with what was read there. */
  constructor(readonly atoms = new Atoms()) {
    this.operators = new Operators(atoms);
  }

  /** A line of the command line's own; there are few different ones. */
  define(line: string): LexedFile {
    let lexed = this.lines.get(line);
    if (lexed === undefined) {
      lexed = lexFile("<command line>", line, this.sourceMap.add("<command line>", line), this.atoms);
      this.lines.set(line, lexed);
    }
    return lexed;
  }

  file(path: string, text: string): LexedFile {
    let variants = this.files.get(path);
    if (variants === undefined) this.files.set(path, (variants = []));
    for (let i = 0; i < variants.length; i++) {
      const variant = variants[i];
      if (variant?.text !== text) continue;
      if (i > 0) {
        variants.splice(i, 1);
        variants.unshift(variant);
      }
      return variant;
    }
    const lexed = lexFile(path, text, this.sourceMap.add(path, text), this.atoms);
    variants.unshift(lexed);
    if (variants.length > VARIANTS) {
      const oldest = variants.pop();
      if (oldest !== undefined) this.sourceMap.settle(oldest.base);
    }
    return lexed;
  }
}

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

export interface Preprocessed {
  /**
   * `#pragma pack(…)` stands in it as the identifier `__pragma_pack` followed by the pragma's own tokens in
   * parentheses: `__pragma_pack ( push , 1 )`, `__pragma_pack ( pop )`, `__pragma_pack ( 4 )`, `__pragma_pack ( )`.
   * It can stand wherever a declaration or a member can. All other pragmas are gone.
   */
  readonly tokens: TokenStream;
  /** The same in pieces, which other translation units share; empty without `share`. */
  readonly chunks: readonly Chunk[];
  readonly diagnostics: readonly Diagnostic[];
  /** Paths of all files read, in the order of first use, the main file first. */
  readonly files: readonly string[];
  /** Paths looked for in vain: if one of them comes to exist, the result may change. */
  readonly missing: readonly string[];
  /** By path of a file, the location of the first #include of it; none for the main file and what was forced in. */
  readonly includedAt: ReadonlyMap<string, number>;
  /** How the token `index` came about. Costs another run; meant for messages. */
  trail(index: number): Trail;
}

export function preprocess(options: PreprocessOptions): Preprocessed {
  const run = new PpRun(options);
  run.run();
  return new Result(options, run);
}

/** How the token `index` came about; see Preprocessed. */
export function trailOf(options: PreprocessOptions, index: number): Trail {
  const again = new PpRun(options, index);
  again.run();
  return again.trail;
}

/** What is left of a run, which has buffers and tables that nobody needs when it is over. */
class Result implements Preprocessed {
  readonly chunks: readonly Chunk[];
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly string[];
  readonly missing: readonly string[];
  readonly includedAt: ReadonlyMap<string, number>;
  private whole: TokenStream | undefined;
  private readonly end: number;

  constructor(
    private readonly options: PreprocessOptions,
    run: PpRun,
  ) {
    this.chunks = run.chunks();
    this.diagnostics = run.diagnostics;
    this.files = [...run.files];
    this.missing = run.search.missing();
    this.includedAt = run.includedAt;
    this.end = run.end;
    this.whole = options.share === true ? undefined : run.output.stream();
    run.output.end();
  }
  get tokens(): TokenStream {
    return (this.whole ??= joined(this.options.cache.atoms, this.chunks, this.end));
  }
  trail(index: number): Trail {
    return trailOf(this.options, index);
  }
}
