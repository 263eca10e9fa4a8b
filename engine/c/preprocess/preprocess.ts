// The preprocessor's entry: options in, token stream out (C11 6.10 with GNU's extensions). Never throws on text; must not
// depend on the kernel.
import type { Diagnostic, TokenStream } from "../lex/index.js";
import type { PreprocessOptions, Trail } from "./options.js";
import { joinChunks } from "./output.js";
import { PpRun } from "./run.js";
import type { Chunk } from "./segment.js";

export interface Preprocessed {
  /**
   * `#pragma pack(…)` becomes the identifier `__pragma_pack` followed by the pragma's own tokens in parentheses:
   * `__pragma_pack ( push , 1 )`, `__pragma_pack ( pop )`, `__pragma_pack ( 4 )`, `__pragma_pack ( )`. It may appear
   * wherever a declaration or a member may. All other pragmas are removed.
   */
  readonly tokens: TokenStream;
  /** The same tokens in the pieces that translation units share; empty without `share`. */
  readonly chunks: readonly Chunk[];
  readonly diagnostics: readonly Diagnostic[];
  /** Paths of all files read, in the order of first use, the main file first. */
  readonly files: readonly string[];
  /** Paths searched without success: if one of them is created, the result may change. */
  readonly missing: readonly string[];
  /** By path, the location of the first #include of the file; none for the main file and forced includes. */
  readonly includedAt: ReadonlyMap<string, number>;
  /** The macro expansions behind the token `index`. Takes another run; meant for messages. */
  trail(index: number): Trail;
}

export function preprocess(options: PreprocessOptions): Preprocessed {
  const run = new PpRun(options);
  run.run();
  return new Result(options, run);
}

/** The macro expansions behind the token `index`; see Preprocessed. */
export function trailOf(options: PreprocessOptions, index: number): Trail {
  const run = new PpRun(options, index);
  run.run();
  return run.trail;
}

/** The result of a run without the run's buffers and tables. */
class Result implements Preprocessed {
  readonly chunks: readonly Chunk[];
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly string[];
  readonly missing: readonly string[];
  readonly includedAt: ReadonlyMap<string, number>;
  private joined: TokenStream | undefined;
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
    this.joined = options.share === true ? undefined : run.output.stream();
    run.output.release();
  }
  get tokens(): TokenStream {
    return (this.joined ??= joinChunks(this.options.cache.atoms, this.chunks, this.end));
  }
  trail(index: number): Trail {
    return trailOf(this.options, index);
  }
}
