// The names of a translation unit's file scope. Declarations of headers are parsed when one of their names is first looked
// up, in order, each as if at its position. Parses nothing itself.
import type { Atoms, TokenBlock } from "../lex/index.js";
import { type CType, type FuncSym, newBody, structType, type Sym, type VarSym } from "../types/index.js";
import type { ChunkIndex, Decl, TagPlace } from "./decl-index.js";

/** Values and types of integer constants by their atom. */
export type NumberValues = Map<number, { readonly v: bigint; readonly ty: CType }>;

export interface LazyBlock extends TokenBlock {
  readonly index: ChunkIndex;
  /** By declaration: 1 once its parsing began. */
  readonly begun: Uint8Array;
}

/** All declarations of all chunks by name, in any unit. */
export class DeclNames {
  readonly names = new Map<number, Decl | Decl[]>();
  readonly tags = new Map<number, TagPlace | TagPlace[]>();
  /** Values of integer constants by their atom. */
  readonly numbers: NumberValues = new Map();
  private readonly known = new Set<number>();

  /** `atoms`: the table of the chunks' cache. */
  constructor(readonly atoms: Atoms) {}

  add(chunk: number, index: ChunkIndex): void {
    if (this.known.has(chunk)) return;
    this.known.add(chunk);
    for (const [name, decl] of index.names) put(this.names, name, decl);
    for (const tag of index.tags) put(this.tags, tag.tag, tag);
  }
}

function put<V extends object>(map: Map<number, V | V[]>, key: number, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, value);
  else if (Array.isArray(known)) known.push(value);
  else map.set(key, [known, value]);
}

/** Nested on-demand declarations before all are parsed in order; kernel headers reach about 20. */
const MAX_NESTING = 60;

interface Waiting {
  readonly decls: readonly (readonly [position: number, block: LazyBlock, decl: Decl])[];
  done: number;
}
const NONE: Waiting = { decls: [], done: 0 };

export class FileScope {
  readonly syms = new Map<number, Sym>();
  readonly tags = new Map<number, CType>();
  /** Position from which a tag is visible. */
  readonly tagAt = new Map<number, number>();
  /** Variables with static storage and functions, in the order in which their declarations were parsed. */
  readonly fileSyms: (VarSym | FuncSym)[] = [];
  /** Next number for an unnamed object. */
  unique = 0;
  private readonly waiting = new Map<number, Waiting>();
  private readonly byChunk = new Map<number, LazyBlock>();
  private complete = false;
  /** Declarations being parsed because another one needs them. */
  private nesting = 0;
  private inOrder = false;

  readonly numbers: NumberValues;

  constructor(
    private readonly names?: DeclNames,
    private readonly parse?: (block: LazyBlock, decl: Decl) => void,
  ) {
    this.numbers = names?.numbers ?? new Map<number, never>();
  }

  /** False if the unit already contains the chunk. */
  addBlock(chunk: number, block: LazyBlock): boolean {
    if (this.byChunk.has(chunk)) return false;
    this.byChunk.set(chunk, block);
    return true;
  }

  force(block: LazyBlock, decl: Decl): void {
    if (block.begun[decl.index] === 1) return;
    if (this.nesting >= MAX_NESTING && !this.inOrder) {
      // A declaration needs only earlier declarations: in order, none nests in another.
      this.inOrder = true;
      this.upTo(block.base + decl.from);
      this.inOrder = false;
    }
    if (block.begun[decl.index] === 1) return;
    block.begun[decl.index] = 1;
    this.nesting++;
    this.parse?.(block, decl);
    this.nesting--;
  }
  /** Parses all declarations that begin before a position. */
  private upTo(position: number): void {
    for (const block of this.byChunk.values()) for (const decl of block.index.decls) if (block.base + decl.from < position) this.force(block, decl);
  }

  /** The meaning of a name at a position. Later declarations are not parsed for it, but may have been parsed before. */
  get(name: number, position = Number.MAX_SAFE_INTEGER): Sym | undefined {
    if (this.names !== undefined) {
      let waiting = this.waiting.get(name);
      if (waiting === undefined) this.waiting.set(name, (waiting = this.waitingFor(this.names, name)));
      while (waiting.done < waiting.decls.length) {
        const next = waiting.decls[waiting.done];
        if (next === undefined || next[0] >= position) break;
        waiting.done++;
        this.force(next[1], next[2]);
      }
    }
    return this.syms.get(name);
  }

  private waitingFor(names: DeclNames, name: number): Waiting {
    const known = names.names.get(name);
    if (known === undefined) return NONE;
    const decls: [number, LazyBlock, Decl][] = [];
    for (const decl of Array.isArray(known) ? known : [known]) {
      const block = this.byChunk.get(decl.chunk.id);
      if (block !== undefined) decls.push([block.base + decl.from, block, decl]);
    }
    return decls.length === 0 ? NONE : { decls: decls.sort((a, b) => a[0] - b[0]), done: 0 };
  }

  /** The type of a tag at file scope; its definition is parsed on the first use of its members, size or alignment. */
  tag(tag: number): CType | undefined {
    const known = this.tags.get(tag);
    if (known !== undefined || this.names === undefined) return known;
    const places = this.names.tags.get(tag);
    if (places === undefined) return undefined;
    let first: TagPlace | undefined;
    let at = Number.MAX_SAFE_INTEGER;
    const definitions: [number, LazyBlock, Decl][] = [];
    for (const place of Array.isArray(places) ? places : [places]) {
      const block = this.byChunk.get(place.decl.chunk.id);
      if (block === undefined) continue;
      const here = block.base + place.at;
      if (here < at) {
        at = here;
        first = place;
      }
      if (place.defines) definitions.push([here, block, place.decl]);
    }
    if (first === undefined) return undefined;
    definitions.sort((a, b) => a[0] - b[0]);
    const define = (): void => {
      for (const [, block, decl] of definitions) this.force(block, decl);
    };
    this.tagAt.set(tag, at);
    if (first.kind === "enum") {
      define();
      return this.tags.get(tag);
    }
    const body = newBody(first.kind === "union", tag);
    if (definitions.length > 0) body.pending = define;
    const type = structType(body);
    this.tags.set(tag, type);
    return type;
  }
  declareTag(tag: number, type: CType, position: number): void {
    this.tags.set(tag, type);
    this.tagAt.set(tag, Math.min(position, this.tagAt.get(tag) ?? position));
  }

  /** Parses all remaining declarations; true if they declared new names. For text whose names its tokens do not show. */
  parseAll(): boolean {
    if (this.complete || this.names === undefined) return false;
    this.complete = true;
    const before = this.syms.size;
    for (const block of this.byChunk.values()) for (const decl of block.index.decls) this.force(block, decl);
    return this.syms.size > before;
  }
}
