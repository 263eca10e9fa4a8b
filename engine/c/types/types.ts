// C types with the powerpc64le data layout (ELFv2: LP64, little-endian, char unsigned). A type is one object;
// struct and union bodies are shared records that are completed in place, so a pointer made before the
// definition sees it. Must not depend on declarations or expressions.

export const enum TK {
  Void,
  Bool,
  Int,
  Float,
  Ptr,
  Array,
  Func,
  Struct, // struct and union, distinguished by body.union
  Enum,
  VaList,
}

export const Q_CONST = 1;
export const Q_VOLATILE = 2;
export const Q_ATOMIC = 4;

/** Conversion ranks of C11 6.3.1.1; int128 above long long. */
export const enum Rank {
  Bool = 1,
  Char,
  Short,
  Int,
  Long,
  LongLong,
  Int128,
}

export interface Field {
  /** Atom of the name, 0 for an anonymous member or unnamed bit-field. */
  readonly name: number;
  readonly type: CType;
  /** Byte offset of the member, or of its storage unit for a bit-field. */
  readonly offset: number;
  /** Width in bits, -1 if not a bit-field; `bit` counts from the least significant bit of the unit at `offset`. */
  readonly width: number;
  readonly bit: number;
  /** A bit-field of a packed struct: its unit may reach past the struct. */
  readonly tight: boolean;
}

export type Body = StructBody;

/** The members of a struct or union. If its definition is in a header, the first access parses it. */
export class StructBody {
  /** Parses the definition, which lays out the body. */
  pending: (() => void) | undefined;
  /** Index by name, including members of anonymous members: the path of fields leading there. */
  lookup: Map<number, readonly Field[]> | undefined;
  /** Maximum nesting of structs and arrays in it. */
  depth = 0;
  private layout: { readonly fields: readonly Field[]; readonly size: number; readonly align: number } | undefined;

  constructor(
    readonly union: boolean,
    /** Atom of the tag, 0 without one. */
    readonly tag: number,
  ) {}

  private settled(): StructBody["layout"] {
    const { pending } = this;
    if (pending !== undefined) {
      this.pending = undefined;
      pending();
    }
    return this.layout;
  }
  get complete(): boolean {
    return this.settled() !== undefined;
  }
  get fields(): readonly Field[] {
    return this.settled()?.fields ?? [];
  }
  get size(): number {
    return this.settled()?.size ?? 0;
  }
  get align(): number {
    return this.settled()?.align ?? 1;
  }
  define(fields: readonly Field[], size: number, align: number): void {
    for (const f of fields) this.depth = Math.max(this.depth, 1 + nesting(f.type));
    this.layout = { fields, size, align };
    this.lookup = undefined;
  }
}

export interface CType {
  readonly kind: TK;
  readonly quals: number;
  /** Size and alignment of scalars; for others use sizeOf/alignOf. */
  readonly size: number;
  readonly align: number;
  readonly signed: boolean;
  readonly rank: number;
  /** char, signed char and unsigned char are three types, long and long long two. */
  readonly variant: number;
  readonly base: CType | undefined; // pointee, element, return type, enum's integer
  readonly len: number; // array length; -1 incomplete; VLA has `vla`
  readonly vla: unknown;
  readonly params: readonly CType[];
  readonly variadic: boolean;
  readonly noProto: boolean;
  readonly body: Body | undefined;
  readonly tag: number;
  /** Width of a bit-field of this type, which determines its promotion; 0 for all other types. */
  readonly bits: number;
  /** Length of its chain of derivations; members of a struct do not count. */
  readonly depth: number;
  /** The same type without qualifiers. */
  readonly plain: CType | undefined;
  qualified: (CType | undefined)[] | undefined;
  pointer: CType | undefined;
}

const NO_TYPES: readonly CType[] = [];

/** Types derived in more steps, and structs nested deeper, are rejected: code that traverses types recurses as deep. */
export const MAX_TYPE_DEPTH = 250;

/** Nesting of structs and arrays in an object of the type. */
function nesting(t: CType): number {
  let levels = 0;
  let type = t;
  for (; type.kind === TK.Array && type.base !== undefined; type = type.base) levels++;
  return levels + (type.body?.depth ?? 0);
}

/** Creates all types with one object shape: a unit has tens of thousands. */
function make(kind: TK, over: Partial<CType>): CType {
  return {
    kind,
    quals: 0,
    size: over.size ?? 0,
    align: over.align ?? 1,
    signed: over.signed ?? false,
    rank: over.rank ?? 0,
    variant: over.variant ?? 0,
    base: over.base,
    len: over.len ?? -1,
    vla: over.vla,
    params: over.params ?? NO_TYPES,
    variadic: over.variadic ?? false,
    noProto: over.noProto ?? false,
    body: over.body,
    tag: over.tag ?? 0,
    bits: over.bits ?? 0,
    depth: depthOver(over),
    plain: undefined,
    qualified: undefined,
    pointer: undefined,
  };
}
function depthOver({ base, params }: Partial<CType>): number {
  let depth = base === undefined ? 0 : base.depth + 1;
  for (const p of params ?? NO_TYPES) if (p.depth >= depth) depth = p.depth + 1;
  return depth;
}
function int(size: number, signed: boolean, rank: Rank, variant = 0): CType {
  return make(TK.Int, { size, align: size, signed, rank, variant });
}

export const T = {
  void: make(TK.Void, { size: 1 }), // GNU C: sizeof(void) is 1
  bool: make(TK.Bool, { size: 1, rank: Rank.Bool }),
  char: int(1, false, Rank.Char, 1),
  schar: int(1, true, Rank.Char),
  uchar: int(1, false, Rank.Char),
  short: int(2, true, Rank.Short),
  ushort: int(2, false, Rank.Short),
  int: int(4, true, Rank.Int),
  uint: int(4, false, Rank.Int),
  long: int(8, true, Rank.Long),
  ulong: int(8, false, Rank.Long),
  llong: int(8, true, Rank.LongLong),
  ullong: int(8, false, Rank.LongLong),
  int128: int(16, true, Rank.Int128),
  uint128: int(16, false, Rank.Int128),
  float: make(TK.Float, { size: 4, align: 4 }),
  double: make(TK.Float, { size: 8, align: 8 }),
  ldouble: make(TK.Float, { size: 16, align: 16 }),
} as const;

export function pointerTo(base: CType): CType {
  return (base.pointer ??= make(TK.Ptr, { size: 8, align: 8, base }));
}
export function arrayOf(base: CType, len: number, vla?: unknown): CType {
  return make(TK.Array, { base, len, vla });
}
export function funcType(ret: CType, params: readonly CType[], variadic: boolean, noProto: boolean): CType {
  return make(TK.Func, { base: ret, params, variadic, noProto, size: 1 });
}
export function structType(body: Body): CType {
  return make(TK.Struct, { body, tag: body.tag });
}
export function enumType(tag: number, base: CType): CType {
  return make(TK.Enum, { size: base.size, align: base.align, signed: base.signed, rank: base.rank, base, tag });
}
/** Names (atoms) and values of an enum's constants, for showing its values: in C a constant does not have the enum's type. */
const constants = new WeakMap<CType, readonly { readonly name: number; readonly value: bigint }[]>();
export function setEnumerators(t: CType, list: readonly { readonly name: number; readonly value: bigint }[]): void {
  constants.set(t, list);
}
export function enumeratorsOf(t: CType): readonly { readonly name: number; readonly value: bigint }[] {
  return constants.get(unqualified(t)) ?? [];
}
export function newBody(union: boolean, tag: number): Body {
  return new StructBody(union, tag);
}
/** The type of a bit-field's value: an integer of the declared type's size that promotes by its width. */
export function bitFieldType(declared: CType, width: number): CType {
  const { size, align, signed, rank } = declared;
  if (declared.kind === TK.Bool) return declared;
  if (width === 8 * size) return unqualified(declared);
  const key = (width * 16 + size) * 2 + (signed ? 1 : 0);
  let type = bitFieldTypes.get(key);
  if (type === undefined) bitFieldTypes.set(key, (type = make(TK.Int, { size, align, signed, rank, bits: width })));
  return type;
}
const bitFieldTypes = new Map<number, CType>();

/** A typedef may raise (or, for scalars, lower) the alignment of a type. */
export function withAlign(t: CType, align: number): CType {
  return { ...t, align, qualified: undefined, pointer: undefined, plain: undefined, quals: t.quals, vla: t.vla ?? { align } };
}

export function qualify(t: CType, quals: number): CType {
  const all = t.quals | quals;
  if (all === t.quals) return t;
  if (t.kind === TK.Array && t.base !== undefined) return { ...t, base: qualify(t.base, quals), qualified: undefined, pointer: undefined };
  const plain = unqualified(t);
  const cache = (plain.qualified ??= []);
  return (cache[all] ??= { ...plain, quals: all, plain, qualified: undefined, pointer: undefined });
}
export function unqualified(t: CType): CType {
  return t.plain ?? t;
}

export function sizeOf(t: CType): number {
  if (t.kind === TK.Struct) return t.body?.size ?? 0;
  if (t.kind === TK.Array) return t.len < 0 || t.base === undefined ? 0 : t.len * sizeOf(t.base);
  return t.size;
}
export function alignOf(t: CType): number {
  if (t.kind === TK.Struct) return Math.max(t.body?.align ?? 1, t.align);
  if (t.kind === TK.Array) return Math.max(t.base === undefined ? 1 : alignOf(t.base), t.align);
  return t.align;
}
export function isComplete(t: CType): boolean {
  if (t.kind === TK.Struct) return t.body?.complete ?? false;
  if (t.kind === TK.Array) return (t.len >= 0 || isVla(t)) && t.base !== undefined && isComplete(t.base);
  return t.kind !== TK.Void;
}
/** An array whose size is known only at run time, because of its own length or its elements'. */
export function isVla(t: CType): boolean {
  if (t.kind !== TK.Array) return false;
  return (t.vla !== undefined && !(typeof t.vla === "object" && t.vla !== null && "align" in t.vla)) || (t.base !== undefined && isVla(t.base));
}
export function isInteger(t: CType): boolean {
  return t.kind === TK.Int || t.kind === TK.Bool || t.kind === TK.Enum;
}
export function isArithmetic(t: CType): boolean {
  return isInteger(t) || t.kind === TK.Float;
}
export function isPointerLike(t: CType): boolean {
  return t.kind === TK.Ptr || t.kind === TK.Array || t.kind === TK.Func;
}
export function isScalar(t: CType): boolean {
  return isArithmetic(t) || t.kind === TK.Ptr;
}
export function isAggregate(t: CType): boolean {
  return t.kind === TK.Struct || t.kind === TK.Array;
}

/** Integer promotion, C11 6.3.1.1p2. */
export function promote(t: CType): CType {
  if (t.bits > 0) {
    if (t.bits < 32 || (t.bits === 32 && t.signed)) return T.int;
    // gcc computes with wider bit-fields at their own width.
    return t.bits === 32 ? T.uint : unqualified(t);
  }
  if (t.kind === TK.Bool) return T.int;
  if (t.kind === TK.Enum) return promote(t.base ?? T.uint);
  if (t.kind === TK.Int && t.rank < (Rank.Int as number)) return T.int;
  return unqualified(t);
}

/** Bits of an integer type. */
export function precision(t: CType): number {
  return t.bits > 0 ? t.bits : t.size * 8;
}

function unsignedOf(t: CType): CType {
  if (t.rank === (Rank.Int as number)) return T.uint;
  if (t.rank === (Rank.Long as number)) return T.ulong;
  if (t.rank === (Rank.LongLong as number)) return T.ullong;
  return T.uint128;
}

/** The usual arithmetic conversions, C11 6.3.1.8. */
export function usual(a: CType, b: CType): CType {
  if (a.kind === TK.Float || b.kind === TK.Float) {
    const fa = a.kind === TK.Float ? a.size : 0;
    const fb = b.kind === TK.Float ? b.size : 0;
    const size = Math.max(fa, fb);
    return size === 16 ? T.ldouble : size === 8 ? T.double : T.float;
  }
  const pa = promote(a);
  const pb = promote(b);
  if (pa.bits > 0 || pb.bits > 0) {
    const wide = precision(pa) - precision(pb);
    return wide > 0 || (wide === 0 && !pa.signed) ? pa : pb;
  }
  if (pa.signed === pb.signed) return pa.rank >= pb.rank ? pa : pb;
  const [u, s] = pa.signed ? [pb, pa] : [pa, pb];
  if (u.rank >= s.rank) return u;
  if (s.size > u.size) return s;
  return unsignedOf(s);
}

/** Array-to-pointer and function-to-pointer conversion. */
export function decay(t: CType): CType {
  if (t.kind === TK.Array && t.base !== undefined) return pointerTo(t.base);
  if (t.kind === TK.Func) return pointerTo(t);
  return t;
}

/** Type compatibility as __builtin_types_compatible_p and _Generic need it (top-level qualifiers ignored). */
export function compatible(x: CType, y: CType): boolean {
  const a = unqualified(x);
  const b = unqualified(y);
  if (a === b) return true;
  if (a.kind !== b.kind) {
    // An enum is compatible with its integer type.
    if (a.kind === TK.Enum && a.base !== undefined && b.kind === TK.Int) return compatible(a.base, b);
    if (b.kind === TK.Enum && b.base !== undefined && a.kind === TK.Int) return compatible(a, b.base);
    return false;
  }
  switch (a.kind) {
    case TK.Int:
      return a.size === b.size && a.signed === b.signed && a.rank === b.rank && a.variant === b.variant;
    case TK.Float:
      return a.size === b.size;
    case TK.Ptr:
      return b.base !== undefined && a.base?.quals === b.base.quals && compatible(a.base, b.base);
    case TK.Array:
      return (
        a.base !== undefined &&
        b.base !== undefined &&
        (a.len === b.len || a.len < 0 || b.len < 0) &&
        a.base.quals === b.base.quals &&
        compatible(a.base, b.base)
      );
    case TK.Func:
      if (a.base === undefined || b.base === undefined || !compatible(a.base, b.base)) return false;
      if (a.noProto || b.noProto) return true;
      return a.variadic === b.variadic && a.params.length === b.params.length && a.params.every((p, i) => compatible(p, b.params[i] ?? T.void));
    case TK.Struct:
      return a.body === b.body;
    case TK.Enum:
      return a.tag !== 0 && a.tag === b.tag;
    default:
      return true;
  }
}

export interface MemberSpec {
  readonly name: number;
  readonly type: CType;
  /** -1: not a bit-field. */
  readonly width: number;
  /** Explicit alignment, 0 if none. */
  readonly align: number;
  readonly packed: boolean;
}

/** Lays out a struct or union as gcc does for powerpc64le; `pack`: the limit of #pragma pack, 0 if none. */
export function layOut(body: Body, members: readonly MemberSpec[], packed: boolean, align: number, pack: number): void {
  let bits = 0; // next free bit of a struct
  let max = Math.max(1, align);
  let size = 0; // of a union
  const fields: Field[] = [];
  for (const m of members) {
    const tight = packed || m.packed;
    let alignment = tight ? 1 : alignOf(m.type);
    if (m.align > 0) alignment = Math.max(tight ? 1 : alignment, m.align);
    if (pack > 0 && m.align === 0) alignment = Math.min(alignment, pack);
    if (body.union) bits = 0;
    if (m.width >= 0) {
      const unit = sizeOf(m.type) * 8;
      if (m.width === 0) {
        // Ends the storage unit; does not raise the alignment of the struct in this ABI.
        bits = Math.ceil(bits / unit) * unit;
        continue;
      }
      if (m.align > 0) bits = Math.ceil(bits / (m.align * 8)) * m.align * 8;
      // A bit-field does not straddle a unit of its declared type, unless packed.
      if (!tight && pack === 0 && Math.floor(bits / unit) !== Math.floor((bits + m.width - 1) / unit)) bits = Math.ceil(bits / unit) * unit;
      if (m.name !== 0) max = Math.max(max, alignment);
      const aligned = Math.floor(bits / unit) * unit;
      const inUnit = bits + m.width <= aligned + unit;
      const start = inUnit ? aligned : Math.floor(bits / 8) * 8;
      fields.push({ name: m.name, type: m.type, offset: start / 8, width: m.width, bit: bits - start, tight: tight || pack > 0 });
      bits += m.width;
    } else {
      const at = Math.ceil(Math.ceil(bits / 8) / alignment) * alignment;
      max = Math.max(max, alignment);
      fields.push({ name: m.name, type: m.type, offset: at, width: -1, bit: 0, tight: false });
      bits = (at + sizeOf(m.type)) * 8;
    }
    if (body.union) size = Math.max(size, Math.ceil(bits / 8));
  }
  if (!body.union) size = Math.ceil(bits / 8);
  body.define(fields, Math.ceil(size / max) * max, max);
}

/** The fields that lead to member `name` (more than one through anonymous members), or undefined. */
export function findMember(body: Body, name: number): readonly Field[] | undefined {
  if (!body.complete) return undefined;
  if (body.lookup === undefined) {
    const index = new Map<number, readonly Field[]>();
    for (const f of body.fields) {
      if (f.name !== 0) {
        if (!index.has(f.name)) index.set(f.name, [f]);
      } else if (f.width < 0 && f.type.body !== undefined) {
        findMember(f.type.body, -1);
        for (const [inner, path] of f.type.body.lookup ?? []) if (!index.has(inner)) index.set(inner, [f, ...path]);
      }
    }
    body.lookup = index;
  }
  return body.lookup.get(name);
}
