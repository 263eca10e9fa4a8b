// From bytes to text: character sets and transfer encodings. A "byte string" holds one byte per character.
// Must not know mails or diffs.

import type { TextLine } from "./types.js";

export function byteStringOf(input: Uint8Array): string {
  let text = "";
  for (let at = 0; at < input.length; at += 8192) text += String.fromCharCode(...input.subarray(at, at + 8192));
  return text;
}

/** Encodes decoded text (from a clipboard) to bytes again, so that mails are read in one way only. */
export function utf8ByteString(text: string): string {
  return isAscii(text) ? text : byteStringOf(new TextEncoder().encode(text));
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}

/** Decodes bytes in the named character set. Invalid text is read as windows-1252, which accepts any byte. */
export function decodeCharset(bytes: string, charset: string | undefined): string {
  if (isAscii(bytes) && !/^(utf-?16|utf-?7|iso-2022|hz)/i.test(charset ?? "")) return bytes;
  const array = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) array[i] = bytes.charCodeAt(i);
  for (const label of [charset ?? "utf-8", "utf-8"]) {
    try {
      return new TextDecoder(label, { fatal: true }).decode(array);
    } catch {
      // An unknown label or bytes that are not valid in it: try the next one.
    }
  }
  return new TextDecoder("windows-1252").decode(array);
}

/** Lines of a byte string, line ends removed. */
export function splitLines(bytes: string, firstLine = 1): { readonly lines: readonly TextLine[]; readonly crlf: number } {
  const separator = bytes.includes("\n") ? "\n" : "\r";
  const parts = bytes.split(separator);
  if (parts[parts.length - 1] === "") parts.pop();
  let crlf = 0;
  const lines = parts.map((part, i) => {
    let end = part.length;
    while (end > 0 && part.charCodeAt(end - 1) === 0x0d) end -= 1;
    if (end < part.length) crlf += 1;
    return { text: end < part.length ? part.slice(0, end) : part, line: firstLine + i };
  });
  return { lines, crlf };
}

/** RFC 2045 section 6.7. Soft line breaks join lines; a malformed escape stays as it is. */
export function decodeQuotedPrintable(lines: readonly TextLine[]): readonly TextLine[] {
  const decoded: TextLine[] = [];
  let open: string[] = [];
  let start = 0;
  for (const { text, line } of lines) {
    if (open.length === 0) start = line;
    const trimmed = text.trimEnd();
    const soft = trimmed.endsWith("=");
    open.push(unescapeQuoted(soft ? trimmed.slice(0, -1) : trimmed));
    if (!soft) {
      // A hard line break may be encoded as well (=0A), if the sender treated the text as binary.
      for (const part of open.join("").split("\n")) decoded.push({ text: part.endsWith("\r") ? part.slice(0, -1) : part, line: start });
      open = [];
    }
  }
  if (open.length > 0) decoded.push({ text: open.join(""), line: start });
  return decoded;
}

export function unescapeQuoted(text: string): string {
  return text.includes("=") ? text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;
}

/** RFC 2045 section 6.8. Characters outside the alphabet are skipped; each decoded line keeps the input line it began on. */
export function decodeBase64(lines: readonly TextLine[]): readonly TextLine[] {
  const decoded: TextLine[] = [];
  let current: string[] = [];
  let started = false;
  let start = 0;
  let bits = 0;
  let held = 0;
  for (const { text, line } of lines) {
    for (let i = 0; i < text.length; i += 1) {
      const value = base64Value(text.charCodeAt(i));
      if (value < 0) continue;
      held = ((held << 6) | value) & 0xffffff;
      bits += 6;
      if (bits < 8) continue;
      bits -= 8;
      const byte = (held >> bits) & 0xff;
      if (!started) {
        start = line;
        started = true;
      }
      if (byte === 0x0a) {
        if (current[current.length - 1] === "\r") current.pop();
        decoded.push({ text: current.join(""), line: start });
        current = [];
        started = false;
      } else {
        current.push(String.fromCharCode(byte));
      }
    }
  }
  if (current.length > 0) decoded.push({ text: current.join(""), line: start });
  return decoded;
}

function base64Value(code: number): number {
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  if (code >= 0x61 && code <= 0x7a) return code - 0x61 + 26;
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 52;
  if (code === 0x2b || code === 0x2d) return 62;
  if (code === 0x2f || code === 0x5f) return 63;
  return -1;
}

/** RFC 2047: encoded words of a header, such as `=?UTF-8?Q?J=C3=BCrgen?=`. */
export function decodeWords(header: string): string {
  if (!header.includes("=?")) return decodeCharset(header, undefined);
  const word = /=\?([^?\s]{1,60})\?([BbQq])\?([^?\s]{0,1000})\?=/g;
  let text = "";
  let end = 0;
  let pending: { charset: string; bytes: string } | undefined;
  const flush = (): void => {
    if (pending !== undefined) text += decodeCharset(pending.bytes, pending.charset);
    pending = undefined;
  };
  for (let match = word.exec(header); match !== null; match = word.exec(header)) {
    const between = header.slice(end, match.index);
    const charset = (match[1] ?? "").split("*")[0] ?? "";
    const payload = match[3] ?? "";
    const bytes =
      match[2]?.toLowerCase() === "b"
        ? decodeBase64([{ text: payload, line: 0 }])
            .map((l) => l.text)
            .join("\n")
        : unescapeQuoted(payload.replaceAll("_", " "));
    // Blanks between two encoded words are not part of the text (RFC 2047 section 6.2), and a character may be split over both.
    const adjacent: boolean = pending !== undefined && between.trim() === "";
    if (!adjacent) {
      flush();
      text += decodeCharset(between, undefined);
    }
    if (pending?.charset === charset) pending = { charset, bytes: pending.bytes + bytes };
    else {
      flush();
      pending = { charset, bytes };
    }
    end = word.lastIndex;
  }
  flush();
  return text + decodeCharset(header.slice(end), undefined);
}
