// How the kernel build would invoke the preprocessor for one of its files: paths and flags of Kbuild. Must not know C.
import type { SourceTree } from "../tree/index.js";
import { IncludeMemory, type PpCache, PREDEFINED, type PreprocessOptions, type Supplied } from "../c/preprocess/index.js";
import { builtinConfig, type Hz, type KernelConfig, withHz } from "./config.js";
import { suppliedHeaders } from "./generated-headers.js";

export interface KernelTuOptions {
  readonly cache: PpCache;
  /** A .config's content; the built-in pseries configuration if left out. */
  readonly config?: KernelConfig;
  readonly hz?: Hz;
  /** Headers that override those of the tree and the generated ones, by the path in an #include. */
  readonly overrides?: Supplied;
  /** Additional macros, as on a command line. */
  readonly defines?: readonly (readonly [string, string])[];
  /** See PreprocessOptions. */
  readonly share?: boolean;
}

const INCLUDE_PATHS = ["arch/powerpc/include", "include", "arch/powerpc/include/uapi", "include/uapi"] as const;
const FORCED = ["generated/autoconf.h", "linux/compiler-version.h", "linux/kconfig.h", "linux/compiler_types.h"] as const;

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/**
 * The part that all files of a tree share. Build it once per tree and configuration: it caches the generated headers.
 */
export function kernelTree(tree: SourceTree, options: KernelTuOptions): (main: string) => PreprocessOptions {
  const base = options.config ?? builtinConfig();
  const headers = suppliedHeaders(tree, options.hz === undefined ? base : withHz(base, options.hz));
  const { overrides } = options;
  const searched = new IncludeMemory();
  const supplied: Supplied = overrides === undefined ? headers : { get: (name) => overrides.get(name) ?? headers.get(name) };
  return (main) => {
    const base = /([^/]*?)(?:\.[^./]*)?$/.exec(main)?.[1] ?? main;
    const modname = base.replace(/-/g, "_");
    return {
      tree,
      main,
      includePaths: INCLUDE_PATHS,
      forcedIncludes: FORCED,
      predefined: PREDEFINED,
      supplied,
      cache: options.cache,
      share: options.share ?? false,
      searched,
      defines: [
        ["__KERNEL__", "1"],
        // EXPORT_SYMBOL would otherwise be assembly that keeps every exported function reachable.
        ["__DISABLE_EXPORTS", "1"],
        ["KBUILD_MODFILE", quoted(main.replace(/\.[^./]*$/, ""))],
        ["KBUILD_BASENAME", quoted(modname)],
        ["KBUILD_MODNAME", quoted(modname)],
        ["__KBUILD_MODNAME", `kmod_${modname.replace(/[^A-Za-z0-9_]/g, "_")}`],
        ...(options.defines ?? []),
      ],
    };
  };
}

/** Options for one file; see kernelTree for many. */
export function kernelTu(tree: SourceTree, main: string, options: KernelTuOptions): PreprocessOptions {
  return kernelTree(tree, options)(main);
}
