// Lowering of one function: the control-flow graph under construction, its locals and stack frame. Expressions
// are in lower/expression.ts, statements in lower/statement.ts; both work on this object.

import { alignOf, type CType, type FunctionBody, isAggregate, isVla, type Node, Q_VOLATILE, sizeOf, TK, type VarSym } from "../types/index.js";
import type { Access, Block, Expr, FrameVar, Inst, IrFunction, LineRef, Origin, Site, Term, ValType } from "../ir/index.js";
import { bin, isWide, signature, storeType, typeOf, valType } from "./value-types.js";
import { fixSizes } from "./vla.js";
import { lowerStmt } from "./statement.js";
import { labelScopes } from "./label-scopes.js";
import { labelValues } from "./static-data.js";
import { type TokenStream, tokenText } from "../lex/index.js";
import type { Unit } from "../syntax/index.js";

/** What lowering needs from the link: tables shared by the whole program, and where names lead. */
export interface LowerContext {
  readonly origin: Origin;
  place(loc: number): { readonly file: string; readonly line: number };
  site(site: Site): number;
  line(line: LineRef): number;
  /** Link name of a string literal's object. */
  string(bytes: Uint8Array): string;
  /** Link name that a call or reference of C name `name` / link name `link` leads to. */
  target(name: string, link: string): string;
  /** A variable with static storage found in the function. */
  staticVar(sym: VarSym): void;
}

interface Cleanup {
  readonly sym: VarSym;
}

export interface Loop {
  readonly brk: number;
  readonly cont: number; // -1 in a switch
  readonly cleanups: number;
}

const STACK_ALIGN = 16;
/** What asks for more gets 16 bytes: no object on a stack has a page of its own. */
const MAX_ALIGN = 4096;
/** Bytes before a guarded variable, and behind it by its size: an index that is off by more lands in something else. */
const MIN_REDZONE = 32;
function redzoneFor(size: number): number {
  return size <= 128 ? MIN_REDZONE : size <= 512 ? 64 : size <= 4096 ? 128 : 256;
}

export class Lowering {
  readonly blocks: Block[] = [{ code: [], term: { k: "unreachable", site: 0 } }];
  readonly locals: ValType[] = [];
  cur = 0;
  private frame = 0;
  readonly frameVars: FrameVar[] = [];
  /** Where the last redzone ends. */
  private redzoneEnd = -1;
  /** Where each automatic variable lives: a local's index, or an offset in the frame. */
  private readonly homes = new Map<VarSym, { readonly local: number } | { readonly off: number }>();
  readonly labels = new Map<number, number>();
  labelCleanups: ReadonlyMap<number, readonly VarSym[]> = new Map<number, readonly VarSym[]>();
  labelsTaken = false;
  readonly gotoTargets = new Set<number>();
  readonly computedGotos: number[][] = [];
  readonly loops: Loop[] = [];
  readonly cleanups: Cleanup[] = [];
  /** Arrays of variable length: local of the address, and of the stack pointer from before. */
  readonly vlaBase = new Map<VarSym, number>();
  readonly vlaStack = new Map<VarSym, number>();
  /** Local of the size in bytes of each type that has one only at run time. */
  readonly vlaSizes = new Map<CType, number>();
  readonly vlaOwner = new Map<CType, VarSym>();
  readonly caseBlocks = new Map<unknown, number>();
  private lastLine = -1;
  private lastBlock = -1;
  readonly fnName: string;
  /** Local that holds the address for a struct result, -1 without one. */
  readonly sret: number;

  constructor(
    readonly unit: Unit,
    readonly body: FunctionBody,
    readonly cx: LowerContext,
  ) {
    this.fnName = unit.atoms.text(body.sym.name);
    const ret = body.sym.type.base;
    this.sret = ret?.kind === TK.Struct ? this.local("i64") : -1;
    for (const p of body.params) {
      const i = this.local(p.type.kind === TK.Struct ? "i64" : valType(p.type));
      if (p.type.kind === TK.Struct || !this.inLocal(p)) this.paramCopies.push({ sym: p, local: i });
      else this.homes.set(p, { local: i });
    }
  }
  private readonly paramCopies: { readonly sym: VarSym; readonly local: number }[] = [];

  local(t: ValType): number {
    this.locals.push(t);
    return this.locals.length - 1;
  }
  private inLocal(v: VarSym): boolean {
    return !v.addressTaken && !isAggregate(v.type) && !isWide(v.type) && (v.type.quals & Q_VOLATILE) === 0;
  }
  home(v: VarSym): { readonly local: number } | { readonly off: number } {
    const known = this.homes.get(v);
    if (known !== undefined) return known;
    // A parameter named in a later one's type is another symbol than the body's.
    const param = v.index < 0 ? this.body.params.find((p) => p.name === v.name) : undefined;
    if (param !== undefined) return this.home(param);
    const made = this.inLocal(v)
      ? { local: this.local(valType(v.type)) }
      : { off: this.slot(sizeOf(v.type), Math.max(alignOf(v.type), v.attrs.align), this.unit.atoms.text(v.name), this.guarded(v)) };
    this.homes.set(v, made);
    return made;
  }
  /** Where a variable lives in the function as it was lowered; undefined where nothing uses it. */
  homeOf(v: VarSym): { readonly local: number } | { readonly off: number } | undefined {
    return this.homes.get(v);
  }
  /** Only an address that is computed with, or handed on, can leave a variable. */
  private guarded(v: VarSym): boolean {
    return v.addressTaken || isAggregate(v.type);
  }
  /** Bytes in the frame; with `guarded`, between redzones. */
  slot(size: number, align: number, name: string, guarded = false): number {
    const a = Math.max(8, align);
    if (guarded && this.redzoneEnd !== this.frame) this.frame += MIN_REDZONE;
    this.frame = Math.ceil(this.frame / a) * a;
    const off = this.frame;
    this.frame += Math.max(8, Math.ceil(size / 8) * 8);
    if (guarded) {
      this.frame += redzoneFor(size);
      this.redzoneEnd = this.frame;
    }
    this.frameVars.push({ name, off, size, guarded });
    return off;
  }

  // ---- the graph -------------------------------------------------------------------------------------------------

  block(): number {
    this.blocks.push({ code: [], term: { k: "unreachable", site: 0 } });
    return this.blocks.length - 1;
  }
  emit(i: Inst): void {
    this.blocks[this.cur]?.code.push(i);
  }
  private done = false;
  end(t: Term): void {
    const b = this.blocks[this.cur];
    if (b !== undefined && !this.done) b.term = t;
    this.done = true;
  }
  /** Goes on in block `b`; the one before must have been ended. */
  start(b: number): void {
    this.cur = b;
    this.done = false;
  }
  jump(to: number): void {
    this.end({ k: "jump", to });
  }
  /** After a jump away: code here is reached only through labels. */
  dead(): void {
    this.start(this.block());
  }
  label(name: number): number {
    let b = this.labels.get(name);
    if (b === undefined) {
      b = this.block();
      this.labels.set(name, b);
    }
    return b;
  }

  // ---- values ----------------------------------------------------------------------------------------------------

  /** The value in a local of its own, so that later effects do not change it. */
  temp(e: Expr): Expr {
    if (e.k === "i32" || e.k === "i64" || e.k === "f32" || e.k === "f64" || e.k === "sym" || e.k === "frame") return e;
    const t = typeOf(e);
    const i = this.local(t);
    this.emit({ k: "set", i, v: e });
    return { k: "local", i, t };
  }
  site(n: { readonly loc: number; readonly from?: number; readonly to?: number }): number {
    const { file, line } = this.cx.place(n.loc);
    return this.cx.site(
      new LazySite(file, line, this.fnName, this.cx.target(this.fnName, this.body.sym.link), this.body.sym.body?.block.tokens, n.from ?? 0, n.to ?? 0),
    );
  }
  access(n: Node, check: boolean, visible: boolean): Access {
    return { check, visible, once: (n.ty.quals & Q_VOLATILE) !== 0, site: this.site(n) };
  }
  line(loc: number): void {
    const { file, line } = this.cx.place(loc);
    if (line === this.lastLine && this.cur === this.lastBlock) return;
    this.lastLine = line;
    this.lastBlock = this.cur;
    this.emit({ k: "line", cov: this.cx.line({ file, line }) });
  }
  cannot(why: string, loc: number): void {
    this.emit({ k: "cannot", why, site: this.site({ loc }) });
  }

  /** Labels as values in a static initialiser: their blocks are targets of computed gotos. */
  private findLabels(n: Node): void {
    if (n.k === "label") {
      const b = this.label(n.name);
      this.labelsTaken = true;
      this.gotoTargets.add(b);
      labelValues.set(n, BigInt(b));
    } else if (n.k === "cast") this.findLabels(n.e);
    else if (n.k === "ptradd" || n.k === "ptrdiff" || n.k === "bin") {
      this.findLabels(n.a);
      this.findLabels(n.b);
    }
  }

  /** A variable aligned beyond the stack's own 16 bytes: its address is found when the function begins. */
  private align(v: VarSym): void {
    const align = Math.max(alignOf(v.type), v.attrs.align);
    if (align <= STACK_ALIGN || align > MAX_ALIGN || this.inLocal(v) || isVla(v.type) || v.attrs.cleanup !== undefined || this.body.params.includes(v)) return;
    const off = this.slot(sizeOf(v.type) + align, STACK_ALIGN, this.unit.atoms.text(v.name), this.guarded(v));
    const i = this.local("i64");
    const end = bin("i64.add", "i64", { k: "frame", off }, { k: "i64", v: BigInt(align - 1) });
    this.emit({ k: "set", i, v: bin("i64.and", "i64", end, { k: "i64", v: BigInt(-align) }) });
    this.vlaBase.set(v, i);
  }

  finish(): IrFunction {
    const sym = this.body.sym;
    for (const { sym: p, local } of this.paramCopies) {
      const home = this.home(p);
      if (!("off" in home)) continue;
      const acc: Access = { check: false, visible: false, once: false, site: 0 };
      const t = p.type.kind === TK.Struct ? "i64" : valType(p.type);
      const v: Expr = { k: "local", i: local, t };
      if (p.type.kind === TK.Struct || isWide(p.type)) this.emit({ k: "copy", dst: { k: "frame", off: home.off }, src: v, size: sizeOf(p.type), acc });
      else this.emit({ k: "store", m: storeType(p.type), addr: { k: "frame", off: home.off }, off: 0, v, acc });
    }
    this.line(sym.loc);
    for (const p of this.body.params) fixSizes(this, p.type);
    if (this.body.autos.some((v) => v.attrs.cleanup !== undefined || isVla(v.type))) this.labelCleanups = labelScopes(this.body.body);
    for (const v of this.body.autos) this.align(v);
    for (const v of this.body.statics) {
      this.cx.staticVar(v);
      for (const item of v.init?.items ?? []) this.findLabels(item.value);
    }
    lowerStmt(this, this.body.body);
    for (const to of this.computedGotos) to.push(...this.gotoTargets);
    const ret = sym.type.base;
    if (ret === undefined || ret.kind === TK.Void || ret.kind === TK.Struct) this.end({ k: "ret" });
    else {
      // Falling off the end of a function with a value: undefined in C only if the caller uses it.
      const t = valType(ret);
      this.end({ k: "ret", v: t === "i64" ? { k: "i64", v: 0n } : { k: t, v: 0 } });
    }
    const { file, line } = this.cx.place(sym.loc);
    return {
      symbol: sym.link,
      name: this.fnName,
      file,
      line,
      origin: this.cx.origin,
      inline: sym.inline || sym.attrs.alwaysInline,
      sig: signature(sym.type),
      locals: this.locals,
      frameSize: Math.ceil(this.frame / 16) * 16,
      frameVars: this.frameVars,
      blocks: prune(this.blocks, this.labelsTaken),
    };
  }
}

/** A site whose text is made only when a report asks for it. */
class LazySite implements Site {
  constructor(
    readonly file: string,
    readonly line: number,
    readonly fn: string,
    readonly symbol: string,
    private readonly tokens: TokenStream | undefined,
    private readonly from: number,
    private readonly to: number,
  ) {}
  get text(): string {
    return this.to > this.from && this.tokens !== undefined ? tokenText(this.tokens, this.from, this.to) : "";
  }
}

export function successors(t: Term): readonly number[] {
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

/** Removes blocks nothing leads to. Where labels are values, block numbers must stay: the block is emptied. */
function prune(blocks: readonly Block[], keepNumbers: boolean): readonly Block[] {
  const seen = new Set<number>([0]);
  const work = [0];
  for (let b = work.pop(); b !== undefined; b = work.pop()) {
    const t = blocks[b]?.term;
    if (t === undefined) continue;
    for (const s of successors(t)) {
      if (seen.has(s)) continue;
      seen.add(s);
      work.push(s);
    }
  }
  if (keepNumbers) return blocks.map((b, i): Block => (seen.has(i) ? b : { code: [], term: { k: "unreachable", site: 0 } }));
  const number = new Map<number, number>();
  for (let i = 0; i < blocks.length; i++) if (seen.has(i)) number.set(i, number.size);
  const at = (i: number): number => number.get(i) ?? 0;
  const out: Block[] = [];
  blocks.forEach((b, i) => {
    if (!seen.has(i)) return;
    const t = b.term;
    let term: Term = t;
    if (t.k === "jump") term = { k: "jump", to: at(t.to) };
    else if (t.k === "if") term = { k: "if", c: t.c, then: at(t.then), else: at(t.else) };
    else if (t.k === "switch") term = { ...t, to: t.to.map(at), otherwise: at(t.otherwise) };
    out.push({ code: b.code, term });
  });
  return out;
}
