// One input through everything that reads C: preprocessor, parser, every function's body, lowering and layout of all
// that it defines. What comes out is counted and not judged: text may be refused, but nothing may throw.

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

/** Texts of a tree, one of them replaced at a time. */
class Replacing implements SourceTree {
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

const MOST_TEXT = 32_000_000;

/** A tree whose files are compiled damaged; `kernel`: with a kernel's headers and options. */
export class FrontEnd {
  private readonly tree: Replacing;
  private cache = new PpCache();
  private names = new DeclNames(this.cache.atoms);
  private optionsOf: (main: string) => PreprocessOptions;

  constructor(
    tree: SourceTree,
    private readonly kernel: boolean,
  ) {
    this.tree = new Replacing(tree);
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

  /** As the compiler does, after as many characters as some hundred edits of a kernel file have. */
  private startAnew(): void {
    this.cache = new PpCache();
    this.names = new DeclNames(this.cache.atoms);
    this.optionsOf = this.options();
  }

  /** `emits`: the program is brought to WebAssembly too, in the build that can be preempted. */
  run({ path, text }: FuzzInput, emits: boolean): Outcome {
    if (this.cache.sourceMap.extent > MOST_TEXT) this.startAnew();
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
