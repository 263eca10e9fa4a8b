// Values and types of literals: C11 6.4.4 numbers and characters, 6.4.5 strings (adjacent ones joined).

import { arrayOf, type CType, type Node, T } from "../types/index.js";
import { floatConstant } from "./float-literal.js";
import type { Parser } from "./parser.js";
import { Tok } from "../lex/index.js";

const intPattern = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)([uU]?(?:ll|LL|[lL])?[uU]?)$/;
/** Characters of a number; what is longer costs more than it can mean. */
const MAX_NUMBER = 4096;
const candidates: readonly CType[] = [T.int, T.uint, T.long, T.ulong];

export function parseNumber(p: Parser): Node {
  const from = p.p;
  const atom = p.tok;
  const hit = p.file.numbers.get(atom);
  if (hit !== undefined) {
    p.p++;
    return p.int(hit.v, hit.ty, from);
  }
  const text = p.atoms.text(atom);
  if (text.length > MAX_NUMBER) return p.fail("number", "number has too many digits");
  const m = intPattern.exec(text);
  if (m === null) {
    const suffix = /[fFlL]$/.exec(text.startsWith("0x") || text.startsWith("0X") ? text.replace(/^[^pP]*/, "") : text)?.[0].toLowerCase() ?? "";
    const v = floatConstant(suffix === "" ? text : text.slice(0, -1), suffix === "f");
    if (v === undefined) return p.fail("number", `invalid number '${text}'`);
    p.p++;
    return { k: "float", v, ...p.span(from, suffix === "f" ? T.float : suffix === "l" ? T.ldouble : T.double) };
  }
  const digits = m[1] ?? "0";
  const suffix = (m[2] ?? "").toLowerCase();
  if ((suffix.match(/u/g) ?? []).length > 1) return p.fail("number", `invalid number '${text}'`);
  const decimal = !digits.startsWith("0") || digits === "0";
  let v: bigint;
  try {
    v = decimal || /^0[xXbB]/.test(digits) ? BigInt(digits) : BigInt(`0o${digits}`);
  } catch {
    return p.fail("number", `invalid number '${text}'`);
  }
  const unsignedOnly = suffix.includes("u");
  const ls = (suffix.match(/l/g) ?? []).length;
  const list: readonly CType[] = ls === 2 ? [T.llong, T.ullong] : ls === 1 ? [T.long, T.ulong] : candidates;
  let ty: CType | undefined;
  for (const c of list) {
    if (unsignedOnly && c.signed) continue;
    if (decimal && !unsignedOnly && !c.signed) continue;
    const max = c.signed ? 1n << BigInt(c.size * 8 - 1) : 1n << BigInt(c.size * 8);
    if (v < max) {
      ty = c;
      break;
    }
  }
  ty ??= v < 1n << 64n ? T.ullong : T.uint128;
  p.file.numbers.set(atom, { v, ty });
  p.p++;
  return p.int(v, ty, from);
}

const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, e: 27, "\\": 92, "'": 39, '"': 34, "?": 63 };

/** Code units of a literal's inside; `wide` units are code points, else UTF-8 bytes. */
function units(body: string, wide: boolean): number[] {
  const out: number[] = [];
  const put = (cp: number): void => {
    if (wide || cp < 0x80) out.push(cp);
    else if (cp < 0x800) out.push(0xc0 | (cp >> 6), 0x80 | (cp & 63));
    else if (cp < 0x10000) out.push(0xe0 | (cp >> 12), 0x80 | ((cp >> 6) & 63), 0x80 | (cp & 63));
    else out.push(0xf0 | (cp >> 18), 0x80 | ((cp >> 12) & 63), 0x80 | ((cp >> 6) & 63), 0x80 | (cp & 63));
  };
  for (let i = 0; i < body.length;) {
    const c = body.codePointAt(i) ?? 0;
    i += c > 0xffff ? 2 : 1;
    if (c !== 92) {
      put(c);
      continue;
    }
    const e = body[i] ?? "";
    i++;
    if (e === "x") {
      let v = 0;
      while (i < body.length && /[0-9a-fA-F]/.test(body[i] ?? "")) v = (v * 16 + Number.parseInt(body[i++] ?? "0", 16)) >>> 0;
      out.push(wide ? v : v & 255);
    } else if (e >= "0" && e <= "7") {
      let v = Number(e);
      for (let n = 1; n < 3 && /[0-7]/.test(body[i] ?? ""); n++) v = v * 8 + Number(body[i++]);
      out.push(wide ? v : v & 255);
    } else if (e === "u" || e === "U") {
      const n = e === "u" ? 4 : 8;
      put(Number.parseInt(body.slice(i, i + n), 16) || 0);
      i += n;
    } else out.push(escapes[e] ?? e.charCodeAt(0));
  }
  return out;
}

function split(text: string, quote: string): { readonly prefix: string; readonly body: string } {
  const at = text.indexOf(quote);
  return { prefix: text.slice(0, at), body: text.slice(at + 1, text.endsWith(quote) && text.length > at + 1 ? -1 : undefined) };
}

export function parseCharLiteral(p: Parser): Node {
  const from = p.p;
  const { prefix, body } = split(p.atoms.text(p.tok), "'");
  const u = units(body, prefix !== "");
  p.p++;
  if (u.length === 0) return p.fail("empty-char", "empty character constant", from);
  // A multi-character constant packs its bytes as gcc does; the kernel's char is unsigned.
  const v = u.slice(-4).reduce((sum, c) => ((sum << 8n) | BigInt(c)) & 0xffffffffn, 0n);
  return p.int(prefix === "" ? BigInt.asIntN(32, v) : BigInt(u[0] ?? 0), prefix === "u" ? T.ushort : prefix === "U" ? T.uint : T.int, from);
}

export function parseStrings(p: Parser): Node {
  const from = p.p;
  let prefix = "";
  const parts: string[] = [];
  while (p.kindAt() === Tok.String) {
    const s = split(p.atoms.text(p.tok), '"');
    if (s.prefix !== "" && s.prefix !== "u8") prefix = s.prefix;
    parts.push(s.body);
    p.p++;
  }
  if (prefix === "") {
    // Joined unit by unit, so that an escape never swallows the next part's digits.
    const all = parts.flatMap((s) => units(s, false));
    const bytes = new Uint8Array(all.length + 1);
    bytes.set(all);
    return { k: "str", bytes, ...p.span(from, arrayOf(T.char, bytes.length)) };
  }
  const elem = prefix === "u" ? T.ushort : prefix === "U" ? T.uint : T.int;
  // char16_t strings are UTF-16.
  const wide = parts
    .flatMap((s) => units(s, true))
    .flatMap((u) => (elem.size === 2 && u > 0xffff ? [0xd800 + ((u - 0x10000) >> 10), 0xdc00 + ((u - 0x10000) & 0x3ff)] : [u]));
  const bytes = new Uint8Array((wide.length + 1) * elem.size);
  const view = new DataView(bytes.buffer);
  wide.forEach((u, i) => {
    if (elem.size === 2) view.setUint16(i * 2, u, true);
    else view.setUint32(i * 4, u, true);
  });
  return { k: "str", bytes, ...p.span(from, arrayOf(elem, wide.length + 1)) };
}

/** The text of the string literals at the cursor, byte by byte, for what is no value: assembly, sections, messages. */
export function parseText(p: Parser): string {
  if (p.kindAt() !== Tok.String) p.fail("expected-string", `expected a string before '${p.spelling(p.p)}'`);
  const s = parseStrings(p);
  let text = "";
  if (s.k === "str") for (const byte of s.bytes.subarray(0, -1)) text += String.fromCharCode(byte);
  return text;
}
