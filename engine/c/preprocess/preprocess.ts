// The preprocessor's entry: options in, token stream out (C11 6.10 with GNU's extensions). Never throws on text; must not
// depend on the kernel.
import type { Diagnostic, TokenStream } from "../lex/index.js";
import type { PreprocessOptions, Trail } from "./options.js";
import { joined } from "./output.js";
import { PpRun } from "./run.js";
import type { Chunk } from "./segment.js";

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
    this.chunks = run.sharing.chunks;
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
