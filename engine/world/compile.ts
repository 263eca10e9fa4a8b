// From a tree to a linked Program: the tree's files and our own C, preprocessed, parsed and linked. Units are kept
// by content, so an edit compiles one unit again and a patched tree shares with the tree all it did not change.

import { ownSources } from "tcs:sources";
import type { Diagnostic } from "../c/lex/index.js";
import {
  explain,
  type Explained,
  PpCache,
  preprocess,
  type Preprocessed,
  type PreprocessOptions,
  type Sources,
  SUPPLIED_PREFIX,
  type Trail,
  trailOf,
} from "../c/preprocess/index.js";
import type { Program } from "../c/ir/index.js";
import { DeclNames, Unit } from "../c/syntax/index.js";
import { type Hz, type KernelConfig, kernelTree } from "../kbuild/index.js";
import { link, type LinkUnit } from "../c/link/index.js";
import { type TreeFile, treeFiles, worldFile } from "../kernel/index.js";
import { kernelVersion, type SourceTree } from "../tree/index.js";
import { fail, ok, type Result } from "../base/index.js";

/** Directory under which our own C stands beside the tree's files. */
export const OWN_PREFIX = "tcescope/";

/** Text of a file of our own C, by its path with OWN_PREFIX. */
export function ownText(path: string): string | undefined {
  return path.startsWith(OWN_PREFIX) ? ownSources[path.slice(OWN_PREFIX.length)] : undefined;
}

export interface CompileOptions {
  readonly hz: Hz;
  /** The scenario's C file, relative to engine/; it includes services and world, and defines tcs_main(). */
  readonly source?: string;
  /** Texts beside our own C, by their path relative to engine/: a user's scenario. */
  readonly files?: ReadonlyMap<string, string>;
  /** Tree files that this scenario needs besides the common ones. */
  readonly treeFiles?: readonly TreeFile[];
  /** These tree files and no others, the common ones included. */
  readonly onlyTreeFiles?: readonly TreeFile[];
  readonly config?: KernelConfig;
}

export interface Compiled {
  readonly program: Program;
  /** Errors at file scope of the tree's units: declarations that were left out. */
  readonly diagnostics: readonly { readonly file: string; readonly line: number; readonly message: string; readonly severity: Diagnostic["severity"] }[];
  readonly hash: string;
  /** What the program was linked of, for those who ask what its names and types are. */
  readonly units: readonly LinkUnit[];
  /** Whether any unit is made of this file of the tree. */
  readonly reads: (path: string) => boolean;
  /** What the compiler said that a message of a place tells: its columns, its line, the macros and #includes that led there. */
  readonly explain: (at: { readonly file: string; readonly line: number; readonly message: string }) => Explained | undefined;
}

interface KeptUnit {
  readonly key: string;
  readonly link: LinkUnit;
  readonly files: readonly (readonly [string, string | undefined])[];
  readonly missing: readonly string[];
  /** What was said so far: a header's declaration is parsed when it is asked for. */
  readonly diagnostics: () => Compiled["diagnostics"];
  readonly explain: Compiled["explain"];
}

/** Roots besides the scenario's own: what the machine calls. */
const ROOTS = ["tcs_main", "tcs_clock", "tcs_boot", "tcs_irqs_disabled", "tcs_thread_done", "tcs_end", "__tcs_reg_r13"];
type Read = (path: string) => string | undefined;
function keyOf(main: string, hz: number): string {
  return `${main} ${String(hz)}`;
}
/** Characters read (some thousand edits of a kernel file) after which a compiler starts anew, at the cost of a cold start. */
const MOST_TEXT = 128_000_000;
/** Variants of one unit, and programs, kept at a time. */
const KEPT = 4;

/** The tree with our own C beside it. */
class WithOwn implements SourceTree {
  /** A tree stays as it is while it is compiled; each path is asked for once. */
  private readonly texts = new Map<string, string | undefined>();
  private readonly found = new Map<string, boolean>();

  constructor(
    private readonly tree: SourceTree,
    private readonly files: ReadonlyMap<string, string>,
  ) {}
  private own(path: string): string | undefined {
    return ownText(path) ?? this.files.get(path.slice(OWN_PREFIX.length));
  }
  read(path: string): string | undefined {
    let text = this.texts.get(path);
    if (text === undefined && !this.texts.has(path)) {
      text = path.startsWith(OWN_PREFIX) ? this.own(path) : this.tree.read(path);
      this.texts.set(path, text);
    }
    return text;
  }
  exists(path: string): boolean {
    let is = this.found.get(path);
    if (is === undefined) {
      is = path.startsWith(OWN_PREFIX) ? this.own(path) !== undefined : this.tree.exists(path);
      this.found.set(path, is);
    }
    return is;
  }
}

/** Keeps what was lexed and parsed. One for a worker's life. */
export class Compiler {
  private cache = new PpCache();
  private names = new DeclNames(this.cache.atoms);
  private readonly units = new Map<string, KeptUnit[]>();
  private readonly programs: { readonly kept: readonly KeptUnit[]; readonly compiled: Compiled }[] = [];

  /** `shares`: units share what is alike in headers; without it each is read and parsed whole, with the same result. */
  constructor(
    private readonly shares = true,
    private readonly mostText = MOST_TEXT,
  ) {}

  /** Forgets everything: what is known of each text that was ever read is kept, and edits go on for days. */
  private startAnew(): void {
    this.cache = new PpCache();
    this.names = new DeclNames(this.cache.atoms);
    this.units.clear();
    this.programs.length = 0;
  }

  /** Compiles everything a run needs in one go. */
  compile(tree: SourceTree, options: CompileOptions): Result<Compiled> {
    const steps = this.steps(tree, options);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  /** The same unit by unit, so that the caller can show progress or stop. A Problem where the tree lacks a file it must have. */
  *steps(
    tree0: SourceTree,
    options: CompileOptions,
  ): Generator<{ readonly path: string; readonly done: number; readonly all: number }, Result<Compiled>, undefined> {
    if (this.cache.sourceMap.extent > this.mostText) this.startAnew();
    const tree = new WithOwn(tree0, options.files ?? new Map());
    const version = kernelVersion(tree0);
    const series = version === undefined ? 0 : version.version * 1000 + version.patchLevel;
    const optionsOf = kernelTree(tree, {
      cache: this.cache,
      share: this.shares,
      hz: options.hz,
      ...(options.config === undefined ? {} : { config: options.config }),
    });
    const wanted = (options.onlyTreeFiles ?? [...treeFiles, ...(options.treeFiles ?? [])]).filter((f) => inSeries(f, series)).map((f) => f.path);
    const mains = [...wanted, OWN_PREFIX + (options.source ?? worldFile)];
    const kept: KeptUnit[] = [];
    for (const [i, main] of mains.entries()) {
      if (!tree.exists(main))
        return fail({
          code: "tree-file",
          message: `The tree has no ${main}.`,
          place: { file: main, line: 1 },
          hint: "The scenario needs this file. Check that the tree is complete.",
        });
      const pp = optionsOf(main);
      const read = (path: string): string | undefined =>
        path.startsWith(SUPPLIED_PREFIX) ? pp.supplied.get(path.slice(SUPPLIED_PREFIX.length)) : tree.read(path);
      let unit = this.known(pp, options.hz, read);
      if (unit === undefined) {
        yield { path: main, done: i, all: mains.length };
        unit = this.parse(pp, options.hz, read);
      }
      kept.push(unit);
    }
    const same = this.programs.findIndex((p) => p.kept.length === kept.length && p.kept.every((k, i) => k === kept[i]));
    const before = this.programs[same];
    if (before !== undefined) {
      this.programs.splice(same, 1);
      this.programs.unshift(before);
      return ok(before.compiled);
    }
    const program = link(
      kept.map((k) => ({ ...k.link, earlier: (this.units.get(k.key) ?? []).filter((other) => other !== k).map((other) => other.link) })),
      ROOTS,
    );
    const diagnostics = kept.flatMap((k) => k.diagnostics());
    const own = diagnostics.find((d) => d.severity === "error" && d.file.startsWith(OWN_PREFIX));
    if (own !== undefined) {
      const users = options.files?.has(own.file.slice(OWN_PREFIX.length)) === true;
      return fail({
        code: "own-source",
        message: `${users ? "The scenario's C file does not compile" : "The engine's own C does not compile with this tree"}: ${own.message}`,
        place: { file: users ? own.file.slice(own.file.lastIndexOf("/") + 1) : own.file, line: own.line },
      });
    }
    const explained: Compiled["explain"] = (at) => {
      for (const k of kept) {
        const found = k.explain(at);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    const reads = (path: string): boolean => kept.some((k) => k.files.some(([file]) => file === path));
    const compiled: Compiled = { program, diagnostics, hash: program.hash, units: kept.map((k) => k.link), reads, explain: explained };
    this.programs.unshift({ kept, compiled });
    if (this.programs.length > KEPT) this.programs.pop();
    return ok(compiled);
  }

  /** The unit as it was parsed before, where all it was made of is as it was. */
  private known({ main, tree }: PreprocessOptions, hz: number, read: Read): KeptUnit | undefined {
    const variants = this.units.get(keyOf(main, hz)) ?? [];
    const known = variants.findIndex((v) => v.files.every(([path, text]) => read(path) === text) && v.missing.every((path) => !tree.exists(path)));
    const hit = variants[known];
    if (hit !== undefined && known > 0) {
      variants.splice(known, 1);
      variants.unshift(hit);
    }
    return hit;
  }

  private parse(options: PreprocessOptions, hz: number, read: Read): KeptUnit {
    const { main } = options;
    const key = keyOf(main, hz);
    const pp = preprocess(options);
    const files = pp.files.map((path) => [path, read(path)] as const);
    const made = keptUnit(options, pp, files, { key, names: this.names, shares: this.shares });
    const variants = this.units.get(key) ?? [];
    this.units.set(key, variants);
    variants.unshift(made);
    if (variants.length > KEPT) variants.pop();
    return made;
  }
}

/** Outlives what it was compiled from: it keeps the texts it was made of, and nothing of the tree or the preprocessor's run. */
function keptUnit(
  { main, includePaths, forcedIncludes, defines, predefined, cache }: PreprocessOptions,
  pp: Preprocessed,
  files: KeptUnit["files"],
  { key, names, shares }: { readonly key: string; readonly names: DeclNames; readonly shares: boolean },
): KeptUnit {
  const { diagnostics: said, includedAt, missing } = pp;
  const map = cache.sourceMap;
  const atLineStart = (loc: number): boolean => map.file(loc) === main && map.place(loc)?.column === 1;
  const whole = (path: string): boolean => path === main || path.startsWith(OWN_PREFIX);
  const unit = shares ? Unit.ofChunks(pp.chunks, main, names, { atLineStart, whole }) : Unit.parse(pp.tokens, main, atLineStart);
  const place = (loc: number): { readonly file: string; readonly line: number } => map.place(loc) ?? { file: main, line: 1 };
  const sources = (): Sources => {
    const texts = new Map(files);
    return { map, read: (path) => texts.get(path) };
  };
  const trail = (index: number): Trail => {
    const texts = new Map(files);
    const tree = { read: (path: string) => texts.get(path), exists: (path: string) => texts.get(path) !== undefined };
    const supplied = { get: (name: string) => texts.get(SUPPLIED_PREFIX + name) };
    return trailOf({ main, includePaths, forcedIncludes, defines, predefined, cache, tree, supplied }, index);
  };
  return {
    key,
    link: { unit, origin: main.startsWith(OWN_PREFIX) ? "provided" : "tree", place, line: (loc) => map.line(loc) },
    files,
    missing,
    diagnostics: () =>
      [...said, ...unit.ofDeclarations].filter((d) => d.severity !== "note").map((d) => ({ ...place(d.loc), message: d.message, severity: d.severity })),
    explain: (at) => {
      const d = [...said, ...unit.diagnostics].find((x) => {
        const there = place(x.loc);
        return there.file === at.file && there.line === at.line && at.message.includes(x.message);
      });
      return d === undefined ? undefined : explain(d, { trail, includedAt }, sources());
    },
  };
}

function inSeries(f: { readonly since?: string; readonly until?: string }, series: number): boolean {
  const of = (v: string): number => {
    const [a, b] = v.split(".");
    return Number(a) * 1000 + Number(b ?? 0);
  };
  return series === 0 || ((f.since === undefined || series >= of(f.since)) && (f.until === undefined || series <= of(f.until)));
}
