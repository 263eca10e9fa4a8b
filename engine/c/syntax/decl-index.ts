// An index of a chunk's external declarations, from its tokens only: where each begins and ends and which names it
// declares, so that a header's declaration is parsed when one of its names is first used. A declaration whose names are
// unclear is marked eager. Must not depend on types and scopes.
import { fixed, K, Tok } from "../lex/index.js";
import type { Chunk } from "../preprocess/index.js";

export interface Decl {
  readonly chunk: Chunk;
  /** Number within its chunk. */
  readonly index: number;
  /** Tokens [from, to) of the chunk. */
  readonly from: number;
  readonly to: number;
  /** Must be parsed with the unit: it defines external symbols, or its names are unclear. */
  readonly eager: boolean;
}

/** The first occurrence of a tag in a chunk, or its definition. */
export interface TagPlace {
  readonly decl: Decl;
  readonly at: number;
  readonly tag: number;
  readonly kind: "struct" | "union" | "enum";
  readonly defines: boolean;
}

export interface ChunkIndex {
  readonly decls: readonly Decl[];
  readonly names: readonly (readonly [name: number, decl: Decl])[];
  readonly tags: readonly TagPlace[];
  /** The last declaration does not end in this chunk. */
  readonly open: boolean;
  /** Must be parsed completely and in order: brackets do not pair, or a pragma affects what follows. */
  readonly inOrder: boolean;
}

const words = (text: string): ReadonlySet<number> => new Set(text.split(" ").map((w) => K[w] ?? -1));
const GROUPED = words("__attribute__ __attribute typeof __typeof __typeof__ typeof_unqual _Alignas");
const ASM = words("asm __asm __asm__");
const PLAIN = words(
  "const __const __const__ volatile __volatile __volatile__ restrict __restrict __restrict__ _Atomic void char short int long signed __signed __signed__ unsigned float double _Bool __int128 __int128_t __uint128_t _Complex __auto_type __builtin_va_list _Float128 __float128 __ibm128 __ieee128 __extension__ register auto _Noreturn _Thread_local __thread",
);
const INLINE = words("inline __inline __inline__");
const ALIASES: ReadonlySet<number> = new Set([fixed("alias"), fixed("__alias__")]);
const SIZES = words("sizeof typeof __typeof __typeof__ _Alignof __alignof __alignof__ alignof");

export function indexChunk(chunk: Chunk): ChunkIndex {
  return new Scan(chunk).run();
}

class Scan {
  private readonly kind: Uint8Array;
  private readonly val: Int32Array;
  private readonly end: number;
  private readonly decls: Decl[] = [];
  private readonly names: (readonly [number, Decl])[] = [];
  private readonly tags: TagPlace[] = [];
  private readonly mentioned = new Set<number>();
  private i = 0;
  /** Names and tags of the declaration being read. */
  private found: number[] = [];
  private foundTags: Omit<TagPlace, "decl">[] = [];

  constructor(private readonly chunk: Chunk) {
    this.kind = chunk.kind;
    this.val = chunk.value;
    this.end = chunk.length - 1;
  }

  run(): ChunkIndex {
    let open = false;
    let inOrder = this.val.includes(PRAGMA_PACK);
    while (this.i < this.end && !inOrder) {
      const from = this.i;
      this.found = [];
      this.foundTags = [];
      const result = this.declaration();
      if (result === "open" || result === "in order") {
        open = result === "open";
        inOrder = result === "in order";
        break;
      }
      if (result === "nothing" && this.foundTags.length === 0 && this.found.length === 0) continue;
      const decl: Decl = { chunk: this.chunk, index: this.decls.length, from, to: this.i, eager: result === "eager" };
      this.decls.push(decl);
      for (const name of this.found) this.names.push([name, decl]);
      for (const t of this.foundTags) {
        if (!t.defines && this.mentioned.has(t.tag)) continue;
        this.mentioned.add(t.tag);
        this.tags.push({ ...t, decl });
      }
    }
    return { decls: this.decls, names: this.names, tags: this.tags, open, inOrder };
  }

  private at(text: string): boolean {
    return this.val[this.i] === K[text] && this.kind[this.i] !== Tok.Eof;
  }

  /** Moves past the bracket that closes the one at the cursor; false if there is none. */
  private skip(): boolean {
    const { val, end } = this;
    let depth = 0;
    for (; this.i < end; this.i++) {
      const t = val[this.i];
      if (t === OPEN || t === BRACE || t === SQUARE) depth++;
      else if ((t === CLOSE || t === BRACE_END || t === SQUARE_END) && --depth === 0) {
        this.i++;
        return true;
      }
    }
    return false;
  }

  private declaration(): "lazy" | "eager" | "nothing" | "open" | "in order" {
    const { kind, val, end } = this;
    let typedef = false;
    let external = false;
    let hidden = false; // static or inline: invisible to other units
    let eager = false;
    /** Last identifier that may be the declared name, and its index. */
    let last = 0;
    let lastAt = -1;
    /** Name of a function declarator. */
    let fn = 0;
    let variables = 0;
    let initialized = false;
    const declare = (): void => {
      if (fn !== 0) this.found.push(fn);
      else if (last !== 0) {
        this.found.push(last);
        variables++;
      }
      fn = 0;
      last = 0;
    };
    while (this.i < end) {
      const t = val[this.i] ?? 0;
      if (kind[this.i] === Tok.Ident) {
        if (t === TYPEDEF) typedef = true;
        else if (t === EXTERN) external = true;
        else if (t === STATIC || INLINE.has(t)) hidden = true;
        else if (t === STRUCT || t === UNION || t === ENUM) {
          if (!this.tagged()) return "open";
          continue;
        } else if (GROUPED.has(t)) {
          this.i++;
          const from = this.i;
          if (!this.at("(")) return "in order";
          if (!this.skip()) return "open";
          for (let j = from; j < this.i; j++) if (kind[j] === Tok.Ident && ALIASES.has(val[j] ?? 0)) eager = true;
          const after = this.i;
          this.inside(from, after);
          this.i = after;
          continue;
        } else if (ASM.has(t)) {
          eager = true;
          this.i++;
          while (this.i < end && !this.at("(")) this.i++;
          if (!this.skip()) return "open";
          continue;
        } else if (t === STATIC_ASSERT) {
          while (this.i < end && !this.at(";")) {
            if (this.at("(")) {
              if (!this.skip()) return "open";
            } else this.i++;
          }
          if (this.i >= end) return "open";
          this.i++;
          return "lazy";
        } else if (!PLAIN.has(t)) {
          // Declarations of an old-style function's parameters, or an undefined macro.
          if (fn !== 0) return "in order";
          last = t;
          lastAt = this.i;
        }
        this.i++;
        continue;
      }
      if (kind[this.i] !== Tok.Punct) {
        eager = true;
        this.i++;
        continue;
      }
      switch (t) {
        case SEMICOLON: {
          this.i++;
          const isFunction = fn !== 0;
          const tagsOnly = fn === 0 && last === 0 && variables === 0 && this.found.length === 0;
          declare();
          if (eager) return "eager";
          if (tagsOnly) return "nothing";
          if (typedef || isFunction || hidden) return "lazy";
          return external && !initialized ? "lazy" : variables > 0 ? "eager" : "lazy";
        }
        case COMMA:
          declare();
          this.i++;
          break;
        case STAR:
          this.i++;
          break;
        case SQUARE:
          if (!this.skip()) return "open";
          break;
        case OPEN: {
          if (fn === 0 && last !== 0 && lastAt === this.i - 1 && val[this.i + 1] !== STAR && val[this.i + 1] !== OPEN) {
            fn = last;
            if (!this.skip()) return "open";
            break;
          }
          const from = this.i;
          if (!this.skip()) return "open";
          // `(*name)`, `(*name[n])`, `(*name(…))`: the first identifier after the stars that is not an attribute or qualifier.
          let j = from + 1;
          if (fn !== 0 || val[j] !== STAR) {
            eager = true;
            break;
          }
          while (j < this.i && (val[j] === STAR || (kind[j] === Tok.Ident && PLAIN.has(val[j] ?? 0)))) j++;
          if (kind[j] !== Tok.Ident || GROUPED.has(val[j] ?? 0)) eager = true;
          else {
            last = val[j] ?? 0;
            lastAt = j;
            // A function that returns a pointer to a function.
            if (val[j + 1] === OPEN) fn = last;
          }
          break;
        }
        case EQUALS:
          initialized = true;
          declare();
          this.i++;
          while (this.i < end && !this.at(",") && !this.at(";")) {
            if (this.at("(") || this.at("{") || this.at("[")) {
              if (!this.skip()) return "open";
            } else if (this.at(")") || this.at("}") || this.at("]")) return "in order";
            else this.i++;
          }
          break;
        case BRACE: {
          if (fn === 0) return "in order";
          declare();
          if (!this.skip()) return "open";
          return eager || !hidden ? "eager" : "lazy";
        }
        case COLON:
        default:
          if (t === CLOSE || t === BRACE_END || t === SQUARE_END) return "in order";
          eager = true;
          this.i++;
      }
    }
    return "open";
  }

  /** Moves past the struct, union or enum at the cursor, with its tag and body; false if it does not end. */
  private tagged(): boolean {
    const { kind, val } = this;
    const t = val[this.i];
    const tagKind = t === STRUCT ? "struct" : t === UNION ? "union" : "enum";
    this.i++;
    while (kind[this.i] === Tok.Ident && GROUPED.has(val[this.i] ?? 0)) {
      this.i++;
      if (!this.skip()) return false;
    }
    let tag = 0;
    let at = this.i;
    if (kind[this.i] === Tok.Ident) {
      tag = val[this.i] ?? 0;
      at = this.i++;
    }
    if (this.i >= this.end) return false;
    const defines = this.at("{");
    if (tag !== 0) this.foundTags.push({ at, tag, kind: tagKind, defines });
    if (!defines) return true;
    const from = this.i;
    if (!this.skip()) return false;
    const after = this.i;
    if (tagKind === "enum") this.enumerators(from + 1, after - 1);
    else this.inside(from + 1, after - 1);
    this.i = after;
    return true;
  }

  /** Tags and enumerators within a struct's body. Those in a parameter list are not at file scope. */
  private inside(from: number, to: number): void {
    const { kind, val } = this;
    for (let j = from; j < to; j++) {
      const t = val[j];
      if (kind[j] === Tok.Ident) {
        if (t === STRUCT || t === UNION || t === ENUM) {
          this.i = j;
          if (!this.tagged()) return;
          j = this.i - 1;
        }
      } else if (t === OPEN && !SIZES.has(val[j - 1] ?? 0) && kind[j] === Tok.Punct) {
        // A parenthesized declarator `(*name)(…)` has no tags before its parameters either.
        if (GROUPED.has(val[j - 1] ?? 0)) continue;
        this.i = j;
        if (!this.skip()) return;
        j = this.i - 1;
      }
    }
  }

  private enumerators(from: number, to: number): void {
    const { kind, val } = this;
    let expects = true;
    for (let j = from; j < to; j++) {
      const t = val[j];
      if (expects && kind[j] === Tok.Ident) {
        this.found.push(t ?? 0);
        expects = false;
      } else if (t === COMMA && kind[j] === Tok.Punct) expects = true;
      else if ((t === OPEN || t === BRACE || t === SQUARE) && kind[j] === Tok.Punct) {
        const open = j;
        this.i = j;
        if (!this.skip()) return;
        j = this.i - 1;
        this.inside(open, this.i);
      }
    }
  }
}

const OPEN = K["("] ?? -1;
const CLOSE = K[")"] ?? -1;
const BRACE = K["{"] ?? -1;
const BRACE_END = K["}"] ?? -1;
const SQUARE = K["["] ?? -1;
const SQUARE_END = K["]"] ?? -1;
const SEMICOLON = K[";"] ?? -1;
const COMMA = K[","] ?? -1;
const STAR = K["*"] ?? -1;
const EQUALS = K["="] ?? -1;
const COLON = K[":"] ?? -1;
const STRUCT = K["struct"] ?? -1;
const UNION = K["union"] ?? -1;
const ENUM = K["enum"] ?? -1;
const TYPEDEF = K["typedef"] ?? -1;
const EXTERN = K["extern"] ?? -1;
const STATIC = K["static"] ?? -1;
const STATIC_ASSERT = K["_Static_assert"] ?? -1;
const PRAGMA_PACK = K["__pragma_pack"] ?? -1;
