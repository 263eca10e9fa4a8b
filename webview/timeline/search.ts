// Finds marks by text: case does not matter, all words must occur. A million marks are searched in slices, so that the
// page stays responsive; a newer search ends an older one. Must not depend on pixels.

import type { Mark } from "../marks/index.js";
import type { Model } from "./model.js";

const SLICE = 20_000;
/** Further matches are only counted. */
const MOST = 50_000;

export interface Match {
  readonly t: number;
  readonly mark: Mark;
}

export interface Matches {
  /** In order of time. */
  readonly list: readonly Match[];
  readonly count: number;
}

const none: Matches = { list: [], count: 0 };

/** @param stale checked between slices; true ends the search */
export async function searchMarks(model: Model, text: string, stale: () => boolean): Promise<Matches | undefined> {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return none;
  const found: Match[] = [];
  let count = 0;
  for (const { marks, result } of model.variants) {
    const threads = new Map(result.timeline.lanes.map(({ id, name }) => [id, name]));
    for (let i = 0; i < marks.length; i++) {
      if (i % SLICE === SLICE - 1) {
        await new Promise((done) => setTimeout(done, 0));
        if (stale()) return undefined;
      }
      const mark = marks.at(i);
      if (mark === undefined) continue;
      const haystack = `${mark.label} ${mark.site?.function ?? ""} ${threads.get(mark.thread) ?? ""}`.toLowerCase();
      if (!words.every((word) => haystack.includes(word))) continue;
      count++;
      if (found.length < MOST) found.push({ t: mark.t, mark });
    }
  }
  return { list: found.sort((a, b) => a.t - b.t), count };
}

/** The match after or before the cursor, wrapping around. */
export function matchFrom({ list }: Matches, t: number, direction: 1 | -1): Match | undefined {
  if (list.length === 0) return undefined;
  return direction === 1 ? (list.find((match) => match.t > t) ?? list[0]) : (list.findLast((match) => match.t < t) ?? list[list.length - 1]);
}
