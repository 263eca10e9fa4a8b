// A 32-bit hash of bytes that distinguishes texts and modules: MurmurHash3_x86_32 (A. Appleby), four bytes per step.
// Not cryptographic.

/** `seed`: a hash to continue. Words are read in the host's byte order, which is little-endian wherever WebAssembly runs. */
export function fingerprint(bytes: Uint8Array, seed = 0): number {
  const from = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Int32Array(from.buffer, from.byteOffset, from.length >> 2);
  let h = seed;
  for (let i = 0; i < words.length; i++) h = mixed(h, words[i] ?? 0);
  let rest = 0;
  for (let i = from.length - 1; i >= words.length * 4; i--) rest = (rest << 8) | (from[i] ?? 0);
  h ^= scrambled(rest) ^ from.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function scrambled(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
function mixed(h: number, word: number): number {
  const x = h ^ scrambled(word);
  return (Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64) | 0;
}
