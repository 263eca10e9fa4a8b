// Removal of the blocks that no path from the entry reaches.

import type { Block, Term } from "../ir/index.js";

function successors(t: Term): readonly number[] {
  switch (t.k) {
    case "jump":
      return [t.to];
    case "if":
      return [t.then, t.else];
    case "switch":
      return [...t.to, t.otherwise];
    case "goto":
      return t.to;
    case "ret":
    case "unreachable":
      return [];
  }
}

/** Blocks reachable from block 0. With `keepNumbers`, because labels are values, an unreachable block is only emptied. */
export function prune(blocks: readonly Block[], keepNumbers: boolean): readonly Block[] {
  const reachable = new Set<number>([0]);
  const work = [0];
  for (let b = work.pop(); b !== undefined; b = work.pop()) {
    const t = blocks[b]?.term;
    if (t === undefined) continue;
    for (const s of successors(t)) {
      if (reachable.has(s)) continue;
      reachable.add(s);
      work.push(s);
    }
  }
  if (keepNumbers) return blocks.map((b, i): Block => (reachable.has(i) ? b : { code: [], term: { k: "unreachable", site: 0 } }));
  const number = new Map<number, number>();
  for (let i = 0; i < blocks.length; i++) if (reachable.has(i)) number.set(i, number.size);
  const at = (i: number): number => number.get(i) ?? 0;
  const out: Block[] = [];
  blocks.forEach((b, i) => {
    if (!reachable.has(i)) return;
    const t = b.term;
    let term: Term = t;
    if (t.k === "jump") term = { k: "jump", to: at(t.to) };
    else if (t.k === "if") term = { k: "if", c: t.c, then: at(t.then), else: at(t.else) };
    else if (t.k === "switch") term = { ...t, to: t.to.map(at), otherwise: at(t.otherwise) };
    out.push({ code: b.code, term });
  });
  return out;
}
