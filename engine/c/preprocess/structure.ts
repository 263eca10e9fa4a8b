// The directives of a lexed file: where each stands and ends, which conditional follows which, whether the file is
// one include guard. With it a skipped group is one jump, a guarded header one look-up. Evaluates nothing.
import { type Atoms, fixed, type LexProblem, lexText } from "../lex/index.js";
import type { Macro } from "./macro.js";
import { Segments } from "./segment.js";
import * as T from "../lex/index.js";

export interface LexedFile {
  readonly path: string;
  readonly text: string;
  /** The table its values are numbers of. */
  readonly atoms: Atoms;
  /** Location of the text's first character. */
  readonly base: number;
  readonly count: number;
  readonly kind: Uint8Array;
  readonly value: Int32Array;
  readonly offset: Int32Array;
  readonly dirCount: number;
  /** Per directive: index of its `#`, kind (D_…), index of the first token of the next line. */
  readonly dirHash: Int32Array;
  readonly dirKind: Uint8Array;
  readonly dirEnd: Int32Array;
  /** For conditionals: the next #elif, #else or #endif of the same #if; NO_DIRECTIVE; STRAY_DIRECTIVE for one without #if. */
  readonly dirNext: Int32Array;
  /** The macro whose definition makes this file empty, or 0. */
  readonly guard: number;
  /** Macros of its #define directives, by directive, parsed when first met. */
  readonly macros: (Macro | undefined)[];
  readonly problems: readonly LexProblem[];
  /** What its segments came to in earlier translation units. */
  readonly segments: Segments;
}

const KINDS = new Map<number, number>(
  (
    [
      ["if", T.D_IF],
      ["ifdef", T.D_IFDEF],
      ["ifndef", T.D_IFNDEF],
      ["elif", T.D_ELIF],
      ["elifdef", T.D_ELIFDEF],
      ["elifndef", T.D_ELIFNDEF],
      ["else", T.D_ELSE],
      ["endif", T.D_ENDIF],
      ["define", T.D_DEFINE],
      ["undef", T.D_UNDEF],
      ["include", T.D_INCLUDE],
      ["import", T.D_INCLUDE],
      ["include_next", T.D_INCLUDE_NEXT],
      ["pragma", T.D_PRAGMA],
      ["error", T.D_ERROR],
      ["warning", T.D_WARNING],
      ["line", T.D_LINE],
      ["ident", T.D_IGNORED],
      ["sccs", T.D_IGNORED],
      ["assert", T.D_IGNORED],
      ["unassert", T.D_IGNORED],
    ] as const
  ).map(([name, kind]) => [fixed(name), kind]),
);

const HASH = fixed("#");
const NOT = fixed("!");
const DEFINED = fixed("defined");
const OPEN = fixed("(");
const CLOSE = fixed(")");

function kindOf(kind: Uint8Array, value: Int32Array, hash: number, end: number): number {
  if (hash + 1 >= end) return T.D_NONE;
  const first = (kind[hash + 1] ?? 0) & T.K_MASK;
  if (first === T.K_NUMBER) return T.D_LINE;
  return first === T.K_IDENT ? (KINDS.get(value[hash + 1] ?? 0) ?? T.D_UNKNOWN) : T.D_UNKNOWN;
}

/** Operand of `#ifndef X`, `#if !defined X` or `#if !defined(X)`, else 0. */
function guardName(kind: Uint8Array, value: Int32Array, first: number, end: number, directive: number): number {
  if (directive === T.D_IFNDEF) return end === first + 1 && ((kind[first] ?? 0) & T.K_MASK) === T.K_IDENT ? (value[first] ?? 0) : 0;
  if (directive !== T.D_IF || value[first] !== NOT || value[first + 1] !== DEFINED) return 0;
  if (end === first + 3) return ((kind[first + 2] ?? 0) & T.K_MASK) === T.K_IDENT ? (value[first + 2] ?? 0) : 0;
  const bare = end === first + 5 && value[first + 2] === OPEN && value[first + 4] === CLOSE;
  return bare && ((kind[first + 3] ?? 0) & T.K_MASK) === T.K_IDENT ? (value[first + 3] ?? 0) : 0;
}

export function lexFile(path: string, text: string, base: number, atoms: Atoms): LexedFile {
  const { count, kind, value, offset, problems: lexProblems } = lexText(text, atoms);
  const problems: LexProblem[] = [...lexProblems];
  const hashes: number[] = [];
  const ends: number[] = [];
  const kinds: number[] = [];
  const nexts: number[] = [];
  /** Directives whose successor is not known yet, innermost last, and whether their #else was seen. */
  const open: number[] = [];
  const elseSeen: boolean[] = [];

  for (let i = 0; i < count; i++) {
    if (value[i] !== HASH || ((kind[i] ?? 0) & (T.F_BOL | T.K_MASK)) !== (T.F_BOL | T.K_PUNCT)) continue;
    let end = i + 1;
    while (end < count && ((kind[end] ?? 0) & T.F_BOL) === 0) end++;
    const directive = kindOf(kind, value, i, end);
    const index = hashes.length;
    hashes.push(i);
    ends.push(end);
    kinds.push(directive);
    nexts.push(T.NO_DIRECTIVE);
    if (directive >= T.D_IF && directive <= T.D_IFNDEF) {
      open.push(index);
      elseSeen.push(false);
    } else if (directive >= T.D_ELIF && directive <= T.D_ENDIF) {
      const previous = open.pop();
      const name = atoms.text(value[i + 1] ?? 0);
      if (previous === undefined) {
        nexts[index] = T.STRAY_DIRECTIVE;
        problems.push({ code: "pp-stray-conditional", message: `#${name} without #if`, offset: offset[i] ?? 0 });
      } else {
        nexts[previous] = index;
        const hadElse = elseSeen.pop() ?? false;
        if (hadElse && directive !== T.D_ENDIF) problems.push({ code: "pp-stray-conditional", message: `#${name} after #else`, offset: offset[i] ?? 0 });
        if (directive !== T.D_ENDIF) {
          open.push(index);
          elseSeen.push(hadElse || directive === T.D_ELSE);
        }
      }
    }
    i = end - 1;
  }
  for (const index of open) {
    const at = hashes[index] ?? 0;
    problems.push({ code: "pp-unterminated-conditional", message: `unterminated #${atoms.text(value[at + 1] ?? 0)}`, offset: offset[at] ?? 0 });
  }

  let guard = 0;
  const follows = nexts[0] ?? T.NO_DIRECTIVE;
  if (hashes[0] === 0 && follows > 0 && kinds[follows] === T.D_ENDIF && ends[follows] === count) guard = guardName(kind, value, 2, ends[0] ?? 0, kinds[0] ?? 0);

  return {
    path,
    text,
    atoms,
    base,
    count,
    kind,
    value,
    offset,
    dirCount: hashes.length,
    dirHash: Int32Array.from(hashes),
    dirKind: Uint8Array.from(kinds),
    dirEnd: Int32Array.from(ends),
    dirNext: Int32Array.from(nexts),
    guard,
    macros: [],
    segments: new Segments(),
    problems,
  };
}
