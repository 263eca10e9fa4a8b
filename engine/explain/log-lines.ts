// From pasted text to the lines the kernel logged: without quoting, syslog's or journald's prefix, level and time stamp,
// and with lines put together that a mail program wrapped. Must not interpret the lines.

export interface LogLine {
  /** 1-based line of the pasted text. */
  readonly line: number;
  /** The kernel's text; leading blanks are kept. */
  readonly text: string;
  /** Seconds since boot, if there is such a time stamp. */
  readonly t?: number;
}

/** More is no paste of an oops; the last part is read. */
const MAX_LENGTH = 4_000_000;
/** A mail program wraps lines that are longer than this at the soonest. */
const WRAPPED_FROM = 50;

const QUOTED = /^[ \t]*(?:[>|][ \t]?)+/;
/** `Feb 19 01:40:05 host kernel: ` and `2025-02-19T01:40:05.123456+01:00 host kernel: `. */
const SYSLOG = /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ kernel: ?/;
const LEVEL = /^<\d{1,3}>/;
/** `[ 3610.403820] `, with the task or CPU of CONFIG_PRINTK_CALLER, and `[Wed Feb 19 01:40:05 2025] ` of dmesg -T. */
const SECONDS = /^\[ *(\d{1,9}\.\d{1,9})\] ?(?:\[ *[TC]\d+\] ?)?/;
const DATE = /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}\] ?/;

function stripped(raw: string): { readonly text: string; readonly t?: number; readonly stamped: boolean } {
  let text = raw.replace(QUOTED, "").replace(SYSLOG, "").replace(LEVEL, "");
  // A log taken from a serial line may carry syslog's stamp before the kernel's.
  const seconds = SECONDS.exec(text.trimStart());
  if (seconds !== null) {
    text = text.trimStart().slice(seconds[0].length);
    return { text, t: Number(seconds[1]), stamped: true };
  }
  const date = DATE.exec(text);
  return date === null ? { text, stamped: SYSLOG.test(raw) } : { text: text.slice(date[0].length), stamped: true };
}

/** Whether `next` is the rest of a line that began with `text`. */
function continues(raw: string, text: string, next: string, stampsLines: boolean): boolean {
  if (next.trim() === "") return false;
  // A frame without its function, or a function cut within its offset.
  if (/\[[0-9a-f<>]{8,}\]\s*$/.test(text) && /^\s*[\w.$]+\+0x/.test(next)) return true;
  if (/\+(?:0x[0-9a-f]*)?\/?$/.test(text)) return true;
  return stampsLines && raw.length >= WRAPPED_FROM && !/^(?:===|---|\s*$)/.test(next);
}

/** The lines of `pasted`, in order; empty ones too, as "". Never fails: what is no log line is a line with its own text. */
export function logLines(pasted: string): readonly LogLine[] {
  const text = pasted.length > MAX_LENGTH ? pasted.slice(-MAX_LENGTH) : pasted;
  const skipped = pasted.length > MAX_LENGTH ? pasted.slice(0, -MAX_LENGTH).split("\n").length - 1 : 0;
  // Control characters of terminals and torn encodings are no part of a log.
  const raws = text.split(/\r\n|\r|\n/).map((l) => l.replace(/\u001b\[[0-9;]*m/g, "").replace(/[\u0000-\u0008\u000b-\u001f\ufffd]/g, ""));
  const lines = raws.map(stripped);
  const stampsLines = lines.filter((l) => l.stamped).length * 4 > lines.filter((l) => l.text.trim() !== "").length;
  const out: LogLine[] = [];
  let last = -1;
  lines.forEach((now, i) => {
    const before = out.at(-1);
    const raw = raws[i] ?? "";
    if (
      before !== undefined &&
      last === i - 1 &&
      !now.stamped &&
      before.text.trim() !== "" &&
      continues(raws[last] ?? "", before.text, now.text, stampsLines)
    ) {
      const glue = /[/+]$/.test(before.text) ? "" : " ";
      out[out.length - 1] = { ...before, text: before.text.trimEnd() + glue + now.text.trim() };
    } else out.push({ line: skipped + i + 1, text: now.text.trimEnd(), ...(now.t === undefined ? {} : { t: now.t }) });
    last = raw.trim() === "" ? -1 : i;
  });
  return out;
}
