// From the bytes of a mail, an mbox or pasted text to parts of plain text (RFC 5322, MIME RFC 2045 to 2049, mboxrd).
// Must not know what a diff is; the caller looks for one in the result.

import { decodeBase64, decodeCharset, decodeQuotedPrintable, decodeWords } from "./bytes.js";
import { textOfHtml } from "./html.js";
import type { TextLine } from "./types.js";

export interface MailPart {
  readonly lines: readonly TextLine[];
  /** `text/plain`, `text/x-patch`, … in lower case. */
  readonly type: string;
  readonly fileName?: string;
  /** The mail announces more after this part, but the text ends. */
  readonly torn: boolean;
}

export interface Mail {
  /** By lower-case name: the first of each, unfolded and decoded. Empty for pasted text. */
  readonly headers: ReadonlyMap<string, string>;
  readonly parts: readonly MailPart[];
  readonly line: number;
}

export interface Mails {
  readonly mails: readonly Mail[];
  readonly repairs: readonly string[];
}

const KNOWN_HEADERS: ReadonlySet<string> = new Set(
  "from to cc subject date message-id mime-version content-type content-transfer-encoding return-path received in-reply-to references reply-to sender delivered-to list-id x-mozilla-status".split(
    " ",
  ),
);
const MAX_NESTING = 8;
const MAX_PARTS = 1000;

/**
 * The mails of an input, as byte-string lines; pasted text is one mail without headers. `utf8`: the bytes are UTF-8
 * regardless of headers, for text that a program has decoded before; encoded parts keep their own character set.
 */
export function readMails(lines: readonly TextLine[], utf8: boolean): Mails {
  const notes = new Set<string>();
  const mails = splitMbox(lines).map((range) => readMail(range, { notes, utf8 }));
  return { mails, repairs: [...notes] };
}

interface Context {
  readonly notes: Set<string>;
  readonly utf8: boolean;
}

/** The mails of an mbox: each begins with a `From ` line after an empty line, and a header follows. */
function splitMbox(lines: readonly TextLine[]): readonly (readonly TextLine[])[] {
  const starts: number[] = [];
  let first = 0;
  while (lines[first]?.text.trim() === "") first += 1;
  if (!isFromLine(lines, first)) return [lines.slice(first)];
  for (let i = first; i < lines.length; i += 1) {
    // Some writers omit the empty line before it; then only a full `From address date` counts.
    const apart = i === first || lines[i - 1]?.text.trim() === "" || /^From \S{1,200} {1,3}[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d/.test(lines[i]?.text ?? "");
    if (apart && isFromLine(lines, i)) starts.push(i);
  }
  return starts.map((start, i) => lines.slice(start + 1, starts[i + 1]).map(unescapeFrom));
}

function isFromLine(lines: readonly TextLine[], at: number): boolean {
  const text = lines[at]?.text;
  if (text?.startsWith("From ") !== true || text.length > 500) return false;
  return headerName(lines[at + 1]?.text ?? "") !== undefined;
}

function unescapeFrom(line: TextLine): TextLine {
  return /^>{1,20}From /.test(line.text) ? { text: line.text.slice(1), line: line.line } : line;
}

function headerName(text: string): string | undefined {
  return /^([A-Za-z][!-9;-~]{0,75}):/.exec(text)?.[1]?.toLowerCase();
}

function readMail(lines: readonly TextLine[], context: Context): Mail {
  const { headers, body } = splitHeaders(lines, (names) => names.some((name) => KNOWN_HEADERS.has(name)));
  const parts: MailPart[] = [];
  readEntity(headers, body, context, parts, 0);
  const decoded = new Map<string, string>();
  for (const [name, value] of headers) decoded.set(name, decodeWords(value).trim());
  return { headers: decoded, parts, line: lines[0]?.line ?? 1 };
}

function splitHeaders(
  lines: readonly TextLine[],
  accept: (names: readonly string[]) => boolean,
): { readonly headers: ReadonlyMap<string, string>; readonly body: readonly TextLine[] } {
  const headers = new Map<string, string[]>();
  let current: string[] | undefined;
  let at = 0;
  for (; at < lines.length; at += 1) {
    const text = lines[at]?.text ?? "";
    if (text === "") break;
    const name = headerName(text);
    if (name !== undefined) {
      current = [text.slice(name.length + 1)];
      if (!headers.has(name)) headers.set(name, current);
    } else if (current !== undefined && /^[ \t]/.test(text)) {
      current.push(text);
    } else {
      break;
    }
  }
  if (!accept([...headers.keys()])) return { headers: new Map(), body: lines };
  const unfolded = new Map([...headers].map(([name, value]) => [name, value.map((part) => part.trim()).join(" ")] as const));
  return { headers: unfolded, body: lines.slice(lines[at]?.text === "" ? at + 1 : at) };
}

function readEntity(headers: ReadonlyMap<string, string>, body: readonly TextLine[], context: Context, parts: MailPart[], depth: number): void {
  if (parts.length >= MAX_PARTS) return;
  const { value: type, parameters } = parseParameters(headers.get("content-type") ?? "text/plain");
  const boundary = parameters.get("boundary");
  if (type.startsWith("multipart/") && boundary !== undefined && boundary !== "" && depth < MAX_NESTING) {
    readMultipart(body, boundary, context, parts, depth);
    return;
  }
  const encoding = (headers.get("content-transfer-encoding") ?? "").toLowerCase().trim();
  let decoded = body;
  if (encoding === "quoted-printable" || (encoding === "" && isBareQuotedPrintable(body))) {
    decoded = decodeQuotedPrintable(body);
    context.notes.add("quoted-printable decoded");
  } else if (encoding === "base64") {
    decoded = decodeBase64(body);
    context.notes.add("base64 decoded");
  }
  if (type === "message/rfc822" && depth < MAX_NESTING) {
    const inner = splitHeaders(decoded, () => true);
    readEntity(inner.headers, inner.body, context, parts, depth + 1);
    return;
  }
  const disposition = parseParameters(headers.get("content-disposition") ?? "");
  const fileName = disposition.parameters.get("filename") ?? parameters.get("name");
  if (!isText(type, fileName)) return;
  const charset = context.utf8 && decoded === body ? "utf-8" : parameters.get("charset");
  if (charset !== undefined && !/^(us-ascii|ascii|utf-?8)$/i.test(charset)) context.notes.add(`character set ${charset.toLowerCase()} decoded`);
  let lines = decoded.map(({ text, line }) => ({ text: decodeCharset(text, charset), line }));
  if (type === "text/html" || (headers.size === 0 && looksLikeHtml(lines))) {
    lines = [...textOfHtml(lines)];
    context.notes.add("text taken from HTML");
  } else if (parameters.get("format")?.toLowerCase() === "flowed") {
    // RFC 3676 section 4.4: a line that begins with a blank was given one more.
    const stuffed = lines.filter((line) => line.text.startsWith(" ")).length;
    const wide = lines.filter((line) => line.text.startsWith("  ")).length;
    if (stuffed > 0 && wide === stuffed) lines = lines.map(({ text, line }) => ({ text: text.startsWith(" ") ? text.slice(1) : text, line }));
  }
  const part: MailPart = { lines, type, torn: false };
  parts.push(fileName === undefined ? part : { ...part, fileName: decodeWords(fileName) });
}

function readMultipart(body: readonly TextLine[], boundary: string, context: Context, parts: MailPart[], depth: number): void {
  const delimiter = `--${boundary}`;
  let start: number | undefined;
  const before = parts.length;
  let closed = false;
  const take = (end: number): void => {
    if (start === undefined) return;
    // The line break before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1).
    const inner = splitHeaders(body.slice(start, end), () => true);
    readEntity(inner.headers, inner.body, context, parts, depth + 1);
  };
  for (let i = 0; i < body.length && !closed; i += 1) {
    const text = body[i]?.text ?? "";
    if (!text.startsWith(delimiter)) continue;
    const rest = text.slice(delimiter.length).trimEnd();
    if (rest !== "" && rest !== "--") continue;
    take(i);
    start = i + 1;
    closed = rest === "--";
  }
  if (closed) return;
  take(body.length);
  const last = parts[parts.length - 1];
  if (last !== undefined && parts.length > before) parts[parts.length - 1] = { ...last, torn: true };
  if (start === undefined) readEntity(new Map(), body, context, parts, depth + 1);
}

function isText(type: string, fileName: string | undefined): boolean {
  if (type.startsWith("text/")) return true;
  return type === "application/octet-stream" || /^application\/(x-)?(patch|diff|mbox)$/.test(type) || /\.(patch|diff|txt|mbox|eml)$/i.test(fileName ?? "");
}

/** In quoted-printable text every `=` is escaped: an `=` that is neither an escape nor at the end of a line disproves it. */
function isBareQuotedPrintable(lines: readonly TextLine[]): boolean {
  let escapes = 0;
  for (const { text } of lines) {
    for (let at = text.indexOf("="); at >= 0; at = text.indexOf("=", at + 1)) {
      const rest = text.slice(at + 1, at + 3);
      if (/^[0-9A-F]{2}$/.test(rest)) escapes += 1;
      else if (text.slice(at + 1).trim() !== "") return false;
    }
  }
  return escapes > 0;
}

function looksLikeHtml(lines: readonly TextLine[]): boolean {
  const first =
    lines
      .find((line) => line.text.trim() !== "")
      ?.text.trimStart()
      .slice(0, 20)
      .toLowerCase() ?? "";
  return first.startsWith("<!doctype html") || first.startsWith("<html") || first.startsWith("<?xml");
}

/** `type/sub; name=value; name="value"` (RFC 2045 section 5.1, and the plain form of RFC 2231's `name*=charset''value`). */
function parseParameters(header: string): { readonly value: string; readonly parameters: ReadonlyMap<string, string> } {
  const parameters = new Map<string, string>();
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let i = 0; i < header.length; i += 1) {
    const c = header[i] ?? "";
    if (quoted && c === "\\") {
      i += 1;
      field += header[i] ?? "";
    } else if (c === '"') {
      quoted = !quoted;
    } else if (c === ";" && !quoted) {
      fields.push(field);
      field = "";
    } else {
      field += c;
    }
  }
  fields.push(field);
  for (const part of fields.slice(1)) {
    const equals = part.indexOf("=");
    if (equals < 0) continue;
    const name = part.slice(0, equals).trim().toLowerCase();
    const value = part.slice(equals + 1).trim();
    if (name.endsWith("*")) {
      const plain = value.slice(value.lastIndexOf("'") + 1).replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      parameters.set(name.slice(0, -1), plain);
    } else if (!parameters.has(name)) {
      parameters.set(name, value);
    }
  }
  return { value: (fields[0] ?? "").trim().toLowerCase(), parameters };
}
