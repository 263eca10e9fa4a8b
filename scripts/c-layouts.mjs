// Compares the layout (sizes, alignments, offsets) of every struct and union in a kernel translation unit between the
// engine's compiler and the powerpc64le cross compiler. Both read the engine's preprocessed text.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEngine } from "./c.mjs";
import { cacheDir, hasCommand } from "./process.mjs";

const CC = "powerpc64le-linux-gnu-gcc";
export const LAYOUT_FILES = ["arch/powerpc/kernel/iommu.c", "arch/powerpc/platforms/pseries/iommu.c", "net/core/page_pool.c"];

export const hasCrossCompiler = () => hasCommand(CC);

/**
 * @param {string} series "6.1" or "6.12"
 * @param {string} main
 * @returns {Promise<{ readonly structs: number, readonly values: number, readonly different: readonly string[], readonly error: string }>}
 */
export async function compareLayouts(series, main) {
  const root = join(cacheDir, "trees", series);
  if (!existsSync(join(root, main))) return { structs: 0, values: 0, different: [], error: `no kernel tree in ${root}` };
  const { layoutTables, DiskTree } = await loadEngine(`export * from "./engine/node/c-layouts.js"; export * from "./engine/node/disk-tree.js";`);
  const { text, checks, bits } = layoutTables(new DiskTree(root), main);
  const dir = mkdtempSync(join(tmpdir(), "tcs-layout-"));
  try {
    const source = join(dir, "layout.c");
    writeFileSync(source, text);
    const object = join(dir, "layout.o");
    const flags = [
      "-std=gnu11",
      "-O2",
      "-mcpu=power9",
      "-msoft-float",
      "-w",
      "-fno-toplevel-reorder",
      "-ffreestanding",
      "-fno-strict-aliasing",
      "-fshort-wchar",
      "-c",
    ];
    const compiled = spawnSync(CC, [...flags, "-o", object, source], { encoding: "utf8", maxBuffer: 1 << 28 });
    if (compiled.status !== 0) return { structs: 0, values: 0, different: [], error: compiled.stderr.slice(0, 3000) };
    const section = (/** @type {string} */ name) => {
      const file = join(dir, "section");
      spawnSync("powerpc64le-linux-gnu-objcopy", ["-O", "binary", "-j", name, "--set-section-flags", `${name}=alloc`, object, file]);
      return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    };
    /** @type {string[]} */
    const different = [];
    const values = section(".tcs_layout");
    if (values.length !== checks.length * 8) return { structs: 0, values: 0, different: [], error: `${values.length} bytes for ${checks.length} values` };
    let structs = 0;
    checks.forEach((/** @type {{ what: string, value: number }} */ check, /** @type {number} */ i) => {
      const gccValue = Number(values.readBigInt64LE(i * 8));
      if (check.what.startsWith("sizeof")) structs++;
      if (gccValue !== check.value) different.push(`${check.what}: gcc ${gccValue}, engine ${check.value}`);
    });
    const fields = section(".tcs_bits");
    if (fields.length !== bits.reduce((/** @type {number} */ n, /** @type {{ bytes: Uint8Array }} */ b) => n + b.bytes.length, 0))
      different.push(`bit-field probes have ${fields.length} bytes`);
    let at = 0;
    for (const probe of bits) {
      const gccBytes = fields.subarray(at, at + probe.bytes.length);
      at += probe.bytes.length;
      if (!gccBytes.equals(probe.bytes)) different.push(`${probe.what}: gcc ${gccBytes.toString("hex")}, engine ${Buffer.from(probe.bytes).toString("hex")}`);
    }
    return { structs, values: checks.length + bits.length, different, error: "" };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
