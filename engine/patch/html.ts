// Text of an HTML mail or of a list archive's page: tags out, entities decoded, line breaks as a reader sees them.
// One pass over the characters; this is not an HTML parser and must never need to be one.

import type { TextLine } from "./types.js";

const BLOCKS: ReadonlySet<string> = new Set("p div br tr li pre h1 h2 h3 h4 h5 h6 table ul ol blockquote hr title".split(" "));
const HIDDEN: ReadonlySet<string> = new Set(["script", "style"]);
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: " " };

export function textOfHtml(lines: readonly TextLine[]): readonly TextLine[] {
  const out: TextLine[] = [];
  let text = "";
  let tag: string | undefined;
  let hidden: string | undefined;
  let preformatted = 0;
  for (const source of lines) {
    for (let i = 0; i < source.text.length; i += 1) {
      const c = source.text[i] ?? "";
      if (tag !== undefined) {
        if (c !== ">") {
          // Only the name matters; the rest of a long tag is dropped.
          if (tag.length < 64) tag += c;
          continue;
        }
        const name = /^\/?([A-Za-z][A-Za-z0-9]*)/.exec(tag)?.[1]?.toLowerCase() ?? "";
        const closing = tag.startsWith("/");
        tag = undefined;
        if (hidden !== undefined) {
          if (closing && name === hidden) hidden = undefined;
        } else if (!closing && HIDDEN.has(name)) {
          hidden = name;
        } else {
          if (name === "pre") preformatted = Math.max(0, preformatted + (closing ? -1 : 1));
          if (BLOCKS.has(name) && (text !== "" || name === "br")) {
            out.push({ text, line: source.line });
            text = "";
          }
        }
      } else if (c === "<" && /[A-Za-z/!?]/.test(source.text[i + 1] ?? "")) {
        tag = "";
      } else if (hidden === undefined) {
        if (c === "&") {
          const entity = /^&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,6});/i.exec(source.text.slice(i, i + 12));
          text += entity?.[1] === undefined ? c : entityText(entity[1]);
          if (entity !== null) i += entity[0].length - 1;
        } else {
          text += c;
        }
      }
    }
    if (tag === undefined && hidden === undefined && (preformatted > 0 || text !== "")) {
      out.push({ text, line: source.line });
      text = "";
    }
  }
  if (text !== "") out.push({ text, line: lines[lines.length - 1]?.line ?? 1 });
  return out;
}

function entityText(name: string): string {
  if (name.startsWith("#")) {
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
  }
  return ENTITIES[name.toLowerCase()] ?? `&${name};`;
}
