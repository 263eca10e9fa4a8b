// Compares the engine's log with a real kernel's: same lines, same order. Only these differences are tolerated: addresses
// and offsets in functions, CPU and task numbers, machine and release names, frames of KASAN and of thread start-up,
// registers (the engine has none), a slab object's size in its cache, the number of DMA windows left, IOMMU group numbers,
// lines of the test and of drivers that the engine does not have.

/**
 * @typedef {{ readonly t: number, readonly text: string }} Line seconds; canonical text
 * @typedef {{ readonly what: string, readonly real: string, readonly engine: string, readonly agree: boolean }} Row
 * @typedef {{ readonly rows: readonly Row[], readonly agree: boolean }} Comparison
 */

/** Frames of the error reporting code and of thread start-up. */
const IGNORED_FRAME = /^(?:dump_stack_lvl|print_report|kasan_\w+|__kasan_\w+|__asan_\w+|start_kernel_thread|ret_from_kernel_thread|system_call_\w+)$/;
/** Lines that only one of the two systems can print. */
const IGNORED_LINES = [
  /^init: |^tcetest: |^tcetest \S+: enabling device|^random: |^reboot: /,
  /^pci_bus |^rpadlpar_io: |^Attempt to iounmap/,
  /^Tainted: |^(?:REGS|MSR|CFAR|GPR\d\d|NIP): {1,2}|^Code: |^Instruction dump:|^[0-9a-f<> ]{60,}$/,
  /^Modules linked in:|^Disabling lock debugging/,
  /^The buggy address belongs to|^ which belongs to the cache|^ freed \d+-byte region|^The buggy address is located \d+ bytes to/,
  /^page: |^flags: |^page_type: |^raw: |^page dumped|^Memory state around|^[> ]c[0-9a-f]{15}: |^ +\^$|^ \[c[0-9a-f]+, c[0-9a-f]+\) created by/,
  /^note: .* exited with preempt_count|^Faulting instruction address|^=+$|^$/,
];

/** @param {string} text @returns {string | undefined} */
function canonical(text) {
  const trace = /^\[[0-9a-f]{16}\] \[[0-9a-f]{16}\] (\S+?)\+0x/.exec(text);
  if (trace !== null) return IGNORED_FRAME.test(trace[1] ?? "") ? undefined : `  trace ${trace[1] ?? ""}`;
  const frame = /^ ([A-Za-z_]\w*)\+0x[0-9a-f]+\/0x[0-9a-f]+/.exec(text);
  if (frame !== null) return IGNORED_FRAME.test(frame[1] ?? "") ? undefined : `  stack ${frame[1] ?? ""}`;
  if (IGNORED_LINES.some((p) => p.test(text))) return undefined;
  return text
    .replace(/^CPU: \d+ .*Comm: (kworker)\S*.*$/, "CPU: # Comm: $1")
    .replace(/^Hardware name: .*/, "Hardware name: #")
    .replace(/^(Workqueue: \S+ \w+).*/, "$1")
    .replace(/NR_CPUS=\d+/, "NR_CPUS=#")
    .replace(/^(note: kworker)\S+ /, "$1 ")
    .replace(/by task kworker\S+/, "by task kworker")
    .replace(/^(Allocated|Freed) by task \d+:/, "$1 by task #:")
    .replace(/\+0x[0-9a-f]+\/0x[0-9a-f]+/g, "")
    .replace(/ at addr [0-9a-f]{16}/, " at addr #")
    .replace(/\b(?:0x)?c[0-9a-f]{15}\b/g, "#")
    .replace(/iommu group \d+$/, "iommu group #")
    .replace(/wn=[1-9]\d*$/, "wn=some");
}

/**
 * The log from the driver's first query for DMA windows.
 * @param {readonly string[]} lines
 * @returns {readonly Line[]}
 */
export function canonicalLog(lines) {
  /** @type {Line[]} */
  const out = [];
  let started = false;
  for (const raw of lines) {
    const m = /^\[ *(\d+\.\d+)\] (.*?)\s*$/.exec(raw);
    if (m === null) continue;
    const text = (m[2] ?? "").replace(/^ +(?=pci )/, "");
    started ||= /^tcetest \S+: ibm,query-pe-dma-windows/.test(text);
    if (!started) continue;
    const line = canonical(
      raw
        .replace(/\r$/, "")
        .replace(/^\[ *\d+\.\d+\] /, "")
        .trimEnd(),
    );
    if (line !== undefined) out.push({ t: Number(m[1]), text: line });
  }
  return out;
}

const WAIT = /Unexpected TCEs, wait for/;

/** @param {readonly Line[]} log */
function kernelLines(log) {
  return log.filter((l) => !WAIT.test(l.text));
}

/** The distinct KASAN reports in order: kind, function, access and its offset in the object. @param {readonly string[]} lines */
function kasanReports(lines) {
  /** @type {string[]} */
  const out = [];
  const text = lines.map((l) => l.replace(/^\[ *\d+\.\d+\] /, "").trimEnd());
  for (let i = 0; i < text.length; i++) {
    const bug = /^BUG: KASAN: (\S+) in (\w+)/.exec(text[i] ?? "");
    if (bug === null) continue;
    const access = /^(Read|Write) of size (\d+)/.exec(text[i + 1] ?? "");
    const end = text.findIndex((l, at) => at > i + 1 && /^BUG: /.test(l));
    const body = text.slice(i, end < 0 ? undefined : end);
    const at = body.map((l) => /^The buggy address is located (\d+) bytes inside/.exec(l)?.[1]).find((n) => n !== undefined);
    // With spin lock debugging, a kernel reads more words of the lock than without.
    const lock = /raw_spin/.test(bug[2] ?? "");
    const report = lock
      ? `${bug[1] ?? ""}: a lock's word`
      : `${bug[1] ?? ""} in ${bug[2] ?? ""}, ${access?.[1]?.toLowerCase() ?? "?"} of ${access?.[2] ?? "?"}${at === undefined ? "" : ` at ${at}`}`;
    if (!out.includes(report)) out.push(report);
  }
  return out;
}

/** Functions in the stack under "Allocated by" or "Freed by" of the first report. @param {readonly string[]} lines @param {string} what */
function eventFunctions(lines, what) {
  const text = lines.map((l) => l.replace(/^\[ *\d+\.\d+\] /, "").trimEnd());
  const from = text.findIndex((l) => l.startsWith(`${what} by task`));
  const names = [];
  for (let i = from + 1; from >= 0 && /^ \w+\+0x/.test(text[i] ?? ""); i++) names.push(/^ (\w+)/.exec(text[i] ?? "")?.[1] ?? "");
  return names.filter((n) => !IGNORED_FRAME.test(n));
}

/** @param {string} what @param {unknown} real @param {unknown} engine @param {boolean} [agree] @returns {Row} */
const row = (what, real, engine, agree = String(real) === String(engine)) => ({ what, real: String(real), engine: String(engine), agree });

/**
 * @param {readonly string[]} realLines lines of a real log
 * @param {readonly string[]} engineLines
 * @param {{ readonly hz: number, readonly kasan?: boolean }} options
 * @returns {Comparison}
 */
export function compareLogs(realLines, engineLines, options) {
  const real = canonicalLog(realLines);
  const engine = canonicalLog(engineLines);
  /** @type {Row[]} */
  const rows = [];
  if (options.kasan === true) {
    const [realReports, engineReports] = [kasanReports(realLines), kasanReports(engineLines)];
    for (let i = 0; i < Math.max(realReports.length, engineReports.length); i++)
      rows.push(row(`KASAN report ${String(i + 1)}`, realReports[i] ?? "none", engineReports[i] ?? "none"));
    for (const [what, expected] of [
      ["Allocated", ["iommu_bypass_supported_pSeriesLP", "dma_iommu_dma_supported", "dma_set_mask"]],
      ["Freed", ["kfree", "iommu_tce_table_put", "iommu_reconfig_notifier", "blocking_notifier_call_chain", "of_reconfig_notify", "of_detach_node"]],
    ]) {
      const functions = (/** @type {readonly string[]} */ lines) =>
        eventFunctions(lines, /** @type {string} */ (what))
          .filter((n) => expected?.includes(n))
          .join(" ");
      rows.push(row(`${String(what)} by`, functions(realLines), functions(engineLines)));
    }
    for (const pattern of [/plpar_tce_stuff failed$/, /^\trc {6}= -4$/, /^Oops: /, /^NIP \[/]) {
      const count = (/** @type {readonly Line[]} */ log) => log.filter((l) => pattern.test(l.text)).length;
      rows.push(row(`lines ${String(pattern)}`, count(real), count(engine)));
    }
    return { rows, agree: rows.every((r) => r.agree) };
  }
  const [realKernel, engineKernel] = [kernelLines(real), kernelLines(engine)];
  const n = Math.max(realKernel.length, engineKernel.length);
  let same = 0;
  while (same < n && realKernel[same]?.text === engineKernel[same]?.text) same++;
  rows.push(row("kernel lines, same text and order", realKernel.length, same === n ? n : `${String(same)}, then a different line`));
  if (same < n) rows.push(row(`line ${String(same + 1)}`, realKernel[same]?.text ?? "end of log", engineKernel[same]?.text ?? "end of log"));
  const traces = (/** @type {readonly Line[]} */ log) =>
    log
      .filter((l) => l.text.startsWith("  trace "))
      .map((l) => l.text.slice(8))
      .join(" ");
  rows.push({
    ...row("functions in call traces", traces(realKernel).split(" ").filter(Boolean).length, traces(engineKernel).split(" ").filter(Boolean).length),
    agree: traces(realKernel) === traces(engineKernel),
  });
  const waits = (/** @type {readonly Line[]} */ log) => log.filter((l) => WAIT.test(l.text));
  const [realWaits, engineWaits] = [waits(real), waits(engine)];
  // msleep(50) is 13 jiffies at HZ=250; the timer wheel rounds up to 14 ticks, the first of them partial. On a real machine
  // another CPU may keep the time, which can add a tick. Kernels before 6.12 add one more jiffy.
  const jiffy = 1 / options.hz;
  const minJiffies = Math.floor(0.05 * options.hz) + 1;
  const span = (realWaits.at(-1)?.t ?? 0) - (realWaits[0]?.t ?? 0);
  const minLines = Math.floor(span / ((minJiffies + 2) * jiffy));
  const maxLines = Math.ceil(span / (minJiffies * jiffy)) + 2;
  rows.push(
    row(
      `wait lines (${realWaits.length === 0 ? "none" : `${String(minLines)} to ${String(maxLines)} fit the time`})`,
      realWaits.length,
      engineWaits.length,
      realWaits.length === 0
        ? engineWaits.length === 0
        : engineWaits.length >= minLines && engineWaits.length <= maxLines && realWaits.length <= maxLines && realWaits.length >= minLines,
    ),
  );
  const gaps = (/** @type {readonly Line[]} */ log) => {
    const all = log.slice(1).map((l, i) => Math.round((l.t - (log[i]?.t ?? 0)) * 1000));
    return all.length === 0 ? "none" : `${String(Math.min(...all))} to ${String(Math.max(...all))} ms`;
  };
  const fits = (/** @type {readonly Line[]} */ log) =>
    log.slice(1).every((l, i) => l.t - (log[i]?.t ?? 0) > minJiffies * jiffy - 0.001 && l.t - (log[i]?.t ?? 0) < (minJiffies + 2) * jiffy + 0.001);
  rows.push(
    row(
      "interval between wait lines",
      gaps(realWaits),
      gaps(engineWaits),
      fits(realWaits) && fits(engineWaits) && realWaits.length > 1 === engineWaits.length > 1,
    ),
  );
  return { rows, agree: rows.every((r) => r.agree) };
}
