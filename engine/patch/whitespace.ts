// Damage to white space: recognised on lines that the tree also has, then repaired in lines that only the patch has. Must
// not know how hunks are placed.

import { lineKey } from "./match.js";
import { leadOf, restoreIndent, widthOf } from "./indent.js";
import type { FileText } from "./file-text.js";

/**
 * `intact`; `columns`: tabs expanded to eight columns; `shifted`: expanded on a terminal, where the sign took the first
 * column; `four`: expanded to four; `lost`: gone or run together.
 */
export type Damage = "intact" | "columns" | "shifted" | "four" | "lost";

export class Evidence {
  private readonly count = new Map<Damage, number>();

  /** A line in the patch and in the tree; only an indented line is informative. */
  add(patch: string, tree: string): void {
    const treeLead = leadOf(tree);
    if (!treeLead.includes("\t")) return;
    const damage = damageOf(leadOf(patch), treeLead);
    this.count.set(damage, (this.count.get(damage) ?? 0) + 1);
  }

  /** The damage that most lines show; undefined if no line was informative. */
  verdict(): Damage | undefined {
    let best: Damage | undefined;
    for (const [damage, count] of this.count) {
      if (best === undefined || count > (this.count.get(best) ?? 0)) best = damage;
    }
    return best;
  }
}

function damageOf(lead: string, treeLead: string): Damage {
  if (lead === treeLead) return "intact";
  if (lead.includes("\t")) return widthOf(lead) === widthOf(treeLead) ? "intact" : "lost";
  if (lead.length === widthOf(treeLead)) return "columns";
  if (lead.length === widthOf(treeLead) - 1) return "shifted";
  const spaces = treeLead.replaceAll("\t", "").length;
  return lead.length > 0 && lead.length === (treeLead.length - spaces) * 4 + spaces ? "four" : "lost";
}

/** Lines of the tree that the patch deletes: moved code gets its original white space. */
export class Twins {
  private readonly byKey = new Map<string, string>();

  add(tree: string): void {
    const key = lineKey(tree);
    if (key.length > 2 && !this.byKey.has(key)) this.byKey.set(key, tree);
  }

  /** The same line in the tree; other spacing between its words is an intended change. */
  find(text: string): string | undefined {
    const twin = this.byKey.get(lineKey(text));
    return twin !== undefined && words(twin) === words(text) ? twin : undefined;
  }
}

function words(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}

/**
 * Restores the white space of a file's added lines. `damage` by hunk. Returns the number of changed lines.
 */
export function restoreWhitespace(file: FileText, damage: ReadonlyMap<number, Damage>, twins: Twins): number {
  let changed = 0;
  const planned = file.lines.map((line) => {
    const how = line.hunk === undefined ? "intact" : (damage.get(line.hunk) ?? "intact");
    if (how === "intact" || leadOf(line.text).includes("\t")) return { text: line.text, fresh: false };
    if (how === "lost") return { text: twins.find(line.text)?.trim() ?? line.text.trim(), fresh: true };
    const lead = leadOf(line.text).length;
    const unit = how === "four" ? 4 : 8;
    const width = how === "shifted" && lead > 0 ? lead + 1 : lead;
    return { text: "\t".repeat(Math.floor(width / unit)) + " ".repeat(width % unit) + line.text.trimStart(), fresh: false };
  });
  const texts = planned.some((line) => line.fresh)
    ? restoreIndent(planned, (text) => {
        const twin = twins.find(text);
        return twin === undefined ? undefined : leadOf(twin);
      })
    : planned.map((line) => line.text);
  texts.forEach((text, i) => {
    const line = file.lines[i];
    if (line === undefined || line.text === text) return;
    file.lines[i] = { ...line, text };
    changed += 1;
  });
  return changed;
}
