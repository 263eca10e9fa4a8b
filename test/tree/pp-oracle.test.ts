// Compares the tokens of real kernel files with those of the cross compiler, with the same supplied headers.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { SUPPLIED_PREFIX } from "../../engine/c/preprocess/includes.js";
import { kernelTree } from "../../engine/kbuild/translation-unit.js";
import { lexText } from "../../engine/c/lex/lexer.js";
import { F_BOL, K_MASK } from "../../engine/c/lex/pp-token.js";
import { PRAGMA_PACK } from "../../engine/c/preprocess/pragma.js";
import { PpCache, preprocess, type Preprocessed } from "../../engine/c/preprocess/index.js";
import { Atoms, fixed } from "../../engine/c/lex/tokens.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";

const GCC = "powerpc64le-linux-gnu-gcc";
const hasGcc = spawnSync(GCC, ["--version"]).status === 0;
const FILES = [
  "arch/powerpc/kernel/iommu.c",
  "arch/powerpc/platforms/pseries/iommu.c",
  "arch/powerpc/kernel/dma-iommu.c",
  "kernel/dma/mapping.c",
  "drivers/of/dynamic.c",
  "drivers/of/base.c",
  "kernel/notifier.c",
  "lib/bitmap.c",
  "lib/ratelimit.c",
  "kernel/time/timer.c",
  "kernel/time/time.c",
  "lib/vsprintf.c",
  "net/core/page_pool.c",
];
const HASH = fixed("#");
const CLOSE = fixed(")");

/** Kind and spelling of each token, without pack pragmas. */
function engineTokens({ tokens }: Preprocessed): string[] {
  const out: string[] = [];
  for (let i = 0; i < tokens.length - 1; i++) {
    if (tokens.value[i] === PRAGMA_PACK) {
      while (tokens.value[i] !== CLOSE) i++;
      continue;
    }
    out.push(`${String(tokens.kind[i])} ${tokens.atoms.text(tokens.value[i] ?? 0)}`);
  }
  return out;
}

/** The tokens of `gcc -E`, without line markers and pragmas. */
function gccTokens(text: string): string[] {
  const atoms = new Atoms();
  const { count, kind, value } = lexText(text, atoms);
  const out: string[] = [];
  for (let i = 0; i < count; i++) {
    const packed = kind[i] ?? 0;
    if ((packed & F_BOL) !== 0 && value[i] === HASH) while (i + 1 < count && ((kind[i + 1] ?? 0) & F_BOL) === 0) i++;
    else out.push(`${String(packed & K_MASK)} ${atoms.text(value[i] ?? 0)}`);
  }
  return out;
}

for (const version of ["6.1", "6.12"]) {
  const root = join(projectDir, ".cache/trees", version);
  describe.skipIf(!existsSync(join(root, "Makefile")))(`Linux ${version}`, () => {
    const tree: SourceTree = {
      exists: (path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true,
      read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined),
    };
    const cache = new PpCache();
    const optionsFor = kernelTree(tree, { cache });
    const supplied = mkdtempSync(join(tmpdir(), "tcs-supplied-"));
    afterAll(() => {
      rmSync(supplied, { recursive: true, force: true });
    });

    test.each(FILES)("%s preprocesses without diagnostics", (main) => {
      const { diagnostics } = preprocess(optionsFor(main));
      expect(diagnostics.map(({ message, loc }) => ({ message, at: cache.sourceMap.place(loc) }))).toEqual([]);
    });

    test.skipIf(!hasGcc).each(FILES)("%s has the same tokens as with gcc", (main) => {
      const options = optionsFor(main);
      const result = preprocess(options);
      for (const path of result.files) {
        if (!path.startsWith(SUPPLIED_PREFIX)) continue;
        const name = path.slice(SUPPLIED_PREFIX.length);
        mkdirSync(join(supplied, dirname(name)), { recursive: true });
        writeFileSync(join(supplied, name), options.supplied.get(name) ?? "");
      }
      const text = execFileSync(
        GCC,
        [
          ...["-E", "-nostdinc", "-std=gnu11", "-O2", "-mcpu=power9", "-msoft-float", "-fno-pie", `-I${supplied}`],
          ...options.includePaths.map((path) => `-I${path}`),
          ...options.forcedIncludes.flatMap((name) => ["-include", name]),
          ...options.defines.map(([name, value]) => `-D${name}=${value}`),
          main,
        ],
        { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 },
      );
      const expected = gccTokens(text);
      const got = engineTokens(result);
      expect(expected.length).toBeGreaterThan(10_000);
      const at = expected.findIndex((token, index) => token !== got[index]);
      // Compares only the surroundings of the first difference, not half a million tokens.
      expect(at < 0 ? [] : got.slice(at - 5, at + 5)).toEqual(at < 0 ? [] : expected.slice(at - 5, at + 5));
      expect(got.length).toBe(expected.length);
    });
  });
}
