// The headers that a kernel build generates and a source tree lacks, generated from the tree and its configuration, and one
// replacement: asm/bug.h, whose traps would be assembly. Wording is our own; values follow the files cited.
import { kernelVersion, type KernelVersion, type SourceTree } from "../tree/index.js";
import type { Supplied } from "../c/preprocess/index.js";
import { autoconfText, configNumber, type KernelConfig } from "./config.js";

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

/**
 * generated/timeconst.h: factors for `x * from / to` as (x * MUL + ADJ) >> SHR, with a 32-bit MUL, rounded up
 * (the calculation of kernel/time/timeconst.bc).
 */
export function timeconstText(hz: number): string {
  const lines: string[] = [];
  const scale = (name: string, from: bigint, to: bigint): void => {
    const multiplier = (shift: bigint): bigint => ((1n << shift) * from + to - 1n) / to;
    let shift = 0n;
    while (multiplier(shift) < 1n << 31n) shift++;
    const reduced = to / gcd(from, to);
    const adjust = ((1n << shift) * (reduced - 1n)) / reduced;
    lines.push(`#define ${name}_MUL32 U64_C(0x${multiplier(shift).toString(16).toUpperCase()})`);
    lines.push(`#define ${name}_ADJ32 U64_C(0x${adjust.toString(16).toUpperCase()})`);
    lines.push(`#define ${name}_SHR32 ${String(shift)}`);
  };
  const ratio = (unit: string, perSecond: bigint, withFactors: boolean): void => {
    const h = BigInt(hz);
    if (withFactors) {
      scale(`HZ_TO_${unit}`, perSecond, h);
      scale(`${unit}_TO_HZ`, h, perSecond);
    }
    const common = gcd(h, perSecond);
    lines.push(`#define HZ_TO_${unit}_NUM ${String(perSecond / common)}`, `#define HZ_TO_${unit}_DEN ${String(h / common)}`);
    lines.push(`#define ${unit}_TO_HZ_NUM ${String(h / common)}`, `#define ${unit}_TO_HZ_DEN ${String(perSecond / common)}`);
  };
  ratio("MSEC", 1000n, true);
  ratio("USEC", 1_000_000n, true);
  ratio("NSEC", 1_000_000_000n, false);
  return `#ifndef KERNEL_TIMECONST_H\n#define KERNEL_TIMECONST_H\n#include <linux/param.h>\n#include <linux/types.h>\n${lines.join("\n")}\n#endif\n`;
}

/**
 * generated/bounds.h. The count of page flags only decides how many bits of page->flags are left for node and zone;
 * 24 is at least what any configuration of a 64-bit kernel without debugging has. The zones are NORMAL and MOVABLE
 * (DEVICE and DMA where configured), as enum zone_type in linux/mmzone.h has them.
 */
function boundsText(config: KernelConfig): string {
  const zones = 2 + ["ZONE_DMA", "ZONE_DMA32", "HIGHMEM", "ZONE_DEVICE"].filter((name) => config.has(name)).length;
  const cpuBits = Math.ceil(Math.log2(Math.max(1, configNumber(config, "NR_CPUS", 1))));
  const lruGen = config.has("LRU_GEN");
  return [
    "#ifndef TCS_BOUNDS_H",
    "#define TCS_BOUNDS_H",
    "#define NR_PAGEFLAGS 24",
    `#define MAX_NR_ZONES ${String(zones)}`,
    `#define NR_CPUS_BITS ${String(cpuBits)}`,
    "#define SPINLOCK_SIZE 4",
    `#define LRU_GEN_WIDTH ${lruGen ? "3" : "0"}`,
    `#define __LRU_REFS_WIDTH ${lruGen ? "2" : "0"}`,
    "#endif",
    "",
  ].join("\n");
}

/** BUG() and WARN() as in asm-generic/bug.h without an architecture's version: calls of printk, panic, warn_slowpath_fmt. */
const BUG_H = `#ifndef TCS_ASM_BUG_H
#define TCS_ASM_BUG_H
#include <asm/asm-compat.h>
#include <asm-generic/bug.h>
#ifndef __ASSEMBLY__
struct pt_regs;
void hash__do_page_fault(struct pt_regs *regs);
void bad_page_fault(struct pt_regs *regs, int sig);
void emulate_single_step(struct pt_regs *regs);
void _exception(int signr, struct pt_regs *regs, int code, unsigned long addr);
void _exception_pkey(struct pt_regs *regs, unsigned long addr, int key);
void die(const char *str, struct pt_regs *regs, long err);
void die_mce(const char *str, struct pt_regs *regs, long err);
bool die_will_crash(void);
void panic_flush_kmsg_start(void);
void panic_flush_kmsg_end(void);
#endif
#endif
`;

function versionText(version: KernelVersion): string {
  const { version: major, patchLevel, subLevel } = version;
  const code = (major << 16) + (patchLevel << 8) + Math.min(subLevel, 255);
  return [
    `#define LINUX_VERSION_CODE ${String(code)}`,
    "#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))",
    `#define LINUX_VERSION_MAJOR ${String(major)}`,
    `#define LINUX_VERSION_PATCHLEVEL ${String(patchLevel)}`,
    `#define LINUX_VERSION_SUBLEVEL ${String(subLevel)}`,
    "",
  ].join("\n");
}

const UNKNOWN_VERSION: KernelVersion = { version: 0, patchLevel: 0, subLevel: 0, extra: "", text: "0.0.0" };

/** Headers of a Kbuild list: `generic-y += x.h`, `mandatory-y += y.h`. */
function kbuildNames(tree: SourceTree, path: string, list: string): ReadonlySet<string> {
  const text = tree.exists(path) ? (tree.read(path) ?? "") : "";
  return new Set([...text.matchAll(new RegExp(`^${list} *\\+?= *(\\S+)`, "gm"))].map((match) => match[1] ?? ""));
}

/**
 * What the kernel build would put under include/generated and arch/powerpc/include/generated. Reads the tree only when a
 * header is requested, and caches the result.
 */
export function suppliedHeaders(tree: SourceTree, config: KernelConfig): Supplied {
  const version = kernelVersion(tree) ?? UNKNOWN_VERSION;
  const texts = new Map<string, string | undefined>([
    ["generated/autoconf.h", autoconfText(config)],
    ["generated/bounds.h", boundsText(config)],
    ["generated/timeconst.h", timeconstText(configNumber(config, "HZ", 250))],
    ["generated/utsrelease.h", `#define UTS_RELEASE "${version.text}"\n`],
    ["generated/utsversion.h", '#define UTS_VERSION "#1 SMP"\n'],
    [
      "generated/compile.h",
      '#define UTS_MACHINE "ppc64le"\n#define LINUX_COMPILE_BY "tcs"\n#define LINUX_COMPILE_HOST "tcs"\n#define LINUX_COMPILER "gcc 12"\n',
    ],
    ["generated/uapi/linux/version.h", versionText(version)],
    ["linux/version.h", versionText(version)],
    ["asm/bug.h", BUG_H],
  ]);
  for (const name of ["generated/asm-offsets.h", "generated/autoksyms.h", "generated/vdso32-offsets.h", "generated/vdso64-offsets.h"]) texts.set(name, "");
  for (const name of ["asm/unistd_32.h", "asm/unistd_64.h", "asm/syscall_table_32.h", "asm/syscall_table_64.h"]) texts.set(name, "");
  let listed: ReadonlySet<string> | undefined;

  /** asm/x.h, if the architecture uses the asm-generic header. */
  const fallback = (name: string): string | undefined => {
    const header = /^asm\/([^/]+\.h)$/.exec(name)?.[1];
    if (header === undefined || tree.exists(`arch/powerpc/include/asm/${header}`)) return undefined;
    listed ??= new Set([
      ...kbuildNames(tree, "arch/powerpc/include/asm/Kbuild", "generic-y"),
      ...kbuildNames(tree, "include/asm-generic/Kbuild", "mandatory-y"),
    ]);
    if (!listed.has(header) && tree.exists(`arch/powerpc/include/uapi/asm/${header}`)) return undefined;
    const generic = tree.exists(`include/asm-generic/${header}`) || tree.exists(`include/uapi/asm-generic/${header}`);
    return generic ? `#include <asm-generic/${header}>\n` : undefined;
  };
  return {
    get(name) {
      if (texts.has(name)) return texts.get(name);
      const text = fallback(name);
      texts.set(name, text);
      return text;
    },
  };
}
