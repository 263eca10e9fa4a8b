// Compares the engine's log with a real kernel's: the same lines in the same order, but for what may differ. That is said
// here and nowhere else: addresses and offsets in functions, CPU and task numbers, names of machine and release, the frames
// of KASAN's and the thread's own start, registers (the engine has none), the size of a slab object within its cache, the
// number of windows the firmware has left, IOMMU group numbers, lines of the test and of drivers that the engine does not have.

/**
 * @typedef {{ readonly t: number, readonly text: string }} Line seconds; canonical text
 * @typedef {{ readonly what: string, readonly real: string, readonly engine: string, readonly agree: boolean }} Row
 * @typedef {{ readonly rows: readonly Row[], readonly agree: boolean }} Comparison
 */

/** Frames of the reporter and of assembly that starts a thread. */
const REPORTER = /^(?:dump_stack_lvl|print_report|kasan_\w+|__kasan_\w+|__asan_\w+|start_kernel_thread|ret_from_kernel_thread|system_call_\w+)$/;
/** Whole lines that one side has and the other cannot. */
const LEFT_OUT = [
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
  if (trace !== null) return REPORTER.test(trace[1] ?? "") ? undefined : `  trace ${trace[1] ?? ""}`;
  const frame = /^ ([A-Za-z_]\w*)\+0x[0-9a-f]+\/0x[0-9a-f]+/.exec(text);
  if (frame !== null) return REPORTER.test(frame[1] ?? "") ? undefined : `  stack ${frame[1] ?? ""}`;
  if (LEFT_OUT.some((p) => p.test(text))) return undefined;
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
 * The part of a log from the driver's first question for a window on.
 * @param {readonly string[]} lines
 * @returns {readonly Line[]}
 */
export function canonicalLog(lines) {
  /** @type {Line[]} */
  const out = [];
  let begun = false;
  for (const raw of lines) {
    const m = /^\[ *(\d+\.\d+)\] (.*?)\s*$/.exec(raw);
    if (m === null) continue;
    const text = (m[2] ?? "").replace(/^ +(?=pci )/, "");
    begun ||= /^tcetest \S+: ibm,query-pe-dma-windows/.test(text);
    if (!begun) continue;
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

/** The KASAN reports: what, where, and which bytes of the object, each once, in order. @param {readonly string[]} lines */
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
    // A kernel with spin lock debugging looks at more words of the lock than one without.
    const lock = /raw_spin/.test(bug[2] ?? "");
    const report = lock
      ? `${bug[1] ?? ""}: a lock's word`
      : `${bug[1] ?? ""} in ${bug[2] ?? ""}, ${access?.[1]?.toLowerCase() ?? "?"} of ${access?.[2] ?? "?"}${at === undefined ? "" : ` at ${at}`}`;
    if (!out.includes(report)) out.push(report);
  }
  return out;
}

/** Functions under "Allocated by" and "Freed by" of the first report that the tree has in between driver and allocator. @param {readonly string[]} lines @param {string} what */
function eventFunctions(lines, what) {
  const text = lines.map((l) => l.replace(/^\[ *\d+\.\d+\] /, "").trimEnd());
  const from = text.findIndex((l) => l.startsWith(`${what} by task`));
  const names = [];
  for (let i = from + 1; from >= 0 && /^ \w+\+0x/.test(text[i] ?? ""); i++) names.push(/^ (\w+)/.exec(text[i] ?? "")?.[1] ?? "");
  return names.filter((n) => !REPORTER.test(n));
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
    const [theirs, ours] = [kasanReports(realLines), kasanReports(engineLines)];
    for (let i = 0; i < Math.max(theirs.length, ours.length); i++) rows.push(row(`KASAN report ${String(i + 1)}`, theirs[i] ?? "none", ours[i] ?? "none"));
    for (const [what, through] of [
      ["Allocated", ["iommu_bypass_supported_pSeriesLP", "dma_iommu_dma_supported", "dma_set_mask"]],
      ["Freed", ["kfree", "iommu_tce_table_put", "iommu_reconfig_notifier", "blocking_notifier_call_chain", "of_reconfig_notify", "of_detach_node"]],
    ]) {
      const seen = (/** @type {readonly string[]} */ lines) =>
        eventFunctions(lines, /** @type {string} */ (what))
          .filter((n) => through?.includes(n))
          .join(" ");
      rows.push(row(`${String(what)} by`, seen(realLines), seen(engineLines)));
    }
    for (const pattern of [/plpar_tce_stuff failed$/, /^\trc {6}= -4$/, /^Oops: /, /^NIP \[/]) {
      const count = (/** @type {readonly Line[]} */ log) => log.filter((l) => pattern.test(l.text)).length;
      rows.push(row(`lines ${String(pattern)}`, count(real), count(engine)));
    }
    return { rows, agree: rows.every((r) => r.agree) };
  }
  const [theirs, ours] = [kernelLines(real), kernelLines(engine)];
  const n = Math.max(theirs.length, ours.length);
  let same = 0;
  while (same < n && theirs[same]?.text === ours[same]?.text) same++;
  rows.push(row("kernel lines, same text and order", theirs.length, same === n ? n : `${String(same)}, then another`));
  if (same < n) rows.push(row(`line ${String(same + 1)}`, theirs[same]?.text ?? "end of log", ours[same]?.text ?? "end of log"));
  const traces = (/** @type {readonly Line[]} */ log) =>
    log
      .filter((l) => l.text.startsWith("  trace "))
      .map((l) => l.text.slice(8))
      .join(" ");
  rows.push({
    ...row("functions in call traces", traces(theirs).split(" ").filter(Boolean).length, traces(ours).split(" ").filter(Boolean).length),
    agree: traces(theirs) === traces(ours),
  });
  const waits = (/** @type {readonly Line[]} */ log) => log.filter((l) => WAIT.test(l.text));
  const [theirWaits, ourWaits] = [waits(real), waits(engine)];
  // msleep(50) is 13 jiffies at HZ=250, which the timer wheel makes 14 ticks, the first of them begun; a real CPU sees the
  // time that another one keeps and may be a tick late. Kernels before 6.12 add a jiffy of their own.
  const jiffy = 1 / options.hz;
  const least = Math.floor(0.05 * options.hz) + 1;
  const span = (theirWaits.at(-1)?.t ?? 0) - (theirWaits[0]?.t ?? 0);
  const fewest = Math.floor(span / ((least + 2) * jiffy));
  const most = Math.ceil(span / (least * jiffy)) + 2;
  rows.push(
    row(
      `wait lines (${theirWaits.length === 0 ? "none" : `${String(fewest)} to ${String(most)} fit the time`})`,
      theirWaits.length,
      ourWaits.length,
      theirWaits.length === 0
        ? ourWaits.length === 0
        : ourWaits.length >= fewest && ourWaits.length <= most && theirWaits.length <= most && theirWaits.length >= fewest,
    ),
  );
  const gaps = (/** @type {readonly Line[]} */ log) => {
    const all = log.slice(1).map((l, i) => Math.round((l.t - (log[i]?.t ?? 0)) * 1000));
    return all.length === 0 ? "none" : `${String(Math.min(...all))} to ${String(Math.max(...all))} ms`;
  };
  const fits = (/** @type {readonly Line[]} */ log) =>
    log.slice(1).every((l, i) => l.t - (log[i]?.t ?? 0) > least * jiffy - 0.001 && l.t - (log[i]?.t ?? 0) < (least + 2) * jiffy + 0.001);
  rows.push(row("pause between them", gaps(theirWaits), gaps(ourWaits), fits(theirWaits) && fits(ourWaits) && theirWaits.length > 1 === ourWaits.length > 1));
  return { rows, agree: rows.every((r) => r.agree) };
}
