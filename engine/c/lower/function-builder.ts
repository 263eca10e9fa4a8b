// A function under construction: its control-flow graph, locals, stack frame, and where each variable lives. Expressions
// and statements are lowered onto it; it must not depend on how.

import { alignOf, type CType, type FunctionBody, isAggregate, type Node, Q_VOLATILE, sizeOf, TK, type VarSym } from "../types/index.js";
import type { Access, Block, Expr, FrameVar, Inst, LineRef, Origin, Site, Term, ValType } from "../ir/index.js";
import { isWide, typeOf, valType } from "./value-types.js";
import { type TokenStream, tokenText } from "../lex/index.js";
import type { Unit } from "../syntax/index.js";

/** What lowering needs from the linker: tables shared by the whole program, and how names are resolved. */
export interface LowerContext {
  readonly origin: Origin;
  place(loc: number): { readonly file: string; readonly line: number };
  site(site: Site): number;
  line(line: LineRef): number;
  /** Link name of a string literal's object. */
  string(bytes: Uint8Array): string;
  /** Link name to which C name `name` / link name `link` resolves. */
  target(name: string, link: string): string;
  /** A variable with static storage found in the function. */
  staticVar(sym: VarSym): void;
}

/** Where an automatic variable lives: a local, or an offset in the frame. */
type Home = { readonly local: number } | { readonly off: number };

interface Cleanup {
  readonly sym: VarSym;
}

export interface Loop {
  readonly brk: number;
  readonly cont: number; // -1 in a switch
  readonly cleanups: number;
}

/** Access to a variable in the function's own frame: cannot fault, and no other thread sees it. */
export const FRAME_ACCESS: Access = { check: false, visible: false, once: false, site: 0 };

/** Bytes before a guarded variable, and after it by its size. An index that is off by more hits another object. */
const MIN_REDZONE = 32;
function redzoneFor(size: number): number {
  return size <= 128 ? MIN_REDZONE : size <= 512 ? 64 : size <= 4096 ? 128 : 256;
}

export abstract class FunctionBuilder {
  readonly blocks: Block[] = [{ code: [], term: { k: "unreachable", site: 0 } }];
  readonly locals: ValType[] = [];
  cur = 0;
  protected frame = 0;
  readonly frameVars: FrameVar[] = [];
  /** End of the last redzone. */
  private redzoneEnd = -1;
  private readonly homes = new Map<VarSym, Home>();
  readonly labels = new Map<number, number>();
  labelCleanups: ReadonlyMap<number, readonly VarSym[]> = new Map<number, readonly VarSym[]>();
  labelsTaken = false;
  readonly gotoTargets = new Set<number>();
  readonly computedGotos: number[][] = [];
  readonly loops: Loop[] = [];
  readonly cleanups: Cleanup[] = [];
  /** Variable-length arrays: the local that holds the address, and the local that holds the previous stack pointer. */
  readonly vlaBase = new Map<VarSym, number>();
  readonly vlaStack = new Map<VarSym, number>();
  /** The local that holds the size in bytes of each variable-length type. */
  readonly vlaSizes = new Map<CType, number>();
  readonly vlaOwner = new Map<CType, VarSym>();
  readonly caseBlocks = new Map<unknown, number>();
  private lastLine = -1;
  private lastBlock = -1;
  readonly fnName: string;
  /** Local that holds the address for a struct result, -1 if there is none. */
  readonly sret: number;
  /** Parameters that are passed in a local and live in memory. */
  protected readonly paramCopies: { readonly sym: VarSym; readonly local: number }[] = [];

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

  // ---- recursion ---------------------------------------------------------------------------------------------------

  /** Lowers a scalar expression: its value as a pure tree over locals. */
  abstract value(n: Node): Expr;
  /** Lowers a struct expression: the address of its value. */
  abstract aggregateAddress(n: Node): Expr;
  /** Lowers a statement expression: its value, or the address of a struct value. */
  abstract statementExpression(n: Node & { readonly k: "stmtexpr" }): Expr;

  // ---- locals and frame --------------------------------------------------------------------------------------------

  local(t: ValType): number {
    this.locals.push(t);
    return this.locals.length - 1;
  }
  protected inLocal(v: VarSym): boolean {
    return !v.addressTaken && !isAggregate(v.type) && !isWide(v.type) && (v.type.quals & Q_VOLATILE) === 0;
  }
  home(v: VarSym): Home {
    const known = this.homes.get(v);
    if (known !== undefined) return known;
    // A parameter used in the type of a later parameter has a different symbol than in the body.
    const param = v.index < 0 ? this.body.params.find((p) => p.name === v.name) : undefined;
    if (param !== undefined) return this.home(param);
    const home = this.inLocal(v)
      ? { local: this.local(valType(v.type)) }
      : { off: this.slot(sizeOf(v.type), Math.max(alignOf(v.type), v.attrs.align), this.unit.atoms.text(v.name), this.guarded(v)) };
    this.homes.set(v, home);
    return home;
  }
  /** Where a variable lives in the lowered function; undefined if no code uses it. */
  homeOf(v: VarSym): Home | undefined {
    return this.homes.get(v);
  }
  /** Whether accesses may leave the variable's bounds: only if its address is computed with or passed on. */
  protected guarded(v: VarSym): boolean {
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

  // ---- the graph ---------------------------------------------------------------------------------------------------

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
  /** Continues in block `b`; the current block must have been ended. */
  start(b: number): void {
    this.cur = b;
    this.done = false;
  }
  jump(to: number): void {
    this.end({ k: "jump", to });
  }
  /** After a jump away: only labels make the following code reachable. */
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

  // ---- values ------------------------------------------------------------------------------------------------------

  /** The value in a fresh local, so that later effects do not change it. */
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
  /** Marks the beginning of a statement; `end` is the location of its last token. */
  line(loc: number, end = loc): void {
    const { file, line } = this.cx.place(loc);
    const last = end === loc ? undefined : this.cx.place(end);
    const cov = this.cx.line(last?.file === file && last.line > line ? { file, line, end: last.line } : { file, line });
    if (line === this.lastLine && this.cur === this.lastBlock) return;
    this.lastLine = line;
    this.lastBlock = this.cur;
    this.emit({ k: "line", cov });
  }
  cannot(why: string, loc: number): void {
    this.emit({ k: "cannot", why, site: this.site({ loc }) });
  }
}

/** A site that builds its text only when a report needs it. */
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
