// Author and title of a patch: subject, version, author, date, from mail headers, from the first lines of a list archive's
// text, or from the attribution of a reply. Must not know the diff.

import type { RawLine } from "./types.js";

export interface Subject {
  readonly subject: string;
  /** `v2`. */
  readonly version: string | undefined;
  /** `2/5` of `[PATCH 2/5]`. */
  readonly part: { readonly number: number; readonly of: number } | undefined;
}

/** Removes `Re:`, list tags and `[PATCH v2 1/3 net]` from a subject. */
export function parseSubject(raw: string): Subject {
  let rest = raw.replace(/\s+/g, " ").trim().slice(0, 1000);
  let version: string | undefined;
  let part: Subject["part"];
  for (let round = 0; round < 20; round += 1) {
    const reply = /^(?:re|aw|fwd?|wg|antw|sv|vs)(?:\[\d{1,3}\])? ?: ?/i.exec(rest);
    if (reply !== null) {
      rest = rest.slice(reply[0].length);
      continue;
    }
    const bracket = /^\[([^\][]{1,200})\] ?/.exec(rest);
    if (bracket?.[1] === undefined) break;
    const tag = bracket[1];
    const v = /(?:^|[ ,]|PATCH|RFC)v(\d{1,3})(?:[ ,]|$)/i.exec(tag);
    if (v?.[1] !== undefined) version ??= `v${String(Number(v[1]))}`;
    const n = /(?:^|[ ,])(\d{1,4})\/(\d{1,4})(?:[ ,]|$)/.exec(tag);
    if (n?.[1] !== undefined && n[2] !== undefined) part ??= { number: Number(n[1]), of: Number(n[2]) };
    rest = rest.slice(bracket[0].length);
  }
  return { subject: rest.trim(), version, part };
}

/** `Name <user at host>`, as list archives write it, with @ and without quotes around the name. */
export function normalPerson(raw: string): string {
  // A page of lore writes `Name @ 2025-02-13 18:10 UTC (…)`.
  const text = raw
    .slice(0, 500)
    .replace(/\s+/g, " ")
    .replace(/ @ \d{4}-\d\d-\d\d.*$/, "")
    .trim();
  const full = /^(.*?) ?<([^<>]+)>/.exec(text);
  if (full?.[2] === undefined) return address(text) ?? text;
  const name = (full[1] ?? "").trim().replace(/^"(.*)"$/, "$1");
  const mail = address(full[2]) ?? full[2].trim();
  return name === "" ? mail : `${name} <${mail}>`;
}

/** An address written with @ or ` at `; undefined if it is none. */
function address(text: string): string | undefined {
  const match = /^([^\s@<>]{1,100})(?: at |@| \(at\) )([^\s@<>]{1,200})$/.exec(text.trim());
  return match?.[1] === undefined || match[2] === undefined ? undefined : `${match[1]}@${match[2]}`;
}

export function nameOf(person: string): string {
  const at = person.indexOf(" <");
  return (at < 0 ? person : person.slice(0, at)).trim();
}

export interface ArchiveHead {
  readonly subject: string;
  readonly from: string;
  readonly date: string | undefined;
  /** Lines it takes up. */
  readonly length: number;
}

/** The head of a list archive's page as text: subject, author, address with ` at `, date, each on a line. */
export function archiveHead(lines: readonly { readonly text: string }[]): ArchiveHead | undefined {
  const filled: number[] = [];
  for (let i = 0; i < lines.length && i < 20 && filled.length < 8; i += 1) {
    if ((lines[i]?.text ?? "").trim() !== "") filled.push(i);
  }
  const text = (n: number): string => (lines[filled[n] ?? -1]?.text ?? "").trim();
  for (let n = 1; n < filled.length; n += 1) {
    const person = /^(.{0,100}?) ?<?([^\s@<>]{1,100}(?: at |@)[^\s@<>]{1,200})>?$/.exec(text(n));
    if (person?.[2] === undefined) continue;
    const own = (person[1] ?? "").trim();
    const subjectAt = own === "" ? n - 2 : n - 1;
    if (subjectAt < 0 || address(person[2]) === undefined) continue;
    const date = looksLikeDate(text(n + 1)) ? text(n + 1) : undefined;
    const from = own === "" ? `${text(n - 1)} <${address(person[2]) ?? person[2]}>` : normalPerson(text(n));
    return { subject: text(subjectAt), from: normalPerson(from), date, length: (filled[date === undefined ? n : n + 1] ?? 0) + 1 };
  }
  return undefined;
}

function looksLikeDate(text: string): boolean {
  return text.length < 80 && /\b(?:19|20)\d\d\b/.test(text) && /\d{1,2}[:.]\d\d/.test(text);
}

export interface Attribution {
  readonly from: string;
  readonly date: string | undefined;
}

/** `On 13/02/2025 18.10, A B wrote:`, maybe wrapped over two lines, above the quoted text at `end`. */
export function attribution(lines: readonly RawLine[], end: number): Attribution | undefined {
  for (let i = end - 1; i >= 0 && i >= end - 12; i -= 1) {
    const text = unmarked(lines[i]?.text ?? "");
    if (!/(?:wrote|writes|schrieb|a écrit)\s*:$/.test(text)) continue;
    const above = unmarked(lines[i - 1]?.text ?? "");
    const sentence = (/^(?:On|Am|Le)\b/.test(text) ? text : `${above} ${text}`).slice(0, 400).replace(/\s*(?:wrote|writes|schrieb|a écrit)\s*:$/, "");
    const body = sentence.replace(/^(?:On|Am|Le) /, "");
    // The name follows the last part of the date: `18.10,`, `6:10 PM`, `+0100`.
    const date =
      /^(.*\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[AP]M)?(?: ?[+-]\d{4})?(?: \([A-Z]{2,5}\))?(?: [A-Z]{3,4})?),? (.+)$/.exec(body) ??
      /^(.*\b(?:19|20)\d\d),? (.+)$/.exec(body);
    if (date?.[2] !== undefined) return { from: normalPerson(date[2]), date: (date[1] ?? "").trim().replace(/,$/, "") };
    return { from: normalPerson(body), date: undefined };
  }
  return undefined;
}

function unmarked(text: string): string {
  return text.replace(/^[ >|]{1,80}/, "").trim();
}

export interface Message {
  readonly from: string | undefined;
  readonly subject: string | undefined;
  readonly date: string | undefined;
  readonly body: string;
  /** Of the Signed-off-by lines; the first is the author's by the kernel's rules. */
  readonly signers: readonly string[];
  /** Addresses that were written with ` at `. */
  readonly addresses: number;
}

/** The commit message above a diff: git's own From/Subject/Date lines at its head, and the text up to `---`. */
export function readMessage(lines: readonly RawLine[]): Message {
  const inside = lines.filter((line) => !line.outside).map((line) => line.text.trimEnd());
  let at = 0;
  while (inside[at] === "") at += 1;
  const head = new Map<string, string>();
  for (; at < inside.length; at += 1) {
    const field = /^(From|Subject|Date|To|Cc): (.{1,500})$/.exec(inside[at] ?? "");
    if (field?.[1] === undefined || field[2] === undefined) break;
    if (!head.has(field[1])) head.set(field[1], field[2]);
  }
  const end = inside.indexOf("---", at);
  const body = inside.slice(at, end < 0 ? undefined : end);
  const signers: string[] = [];
  let addresses = 0;
  const texts = body.map((text) => {
    const trailer = /^([A-Z][A-Za-z-]{2,30}): (.{1,300})$/.exec(text);
    if (trailer?.[1] === undefined || trailer[2] === undefined || !/^(?:.+-by|Cc|To|From)$/.test(trailer[1])) return text;
    if (/ at [^\s@<>]+>?$/.test(trailer[2])) addresses += 1;
    const person = normalPerson(trailer[2]);
    if (trailer[1] === "Signed-off-by") signers.push(person);
    return `${trailer[1]}: ${person}`;
  });
  const from = head.get("From");
  return {
    from: from === undefined ? undefined : normalPerson(from),
    subject: head.get("Subject"),
    date: head.get("Date"),
    body: texts.join("\n").trim(),
    signers,
    addresses,
  };
}
