// Files lexed once per content, and the tables of macros and pasted tokens that belong to them, shared by all translation
// units that are preprocessed with one cache.
import { Atoms, SourceMap } from "../lex/index.js";
import { builtinMacros } from "./builtin-names.js";
import { Macros } from "./macro.js";
import { Operators } from "./operators.js";
import { type LexedFile, lexFile } from "./lexed-file.js";

/** Texts kept per path: two trees, each before and after a patch, and an edit or two. */
const VARIANTS = 6;

/** Lexed files by path and content. Meant to exist once per process, so that each text is lexed once. */
export class PpCache {
  readonly sourceMap = new SourceMap();
  private readonly files = new Map<string, LexedFile[]>();
  private readonly lines = new Map<string, LexedFile>();

  /** Tables of the files' contents; they live as long as the files. */
  readonly macros = new Macros();
  readonly builtins = builtinMacros(this.macros);
  readonly operators: Operators;

  /** `atoms`: the table of another cache, for text that is compiled together with that cache's text. */
  constructor(readonly atoms = new Atoms()) {
    this.operators = new Operators(atoms);
  }

  /** A #define from the command line; few of them differ. */
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
