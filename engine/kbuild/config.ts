// The kernel's configuration: a user's .config or a built-in one for a pseries partition, and the autoconf.h generated from
// it. The built-in one states facts about such kernels (64K pages, radix, HZ=250, 8 CPUs) and has only options that IOMMU
// code or the headers it includes depend on.
import type { Problem } from "../base/index.js";

/** Option (without CONFIG_) to value as in a .config: `y`, `m`, a number, or a string with its quotes. */
export type KernelConfig = ReadonlyMap<string, string>;

/*
 * Options of a real pseries kernel that are off here, because they select assembly, self-modifying code or a subsystem
 * that is irrelevant to the review; without them the code is plain C of the same effect:
 *  - JUMP_LABEL: static keys become reads of a counter.
 *  - GENERIC_BUG: BUG() and WARN() become calls (see the asm/bug.h of kbuild/generated-headers.ts) instead of trap instructions.
 *  - MODULES: EXPORT_SYMBOL() vanishes, try_module_get() succeeds.
 *  - PPC_64S_HASH_MMU: radix_enabled() is a constant, as on every POWER9 partition that uses radix.
 *  - PPC_SPLPAR, PARAVIRT_SPINLOCKS, INLINE_*_UNLOCK*: locks are calls, which engine/kernel implements.
 *  - PPC_KUAP, PPC_KUEP, PPC_PKEY, PPC_BARRIER_NOSPEC, STACKPROTECTOR, RANDOMIZE_KSTACK_OFFSET: only assembly.
 *  - FORTIFY_SOURCE, HARDENED_USERCOPY: string functions are called directly; the machine's shadow detects overruns.
 *  - TRACEPOINTS, KPROBES, DYNAMIC_DEBUG, DEBUG_FS, KASAN, LOCKDEP, FAULT_INJECTION, MEM_ALLOC_PROFILING: observers.
 *  - SYSFS: kobjects keep their counts and names but create no files. OF_KOBJ stays: it counts references to device nodes.
 *  - SWIOTLB: only secure partitions bounce; CC_HAS_ASM_INLINE: `asm inline` is `asm`.
 */
const SWITCHED_ON = `
64BIT ADVISE_SYSCALLS ARCH_DEFAULT_CRASH_DUMP ARCH_DMA_ADDR_T_64BIT ARCH_DMA_DEFAULT_COHERENT
ARCH_ENABLE_MEMORY_HOTPLUG ARCH_ENABLE_MEMORY_HOTREMOVE ARCH_ENABLE_SPLIT_PMD_PTLOCK ARCH_HAS_ADD_PAGES
ARCH_HAS_CURRENT_STACK_POINTER ARCH_HAS_DMA_MAP_DIRECT ARCH_HAS_DMA_OPS ARCH_HAS_FAST_MULTIPLIER ARCH_HAS_GIGANTIC_PAGE
ARCH_HAS_MEMBARRIER_CALLBACKS ARCH_HAS_MEMBARRIER_SYNC_CORE ARCH_HAS_MEMREMAP_COMPAT_ALIGN ARCH_HAS_MMIOWB
ARCH_HAS_NON_OVERLAPPING_ADDRESS_SPACE ARCH_HAS_PHYS_TO_DMA ARCH_HAS_PTE_DEVMAP ARCH_HAS_PTE_SPECIAL ARCH_HAS_SET_MEMORY
ARCH_HAS_SYSCALL_WRAPPER ARCH_HAS_UACCESS_FLUSHCACHE ARCH_HAVE_NMI_SAFE_CMPXCHG ARCH_KEEP_MEMBLOCK ARCH_STACKWALK
ARCH_USE_BUILTIN_BSWAP ARCH_USE_CMPXCHG_LOCKREF ARCH_USE_QUEUED_RWLOCKS ARCH_WANT_OPTIMIZE_DAX_VMEMMAP
ARCH_WEAK_RELEASE_ACQUIRE BLK_DEV_INITRD BUG CC_IS_GCC CLONE_BACKWARDS COMPACTION CONTEXT_TRACKING CONTEXT_TRACKING_IDLE
COREDUMP CPU_LITTLE_ENDIAN DCACHE_WORD_ACCESS DEBUG_BUGVERBOSE DEBUG_KERNEL DEVTMPFS DMA_DECLARE_COHERENT DMA_NEED_SYNC
DMA_OPS DMA_OPS_BYPASS DMA_OPS_HELPERS EARLY_PRINTK EEH ELF_CORE EPOLL EVENTFD EXCLUSIVE_SYSTEM_RAM EXECMEM FILE_LOCKING
FORCE_PCI FSNOTIFY FUTEX FUTEX_PI FW_LOADER GENERIC_ALLOCATOR GENERIC_CLOCKEVENTS GENERIC_CPU_AUTOPROBE
GENERIC_EARLY_IOREMAP GENERIC_GETTIMEOFDAY GENERIC_HWEIGHT GENERIC_IRQ_MIGRATION GENERIC_IRQ_SHOW
GENERIC_IRQ_SHOW_LEVEL GENERIC_MSI_IRQ GENERIC_PCI_IOMAP GENERIC_SMP_IDLE_THREAD GENERIC_TIME_VSYSCALL HAS_DMA HAS_IOMEM
HAS_IOPORT HAS_IOPORT_MAP HAVE_ARCH_HUGE_VMALLOC HAVE_ARCH_HUGE_VMAP HAVE_ARCH_SOFT_DIRTY HAVE_ARCH_TRACEHOOK
HAVE_ARCH_TRANSPARENT_HUGEPAGE HAVE_EFFICIENT_UNALIGNED_ACCESS HAVE_FUNCTION_ARG_ACCESS_API HAVE_GUP_FAST
HAVE_IOREMAP_PROT HAVE_MEMORYLESS_NODES HAVE_MOVE_PMD HAVE_MOVE_PUD HAVE_NMI HAVE_PCI HAVE_PERF_REGS
HAVE_SETUP_PER_CPU_AREA HIGH_RES_TIMERS HOTPLUG_CPU HOTPLUG_PCI HOTPLUG_PCI_RPA HOTPLUG_PCI_RPA_DLPAR HOTPLUG_SMT HZ_PERIODIC IBMVIO
INET INOTIFY_USER IOMMU_API IOMMU_DEFAULT_DMA_STRICT IOMMU_HELPER IOMMU_SUPPORT IO_EVENT_IRQ IRQCHIP IRQ_DOMAIN
IRQ_DOMAIN_HIERARCHY IRQ_FORCED_THREADING IRQ_WORK ISA_DMA_API KALLSYMS KALLSYMS_ALL LOCK_MM_AND_FIND_VMA LPAR LPARCFG
MEMBARRIER MEMORY_HOTPLUG MEMORY_HOTREMOVE MIGRATION MMIOWB MMU MMU_GATHER_MERGE_VMAS MMU_GATHER_PAGE_SIZE
MMU_GATHER_RCU_TABLE_FREE MMU_GATHER_TABLE_FREE MMU_LAZY_TLB_SHOOTDOWN MULTIUSER NEED_DMA_MAP_STATE
NEED_PER_CPU_EMBED_FIRST_CHUNK NEED_PER_CPU_PAGE_FIRST_CHUNK NEED_SG_DMA_LENGTH NEED_SRCU_NMI_SAFE NET NETDEVICES
NONSTATIC_KERNEL NUMA OF OF_ADDRESS OF_DYNAMIC OF_EARLY_FLATTREE OF_FLATTREE OF_IOMMU OF_IRQ OF_KOBJ OF_RESERVED_MEM
PAGE_POOL PAGE_SIZE_64KB PAGE_SIZE_LESS_THAN_256KB PCI PCI_DOMAINS PCI_MSI PCI_MSI_ARCH_FALLBACKS PCI_QUIRKS PER_VMA_LOCK
PHYS_ADDR_T_64BIT POSIX_TIMERS POWER9_CPU PPC PPC64 PPC64_ELF_ABI_V2 PPC_64K_PAGES PPC_BOOK3S PPC_BOOK3S_64 PPC_DAWR
PPC_DOORBELL PPC_DT_CPU_FTRS PPC_FPU PPC_FPU_REGS PPC_HAS_LBARX_LHARX PPC_HAVE_PMU_SUPPORT PPC_ICP_HV PPC_ICP_NATIVE
PPC_ICS_RTAS PPC_MSI_BITMAP PPC_PSERIES PPC_QUEUED_SPINLOCKS PPC_RADIX_MMU PPC_RADIX_MMU_DEFAULT PPC_RTAS PPC_RTAS_DAEMON
PPC_SMP_MUXED_IPI PPC_THP PPC_UDBG_16550 PPC_XICS PPC_XIVE PPC_XIVE_SPAPR PREEMPT_NONE PREEMPT_NONE_BUILD PRINTK PRINTK_TIME PROC_FS
PROC_SYSCTL QUEUED_RWLOCKS RCU_NEED_SEGCBLIST RCU_STALL_COMMON RELOCATABLE RTAS_ERROR_LOGGING RTC_LIB RT_MUTEXES SHMEM
SIGNALFD SLUB SLUB_CPU_PARTIAL SMP SOFTIRQ_ON_OWN_STACK SPAPR_TCE_IOMMU SPARSEMEM SPARSEMEM_EXTREME SPARSEMEM_VMEMMAP
SPARSEMEM_VMEMMAP_ENABLE SPARSE_IRQ SPLIT_PMD_PTLOCKS SPLIT_PTE_PTLOCKS STACKTRACE STRICT_KERNEL_RWX SYMBOLIC_ERRNAME SYSCTL
THREAD_INFO_IN_TASK TICK_ONESHOT TIMERFD TMPFS TREE_RCU TREE_SRCU TTY UNINLINE_SPIN_UNLOCK USE_PERCPU_NUMA_NODE_ID
VM_EVENT_COUNTERS HAVE_ARCH_WITHIN_STACK_FRAMES HAVE_MOD_ARCH_SPECIFIC MODULES_USE_ELF_RELA`;

const WITH_VALUES = `
ARCH_FORCE_MAX_ORDER=8 ARCH_MMAP_RND_BITS=14 BASE_SMALL=0 CC_VERSION_TEXT="powerpc64le-linux-gnu-gcc_12" CLANG_VERSION=0 CMDLINE=""
CONSOLE_LOGLEVEL_DEFAULT=7 CONSOLE_LOGLEVEL_QUIET=4 DATA_SHIFT=24 DEFAULT_HOSTNAME="(none)" DEFAULT_MMAP_MIN_ADDR=4096
FORCE_MAX_ZONEORDER=9 FUNCTION_ALIGNMENT=4 GCC_VERSION=120200 ILLEGAL_POINTER_VALUE=0x5deadbeef0000000
KERNEL_START=0xc000000000000000 LOCALVERSION="" LOG_BUF_SHIFT=20 LOG_CPU_MAX_BUF_SHIFT=12 MESSAGE_LOGLEVEL_DEFAULT=4
NODES_SHIFT=8 NR_CPUS=8 NR_IRQS=512 PAGE_OFFSET=0xc000000000000000 PAGE_SHIFT=16 PANIC_ON_OOPS_VALUE=0 PANIC_TIMEOUT=180
PCP_BATCH_SCALE_MAX=5 PGTABLE_LEVELS=4 PHYSICAL_START=0x00000000 PPC_PAGE_SHIFT=16 PRINT_STACK_DEPTH=64 RCU_CPU_STALL_TIMEOUT=21
RCU_EXP_CPU_STALL_TIMEOUT=0 THREAD_SHIFT=15`;

/** Options of a user's .config that would add assembly or instrumentation to code that otherwise runs. */
const NOT_RUNNABLE: readonly RegExp[] = [
  /^JUMP_LABEL/,
  /^GENERIC_BUG/,
  /^MODULES$|^MODVERSIONS|^MODULE_/,
  /^PPC_SPLPAR$|^PARAVIRT/,
  /^INLINE_(?:SPIN|READ|WRITE)_/,
  /^PPC_(?:KUAP|KUEP|PKEY|MEM_KEYS|BARRIER_NOSPEC)$/,
  /^STACKPROTECTOR|^RANDOMIZE_KSTACK_OFFSET|^INIT_STACK_|^GCC_PLUGIN/,
  /^FORTIFY_SOURCE$|^HARDENED_USERCOPY/,
  /^TRACEPOINTS$|^TRACING$|^FTRACE|^FUNCTION_TRACER$|^DYNAMIC_FTRACE|^KPROBE|^OPTPROBES$|^KRETPROBE|^UPROBE|^EVENT_TRACING$|^BPF_/,
  /^DYNAMIC_DEBUG/,
  /^(?:K[AMC]SAN|UBSAN|KFENCE|KCOV|KMSAN)(?:_|$)/,
  /^LOCKDEP$|^PROVE_|^DEBUG_LOCK|^DEBUG_SPINLOCK$|^DEBUG_MUTEXES$|^LOCK_STAT$|^TRACE_IRQFLAGS$/,
  /^FAULT_INJECTION|^FAIL_|^MEM_ALLOC_PROFILING|^CODE_TAGGING$/,
  /^CC_HAS_ASM_INLINE$/,
  /^SWIOTLB/,
];

export function builtinConfig(): KernelConfig {
  const config = new Map<string, string>();
  for (const name of SWITCHED_ON.trim().split(/\s+/)) config.set(name, "y");
  for (const setting of WITH_VALUES.trim().split(/\s+/)) {
    const equals = setting.indexOf("=");
    config.set(setting.slice(0, equals), setting.slice(equals + 1));
  }
  return withHz(config, 250);
}

export interface ParsedConfig {
  readonly config: KernelConfig;
  /** Options switched off because code compiled with them could not be run; without CONFIG_. */
  readonly dropped: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads a .config; `file` is its name in problems. Locks become calls, as in the built-in configuration. */
export function parseConfig(text: string, file = ".config"): ParsedConfig {
  const config = new Map<string, string>();
  const dropped: string[] = [];
  const problems: Problem[] = [];
  text.split("\n").forEach((raw, index) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return;
    const setting = /^CONFIG_([A-Za-z0-9_]+)=(y|m|n|-?[0-9]+|0[xX][0-9a-fA-F]+|"(?:[^"\\]|\\.)*")$/.exec(line);
    const [, name, value] = setting ?? [];
    if (name === undefined || value === undefined) {
      problems.push({ code: "config-line", message: `not a configuration line: ${line.slice(0, 60)}`, place: { file, line: index + 1 } });
      return;
    }
    if (value === "n") return;
    if (NOT_RUNNABLE.some((pattern) => pattern.test(name))) dropped.push(name);
    else config.set(name, value);
  });
  config.set("UNINLINE_SPIN_UNLOCK", "y");
  // The older and the newer name of one option: the .config may be for another kernel series than the tree.
  const pageShift = config.get("PAGE_SHIFT") ?? config.get("PPC_PAGE_SHIFT");
  if (pageShift !== undefined) config.set("PAGE_SHIFT", pageShift).set("PPC_PAGE_SHIFT", pageShift);
  // With both MMUs compiled in, each page-table operation would test the CPU's feature bits.
  if (config.has("PPC_RADIX_MMU") && config.delete("PPC_64S_HASH_MMU")) dropped.push("PPC_64S_HASH_MMU");
  return { config, dropped, problems };
}

export const HZ_VALUES = [100, 250, 300, 1000] as const;
export type Hz = (typeof HZ_VALUES)[number];

export function withHz(config: KernelConfig, hz: Hz): KernelConfig {
  const changed = new Map(config);
  for (const value of HZ_VALUES) changed.delete(`HZ_${String(value)}`);
  changed.set(`HZ_${String(hz)}`, "y");
  changed.set("HZ", String(hz));
  return changed;
}

/** A numeric option, or `otherwise`. */
export function configNumber(config: KernelConfig, name: string, otherwise: number): number {
  const value = Number(config.get(name));
  return config.has(name) && Number.isFinite(value) ? value : otherwise;
}

/** The text of include/generated/autoconf.h. */
export function autoconfText(config: KernelConfig): string {
  let text = "";
  for (const [name, value] of config) {
    if (value === "m") text += `#define CONFIG_${name}_MODULE 1\n`;
    else if (value !== "n") text += `#define CONFIG_${name} ${value === "y" ? "1" : value}\n`;
  }
  return text;
}
