// Runs an input through the whole front end: preprocessing, parsing, lowering and layout of everything that it defines.
// Counts results but does not check them: text may be rejected, but nothing may throw.

import { DeclNames } from "../../../engine/c/syntax/file-scope.js";
import { kernelTree } from "../../../engine/kbuild/translation-unit.js";
import { link } from "../../../engine/c/link/link.js";
import { PREDEFINED } from "../../../engine/c/preprocess/predefined.js";
import { PpCache, preprocess, type PreprocessOptions } from "../../../engine/c/preprocess/index.js";
import { Unit } from "../../../engine/c/syntax/unit.js";
import { compileProgram } from "../../../engine/machine/machine.js";
import type { SourceTree } from "../../../engine/tree/source-tree.js";
import type { FuzzInput } from "./corpus.js";

export interface Outcome {
  readonly diagnostics: number;
  readonly functions: number;
}

/** A tree with one file replaced. */
class ReplacedFileTree implements SourceTree {
  path = "";
  text = "";
  private readonly texts = new Map<string, string | undefined>();
  constructor(private readonly below: SourceTree) {}
  read(path: string): string | undefined {
    if (path === this.path) return this.text;
    if (!this.texts.has(path)) this.texts.set(path, this.below.read(path));
    return this.texts.get(path);
  }
  exists(path: string): boolean {
    return path === this.path || this.below.exists(path);
  }
}

const MAX_TEXT = 32_000_000;

/** Compiles damaged files of a tree; `kernel`: with the kernel's headers and options. */
export class FrontEnd {
  private readonly tree: ReplacedFileTree;
  private cache = new PpCache();
  private names = new DeclNames(this.cache.atoms);
  private optionsOf: (main: string) => PreprocessOptions;

  constructor(
    tree: SourceTree,
    private readonly kernel: boolean,
  ) {
    this.tree = new ReplacedFileTree(tree);
    this.optionsOf = this.options();
  }

  private options(): (main: string) => PreprocessOptions {
    return this.kernel
      ? kernelTree(this.tree, { cache: this.cache, share: true })
      : (main) => ({
          tree: this.tree,
          main,
          includePaths: [],
          forcedIncludes: [],
          defines: [],
          predefined: PREDEFINED,
          supplied: new Map(),
          cache: this.cache,
          share: true,
        });
  }

  /** Resets the caches, as the compiler does after the text of some hundred edits of a kernel file. */
  private reset(): void {
    this.cache = new PpCache();
    this.names = new DeclNames(this.cache.atoms);
    this.optionsOf = this.options();
  }

  /** `emits`: also emits WebAssembly, in the preemptible build. */
  run({ path, text }: FuzzInput, emits: boolean): Outcome {
    if (this.cache.sourceMap.extent > MAX_TEXT) this.reset();
    this.tree.path = path;
    this.tree.text = text;
    const pp = preprocess(this.optionsOf(path));
    const map = this.cache.sourceMap;
    const unit = Unit.ofChunks(pp.chunks, path, this.names, {
      atLineStart: (loc) => map.file(loc) === path && map.place(loc)?.column === 1,
      whole: (file) => file === path,
    });
    const inFile = unit.symbols.filter((sym) => map.file(sym.loc) === path);
    const place = (loc: number): { readonly file: string; readonly line: number } => map.place(loc) ?? { file: path, line: 1 };
    const program = link([{ unit, origin: "tree", place }], [...new Set(inFile.map((sym) => sym.link))]);
    if (emits) compileProgram(program, { preemptible: true });
    return { diagnostics: pp.diagnostics.length + unit.diagnostics.length, functions: program.functions.length };
  }
}
