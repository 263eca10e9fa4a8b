// Finds what is under the pointer among what was drawn. Must not draw.

import type { Hit } from "./brush.js";
import type { OperationHit } from "./overlay.js";

/** The tick nearest to the pointer, within a few pixels. */
export function operationAt(hits: readonly OperationHit[], x: number, y: number): OperationHit | undefined {
  let found: OperationHit | undefined;
  for (const hit of hits) {
    if (y < hit.y - 3 || y > hit.y + hit.height / 2 || Math.abs(hit.x - x) > 4) continue;
    if (found === undefined || Math.abs(hit.x - x) < Math.abs(found.x - x)) found = hit;
  }
  return found;
}

/** Marks are above spans, later hits above earlier ones. */
export function hitAt(hits: readonly Hit[], x: number, y: number): Hit | undefined {
  const found = topmost(hits, x, y);
  const mark = found?.markAt?.(x);
  return found === undefined || mark === undefined ? found : { ...found, mark, label: () => mark.label, t: mark.t, x: x - 3, width: 6 };
}

function topmost(hits: readonly Hit[], x: number, y: number): Hit | undefined {
  let found: Hit | undefined;
  for (const hit of hits) {
    if (x < hit.x || x > hit.x + hit.width || y < hit.y || y > hit.y + hit.height) continue;
    if (found?.mark === undefined || hit.mark !== undefined || hit.markAt !== undefined) found = hit;
  }
  return found;
}
