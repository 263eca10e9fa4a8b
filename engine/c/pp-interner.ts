// Atoms from slices of a text, without making the slice when the spelling is known: the lexer meets a million
// identifiers but only some fifty thousand different ones. Atoms themselves belong to tokens.ts.
import { atoms } from "./tokens.js";

let mask = (1 << 17) - 1;
let slots = new Int32Array(mask + 1);
let hashes = new Int32Array(mask + 1);
let used = 0;

function same(text: string, start: number, length: number, known: string): boolean {
  if (known.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(start + i) !== known.charCodeAt(i)) return false;
  return true;
}

function grow(): void {
  const oldSlots = slots;
  const oldHashes = hashes;
  mask = mask * 2 + 1;
  slots = new Int32Array(mask + 1);
  hashes = new Int32Array(mask + 1);
  for (let i = 0; i < oldSlots.length; i++) {
    const atom = oldSlots[i] ?? 0;
    if (atom === 0) continue;
    const hash = oldHashes[i] ?? 0;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = atom;
    hashes[slot] = hash;
  }
}

/** Atom of `text` from `start` up to `end`; `hash` must be the caller's same function of these characters each time. */
export function internSlice(text: string, start: number, end: number, hash: number): number {
  let slot = (hash ^ (hash >>> 15)) & mask;
  for (;;) {
    const atom = slots[slot] ?? 0;
    if (atom === 0) break;
    if (hashes[slot] === hash && same(text, start, end - start, atoms.text(atom))) return atom;
    slot = (slot + 1) & mask;
  }
  // A slice of V8 keeps the whole file alive; a flat copy of a short spelling does not.
  const fresh = atoms.of(text.slice(start, end));
  slots[slot] = fresh;
  hashes[slot] = hash;
  if (++used * 2 > mask) grow();
  return fresh;
}
