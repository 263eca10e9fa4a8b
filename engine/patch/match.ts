// Finding the lines of a hunk in a file, by content alone: white space does not count, nor does the ` at ` that list
// archives write for @. All searches are linear in the file and the hunk. Must not know what a hunk is.

/** The comparison key of a line. */
export function lineKey(text: string): string {
  const bare = text.replace(/\s+/g, "");
  return bare.includes("@") ? bare.replaceAll("@", "at") : bare;
}

/** All places of `needle` in `hay` (Knuth, Morris, Pratt 1977), in order. An empty needle is nowhere. */
export function findAll(needle: readonly string[], hay: readonly string[]): readonly number[] {
  if (needle.length === 0 || needle.length > hay.length) return [];
  const fall = new Int32Array(needle.length);
  for (let i = 1, k = 0; i < needle.length; i += 1) {
    while (k > 0 && needle[i] !== needle[k]) k = fall[k - 1] ?? 0;
    if (needle[i] === needle[k]) k += 1;
    fall[i] = k;
  }
  const places: number[] = [];
  for (let i = 0, k = 0; i < hay.length; i += 1) {
    while (k > 0 && hay[i] !== needle[k]) k = fall[k - 1] ?? 0;
    if (hay[i] === needle[k]) k += 1;
    if (k === needle.length) {
      places.push(i - k + 1);
      k = fall[k - 1] ?? 0;
    }
  }
  return places;
}

/** A line that occurs more often (`}`, an empty line) does not identify a place. */
const COMMON_LINE = 40;

/**
 * The nearest place of a `needle` that does not match: each line that is rare in `hay` votes for the place that it implies.
 * With equal votes the place nearest to `expected` wins. Undefined if no line occurs.
 */
export function nearestPlace(needle: readonly string[], hay: readonly string[], expected: number): number | undefined {
  const where = new Map<string, number[]>();
  const keys = new Set(needle);
  hay.forEach((key, at) => {
    if (key.length < 2 || !keys.has(key)) return;
    const places = where.get(key);
    if (places === undefined) where.set(key, [at]);
    else if (places.length <= COMMON_LINE) places.push(at);
  });
  const votes = new Map<number, number>();
  needle.forEach((key, i) => {
    const places = where.get(key) ?? [];
    if (places.length > COMMON_LINE) return;
    for (const at of places) votes.set(at - i, (votes.get(at - i) ?? 0) + 1 / places.length);
  });
  let best: { readonly at: number; readonly score: number } | undefined;
  for (const [at, score] of votes) {
    const better = best === undefined || (score === best.score ? Math.abs(at - expected) < Math.abs(best.at - expected) : score > best.score);
    if (better) best = { at, score };
  }
  return best?.at;
}

/** The line that git would print behind `@@` for a hunk that begins at `at`: the last one above that begins a definition. */
export function sectionAbove(lines: readonly string[], at: number): string {
  for (let i = Math.min(at, lines.length) - 1; i >= 0; i -= 1) {
    const line = lines[i] ?? "";
    if (/^[A-Za-z_$]/.test(line) && !/^\w+\s*:(?!:)/.test(line)) return line;
  }
  return "";
}

/** Whether a hunk's section text (maybe cut, maybe with other blanks) is that line. */
export function sameSection(section: string, line: string): boolean {
  const key = lineKey(section);
  return key.length >= 4 && lineKey(line).startsWith(key);
}
