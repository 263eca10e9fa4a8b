// The header named by an #include or __has_include: between < and >, as a string, or from macros. Searches no file.
import { F_SPACE, fixed, K_EOF, K_MASK, K_PUNCT, K_STRING } from "../lex/index.js";
import type { Header } from "./context.js";
import type { Expander } from "./expand.js";
import type { Frame } from "./frame.js";

const LESS = fixed("<");
const GREATER = fixed(">");

/** The header named by the tokens [from, end), as written or after expansion. */
export function headerName(expander: Expander, frame: Frame, from: number, end: number): Header | undefined {
  const { file } = frame;
  const kind = from < end ? (file.kind[from] ?? 0) & K_MASK : K_EOF;
  if (kind === K_STRING) return { name: expander.atoms.text(file.value[from] ?? 0).slice(1, -1), quoted: true };
  if (kind === K_PUNCT && file.value[from] === LESS) return angled(frame, from)?.header;
  const { pos, limit } = frame;
  frame.pos = from;
  frame.limit = end;
  const header = computedHeader(expander);
  frame.pos = pos;
  frame.limit = limit;
  return header;
}

/** The text between `<` at token `from` and `>` on the same line, and the first token after it. */
export function angled(frame: Frame, from: number): { readonly header: Header; readonly after: number } | undefined {
  const { file } = frame;
  const start = (file.offset[from] ?? 0) + 1;
  const newline = file.text.indexOf("\n", start);
  const close = file.text.indexOf(">", start);
  if (close < 0 || (newline >= 0 && close > newline)) return undefined;
  let after = from + 1;
  while (after < file.count && (file.offset[after] ?? 0) <= close) after++;
  return { header: { name: file.text.slice(start, close), quoted: false }, after };
}

/** A header name from macros: a string, or the concatenated tokens from `<` to `>`. Reads to the end of the line unless `stop` is given. */
export function computedHeader(expander: Expander, stop?: number): Header | undefined {
  const kind = expander.next();
  const first = expander.v;
  if (kind === K_STRING) {
    if (stop === undefined) while (expander.next() !== K_EOF);
    return { name: expander.atoms.text(first).slice(1, -1), quoted: true };
  }
  if (kind !== K_PUNCT || first !== LESS) {
    if (stop === undefined) while (expander.kf !== K_EOF && expander.next() !== K_EOF);
    return undefined;
  }
  let name = "";
  for (;;) {
    const k = expander.next();
    if (k === K_EOF) return undefined;
    if (k === K_PUNCT && expander.v === GREATER) break;
    if ((expander.kf & F_SPACE) !== 0) name += " ";
    name += expander.atoms.text(expander.v);
  }
  if (stop === undefined) while (expander.next() !== K_EOF);
  return { name, quoted: false };
}
