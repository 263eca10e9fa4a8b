// A macro's definition, parsed once per directive of a file and shared by all translation units: the replacement list is
// a flat array of token records with numbered parameters. Must not depend on expansion.
import { type Atoms, fixed, type LexProblem } from "../lex/index.js";
import * as T from "../lex/index.js";

export interface Macro {
  /** Unique number; never 0. */
  readonly id: number;
  readonly name: number;
  readonly kind: "object" | "function" | "builtin";
  /** Atoms of the parameters; the last of a variadic macro is `__VA_ARGS__` or its GNU name. */
  readonly params: readonly number[];
  readonly variadic: boolean;
  /** Token records (see lex/pp-token.ts). The value of a K_VAOPT record is the record number of its K_VAEND. */
  readonly body: Int32Array;
  /** Location of the name in its definition; 0 for built-in macros. */
  readonly loc: number;
}

/** All macros ever defined in the texts of a cache, by id. */
export class Macros {
  private readonly all: (Macro | undefined)[] = [undefined];

  add(macro: Omit<Macro, "id">): Macro {
    const numbered: Macro = { id: this.all.length, ...macro };
    this.all.push(numbered);
    return numbered;
  }
  /** Undefined for 0. */
  of(id: number): Macro | undefined {
    return this.all[id];
  }
}

interface TokenArrays {
  readonly atoms: Atoms;
  readonly base: number;
  readonly kind: Uint8Array;
  readonly value: Int32Array;
  readonly offset: Int32Array;
}

const HASH = fixed("#");
const HASHHASH = fixed("##");
const OPEN = fixed("(");
const CLOSE = fixed(")");
const COMMA = fixed(",");
const ELLIPSIS = fixed("...");
const VA_ARGS = fixed("__VA_ARGS__");
const VA_OPT = fixed("__VA_OPT__");
const DEFINED = fixed("defined");

/** Parses the tokens after `#define` in [from, end). Null, with a problem, if the directive is ill-formed. */
export function parseDefine(file: TokenArrays, from: number, end: number, macros: Macros, problems: LexProblem[]): Macro | null {
  const { kind, value, offset, atoms } = file;
  const at = (index: number): number => (index < end ? (kind[index] ?? 0) & T.K_MASK : T.K_EOF);
  const problem = (index: number, message: string): null => {
    problems.push({ code: "pp-define", message, offset: offset[Math.min(index, end - 1)] ?? 0 });
    return null;
  };
  if (at(from) !== T.K_IDENT) return problem(from, from < end ? "macro names must be identifiers" : "no macro name given in #define");
  const name = value[from] ?? 0;
  if (name === DEFINED) return problem(from, `"defined" cannot be used as a macro name`);
  const loc = file.base + (offset[from] ?? 0);
  let i = from + 1;
  const params: number[] = [];
  let variadic = false;
  const isFunction = at(i) === T.K_PUNCT && value[i] === OPEN && ((kind[i] ?? 0) & T.F_SPACE) === 0;
  if (isFunction) {
    i++;
    if (at(i) === T.K_PUNCT && value[i] === CLOSE) i++;
    else {
      for (;;) {
        if (at(i) === T.K_IDENT) {
          const param = value[i] ?? 0;
          if (params.includes(param)) return problem(i, `duplicate macro parameter "${atoms.text(param)}"`);
          params.push(param);
          i++;
          if (at(i) === T.K_PUNCT && value[i] === ELLIPSIS) {
            variadic = true;
            i++;
          }
        } else if (at(i) === T.K_PUNCT && value[i] === ELLIPSIS) {
          params.push(VA_ARGS);
          variadic = true;
          i++;
        } else return problem(i, "expected parameter name in macro parameter list");
        if (at(i) === T.K_PUNCT && value[i] === CLOSE) {
          i++;
          break;
        }
        if (variadic || at(i) !== T.K_PUNCT || value[i] !== COMMA) return problem(i, `expected ")" or "," in macro parameter list`);
        i++;
      }
    }
  }
  const body = parseBody(i);
  return body === null ? null : macros.add({ name, kind: isFunction ? "function" : "object", params, variadic, body, loc });

  function parseBody(first: number): Int32Array | null {
    const records = new Int32Array((end - first) * T.STRIDE);
    let used = 0;
    let pendingStringify = -1;
    let pendingPaste = false;
    /** Record of the open __VA_OPT__ or -1, and the depth of parentheses in it. */
    let vaOpt = -1;
    let vaDepth = 0;
    const plain = params.length === 0;
    for (let index = first; index < end; index++) {
      const packed = kind[index] ?? 0;
      let k = packed & T.K_MASK;
      let flags = used === 0 ? 0 : packed & T.F_SPACE;
      let v = value[index] ?? 0;
      if (k === T.K_PUNCT) {
        if (v === HASHHASH) {
          if (used === 0 || index === end - 1) return problem(index, "'##' cannot appear at either end of a macro expansion");
          if (pendingStringify >= 0) return problem(pendingStringify, "'#' is not followed by a macro parameter");
          records[used - T.STRIDE] = (records[used - T.STRIDE] ?? 0) | T.F_PASTE;
          pendingPaste = true;
          continue;
        }
        if (v === HASH && isFunction) {
          if (pendingStringify >= 0) return problem(pendingStringify, "'#' is not followed by a macro parameter");
          pendingStringify = index;
          continue;
        }
        if (vaOpt >= 0 && v === OPEN) vaDepth++;
        if (vaOpt >= 0 && v === CLOSE && --vaDepth === 0) {
          k = T.K_VAEND;
          records[vaOpt + 1] = used / T.STRIDE;
          vaOpt = -1;
        }
      } else if (k === T.K_IDENT && !plain) {
        const param = params.indexOf(v);
        if (param >= 0) {
          k = T.K_ARG;
          v = param;
          if (pendingStringify >= 0) {
            // The string takes the white space before its `#`.
            flags = T.F_STRINGIFY | (used === 0 ? 0 : (kind[pendingStringify] ?? 0) & T.F_SPACE);
            pendingStringify = -1;
          }
        } else if (v === VA_OPT && variadic) {
          if (vaOpt >= 0) return problem(index, "__VA_OPT__ may not appear in a __VA_OPT__");
          if (value[index + 1] !== OPEN || index + 1 >= end) return problem(index, "__VA_OPT__ must be followed by an open parenthesis");
          k = T.K_VAOPT;
          vaOpt = used;
          vaDepth = 1;
          if (pendingStringify >= 0) {
            flags = T.F_STRINGIFY | (used === 0 ? 0 : (kind[pendingStringify] ?? 0) & T.F_SPACE);
            pendingStringify = -1;
          }
          records[used] = k | flags;
          records[used + 2] = file.base + (offset[index] ?? 0);
          used += T.STRIDE;
          index++;
          pendingPaste = false;
          continue;
        }
      }
      if (pendingStringify >= 0) return problem(pendingStringify, "'#' is not followed by a macro parameter");
      pendingPaste = false;
      records[used] = k | flags;
      records[used + 1] = v;
      records[used + 2] = file.base + (offset[index] ?? 0);
      used += T.STRIDE;
    }
    if (pendingStringify >= 0) return problem(pendingStringify, "'#' is not followed by a macro parameter");
    if (pendingPaste) return problem(end - 1, "'##' cannot appear at either end of a macro expansion");
    if (vaOpt >= 0) return problem(end - 1, "unterminated __VA_OPT__");
    return records.length === used ? records : records.slice(0, used);
  }
}

/** Identical definitions by 6.10.3p1: same parameters, same tokens, white space in the same places. */
export function sameMacro(a: Macro, b: Macro): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.variadic !== b.variadic || a.params.length !== b.params.length || a.body.length !== b.body.length) return false;
  for (let i = 0; i < a.params.length; i++) if (a.params[i] !== b.params[i]) return false;
  for (let i = 0; i < a.body.length; i += T.STRIDE) if (a.body[i] !== b.body[i] || a.body[i + 1] !== b.body[i + 1]) return false;
  return true;
}
