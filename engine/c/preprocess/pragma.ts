// The pragmas of the preprocessor: once, push_macro, pop_macro, GCC error and warning. `pack` is passed to the parser as
// tokens. Every other pragma is dropped: it concerns warnings or optimization.
import { fixed } from "../lex/index.js";
import type { RunContext } from "./context.js";
import * as T from "../lex/index.js";

const PACK = fixed("pack");
const ONCE = fixed("once");
const PUSH_MACRO = fixed("push_macro");
const POP_MACRO = fixed("pop_macro");
const GCC = fixed("GCC");
const ERROR = fixed("error");
const WARNING = fixed("warning");
const OPEN = fixed("(");
const CLOSE = fixed(")");
export const PRAGMA_PACK = fixed("__pragma_pack");

const NOTHING = new Int32Array(0);

/** Obeys the pragma whose tokens after `#pragma` are `records`. Returns the records that the parser gets instead. */
export function obeyPragma(run: RunContext, records: Int32Array, loc: number): Int32Array {
  const { expander } = run;
  const report = (severity: "error" | "warning", message: string): void => {
    run.report(severity, `pp-${severity}`, message, loc);
  };
  const is = (token: number, kind: number, value?: number): boolean => {
    const at = token * T.STRIDE;
    return at < records.length && ((records[at] ?? 0) & T.K_MASK) === kind && (value === undefined || records[at + 1] === value);
  };
  const text = (token: number): string => expander.atoms.text(records[token * T.STRIDE + 1] ?? 0);
  if (is(0, T.K_IDENT, ONCE)) {
    const frame = run.frames[run.frames.length - 1];
    if (frame !== undefined) run.once.add(frame.file.path);
    if (expander.recording !== undefined) expander.recording.once = true;
  } else if (is(0, T.K_IDENT, PACK) && is(1, T.K_PUNCT, OPEN)) {
    const close = [...Array(records.length / T.STRIDE).keys()].find((token) => is(token, T.K_PUNCT, CLOSE));
    if (close === undefined) {
      report("warning", "#pragma pack: missing ')'");
      return NOTHING;
    }
    const out = records.slice(0, (close + 1) * T.STRIDE);
    out[1] = PRAGMA_PACK;
    for (let i = 0; i < out.length; i += T.STRIDE) out[i] = (out[i] ?? 0) | T.F_NOEXPAND;
    return out;
  } else if ((is(0, T.K_IDENT, PUSH_MACRO) || is(0, T.K_IDENT, POP_MACRO)) && is(1, T.K_PUNCT, OPEN) && is(2, T.K_STRING) && is(3, T.K_PUNCT, CLOSE)) {
    const name = expander.atoms.of(text(2).slice(1, -1));
    if (is(0, T.K_IDENT, PUSH_MACRO)) expander.saveMacro(name);
    else expander.restoreMacro(name);
  } else if (is(0, T.K_IDENT, GCC) && (is(1, T.K_IDENT, ERROR) || is(1, T.K_IDENT, WARNING)) && is(2, T.K_STRING)) {
    report(is(1, T.K_IDENT, ERROR) ? "error" : "warning", text(2).slice(1, -1));
  }
  return NOTHING;
}
