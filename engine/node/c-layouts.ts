// Tables with which another compiler states the layout of every struct and union of a kernel file, and the values that this
// compiler computes. For tests; must not know the other compiler's output.

import { kernelTree } from "../kbuild/index.js";
import { PpCache, preprocess } from "../c/preprocess/index.js";
import type { Atoms, TokenStream } from "../c/lex/index.js";
import { alignOf, type CType, type Field, findMember, sizeOf, TK } from "../c/types/index.js";
import { Unit } from "../c/syntax/index.js";
import type { SourceTree } from "../tree/index.js";

export interface LayoutTables {
  /** The preprocessed file followed by the tables: 8-byte values in section .tcs_layout, objects in .tcs_bits. */
  readonly text: string;
  /** What each value is, and this compiler's result. */
  readonly checks: readonly { readonly what: string; readonly value: number }[];
  /** Objects in which one bit-field has all bits set. */
  readonly bits: readonly { readonly what: string; readonly bytes: Uint8Array }[];
}

export function layoutTables(tree: SourceTree, main: string): LayoutTables {
  const { tokens } = preprocess(kernelTree(tree, { cache: new PpCache() })(main));
  const unit = Unit.parse(tokens, main);
  const checks: { what: string; value: number }[] = [];
  const bits: { what: string; bytes: Uint8Array }[] = [];
  const objects: string[] = [];
  const add = (what: string, value: number): void => {
    checks.push({ what, value });
  };
  for (const [name, type] of unit.types()) {
    add(`sizeof(${name})`, sizeOf(type));
    add(`__alignof__(${name})`, alignOf(type));
    members(type, unit.atoms, (path, fields) => {
      const last = fields[fields.length - 1];
      const offset = fields.reduce((sum, f) => sum + f.offset, 0);
      if (last === undefined) return;
      if (last.width < 0) add(`__builtin_offsetof(${name}, ${path})`, offset);
      else if (last.width > 0 && sizeOf(type) > 0 && sizeOf(type) <= 4096) {
        const bytes = new Uint8Array(sizeOf(type));
        for (let i = 0; i < last.width; i++) {
          const bit = last.bit + i;
          const at = offset + (bit >> 3);
          bytes[at] = (bytes[at] ?? 0) | (1 << (bit & 7));
        }
        objects.push(`static ${name} __tcs_bits_${String(objects.length)} __attribute__((used, section(".tcs_bits"), aligned(1))) = { .${path} = -1 };`);
        bits.push({ what: `${name}.${path}`, bytes });
      }
    });
  }
  const table = `static const unsigned long __tcs_layout[] __attribute__((used, section(".tcs_layout"))) = {\n${checks.map((c) => c.what).join(",\n")}\n};`;
  return { text: `${textOf(tokens)}\n${table}\n${objects.join("\n")}\n`, checks, bits };
}

/** Every named member, also inside anonymous ones and inside members whose type has no name. */
function members(type: CType, atoms: Atoms, see: (path: string, fields: readonly Field[]) => void, prefix = "", before: readonly Field[] = []): void {
  const body = type.body;
  if (body === undefined) return;
  findMember(body, 0);
  for (const [name, path] of body.lookup ?? []) {
    const last = path[path.length - 1];
    if (name === 0 || last === undefined) continue;
    const here = `${prefix}${atoms.text(name)}`;
    see(here, [...before, ...path]);
    if (last.type.kind === TK.Struct && last.type.tag === 0) members(last.type, atoms, see, `${here}.`, [...before, ...path]);
  }
}

/** Preprocessed tokens as text for a compiler: lines of moderate length, pragmas as _Pragma. */
function textOf(tokens: TokenStream): string {
  const parts: string[] = [];
  for (let i = 0; i + 1 < tokens.length; i++) {
    const word = tokens.atoms.text(tokens.value[i] ?? 0);
    if (word === "__pragma_pack") {
      let inside = "";
      for (i += 2; tokens.atoms.text(tokens.value[i] ?? 0) !== ")" && i + 1 < tokens.length; i++) inside += tokens.atoms.text(tokens.value[i] ?? 0);
      parts.push(`\n_Pragma("pack(${inside})")\n`);
    } else parts.push(i % 20 === 0 ? `${word}\n` : word);
  }
  return parts.join(" ");
}
