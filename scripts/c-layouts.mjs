// Sizes, alignments and offsets of every struct and union that a kernel file sees, as the engine's compiler lays them out
// and as the powerpc64le cross compiler does. Both read the engine's preprocessed text, so only layout is compared.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEngine } from "./c.mjs";
import { cacheDir, has } from "./process.mjs";

const CC = "powerpc64le-linux-gnu-gcc";
export const LAYOUT_FILES = ["arch/powerpc/kernel/iommu.c", "arch/powerpc/platforms/pseries/iommu.c", "net/core/page_pool.c"];

export const haveCrossCompiler = () => has(CC);

/**
 * @param {string} series "6.1" or "6.12"
 * @param {string} main
 * @returns {Promise<{ readonly structs: number, readonly values: number, readonly different: readonly string[], readonly error: string }>}
 */
export async function compareLayouts(series, main) {
  const root = join(cacheDir, "trees", series);
  if (!existsSync(join(root, main))) return { structs: 0, values: 0, different: [], error: `no tree in ${root}` };
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
    const made = spawnSync(CC, [...flags, "-o", object, source], { encoding: "utf8", maxBuffer: 1 << 28 });
    if (made.status !== 0) return { structs: 0, values: 0, different: [], error: made.stderr.slice(0, 3000) };
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
      const theirs = Number(values.readBigInt64LE(i * 8));
      if (check.what.startsWith("sizeof")) structs++;
      if (theirs !== check.value) different.push(`${check.what}: gcc ${theirs}, engine ${check.value}`);
    });
    const fields = section(".tcs_bits");
    if (fields.length !== bits.reduce((/** @type {number} */ n, /** @type {{ bytes: Uint8Array }} */ b) => n + b.bytes.length, 0))
      different.push(`bit-field probes take ${fields.length} bytes`);
    let at = 0;
    for (const probe of bits) {
      const theirs = fields.subarray(at, at + probe.bytes.length);
      at += probe.bytes.length;
      if (!theirs.equals(probe.bytes)) different.push(`${probe.what}: gcc ${theirs.toString("hex")}, engine ${Buffer.from(probe.bytes).toString("hex")}`);
    }
    return { structs, values: checks.length + bits.length, different, error: "" };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
