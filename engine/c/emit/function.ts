// From one IR function to the bytes of its WebAssembly bodies: control structure from the piece order, suspension points,
// C stack frame, call-site stack. Single instructions are in code.ts.

import type { FunctionBody } from "./body.js";
import { type Counts, NO_COUNTS } from "./access.js";
import { CodeEmitter } from "./code.js";
import type { ModuleContext } from "./expression.js";
import { type Item, orderPieces } from "./order.js";
import { cutPieces, type Piece, type PieceInst, successors } from "./suspend.js";
import { placeCallees, withoutInlining, type PlacedBlock } from "./inline.js";
import type { Expr, Inst, IrFunction, ValType } from "../ir/index.js";
import { type ByteWriter, Op, opcode, VOID_BLOCK } from "./wasm.js";

/** How a jump is emitted: fall through to the next piece, branch to a label, or dispatch at the top. */
type Route = { readonly k: "fall" } | { readonly k: "label"; readonly label: string } | { readonly k: "dispatch" };

interface Region {
  readonly items: readonly Item[];
  /** Label of the loop that wraps the region. */
  readonly loop: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly parent: Region | undefined;
}

/** `inline`: small callees are inlined. */
export function emitFunction(context: ModuleContext, fn: IrFunction, index: number, inline: boolean): FunctionBody {
  const placed = inline ? placeCallees(context.program, context.suspends, fn, index) : withoutInlining(fn, index);
  const { callees, locals } = placed;
  const source = { context, fn, index };
  const cut = (blocks: readonly PlacedBlock[]): readonly Piece[] => cutPieces(context.program, blocks, context.suspends, context.options);
  if (context.suspends[index] !== 1) return { ...new FunctionEmitter(source, locals, cut(placed.blocks), "plain").emit(), callees };
  // The resuming body assigns the resume numbers.
  const resuming = new FunctionEmitter(source, fn.locals, cut(withoutInlining(fn, index).blocks), "resuming");
  const straight = new FunctionEmitter(source, locals, cut(placed.blocks), "straight", resuming.resumeAt);
  return { ...straight.emit(), resuming: resuming.emit().bytes, callees };
}

interface FunctionSource {
  readonly context: ModuleContext;
  readonly fn: IrFunction;
  readonly index: number;
}

/**
 * plain: a function that is never suspended. straight: entered by a call, returns when suspended. resuming: entered when the
 * thread continues, jumps to where it was suspended. One body for both would need an entry into the middle of each loop, which
 * costs registers.
 */
type Kind = "plain" | "straight" | "resuming";

class FunctionEmitter {
  private readonly code: CodeEmitter;
  private readonly out: ByteWriter;
  private readonly order: number[] = [];
  private readonly position: Int32Array;
  private readonly regionOf: (Region | undefined)[] = [];
  private readonly labelled = new Set<number>();
  private readonly dispatched = new Set<number>();
  /** Numbers of the pieces that are dispatched through `bb`, from 1 in order of position. */
  private readonly numbers = new Map<number, number>();
  private readonly labels: string[] = [];
  private needsTop = false;
  /** Debug build: FunctionBody.places. */
  private readonly places = new Map<number, number>();
  private readonly root: Region;
  private readonly context: ModuleContext;
  private readonly fn: IrFunction;
  private readonly index: number;
  /** Number of predecessors of each piece. */
  private readonly before: Int32Array;
  /** Counts pending at the start of each piece. */
  private readonly counts = new Map<number, Counts>();

  constructor(
    source: FunctionSource,
    locals: readonly ValType[],
    private readonly pieces: readonly Piece[],
    private readonly kind: Kind,
    /** The resume number of an instruction. */
    readonly resumeAt: ReadonlyMap<Inst, number> = new Map(),
  ) {
    this.context = source.context;
    this.fn = source.fn;
    this.index = source.index;
    this.code = new CodeEmitter(source.context, source.fn, source.index, locals);
    this.out = this.code.out;
    this.position = new Int32Array(this.pieces.length).fill(-1);
    this.root = this.layOut(
      orderPieces(this.pieces.length, (node) => successors(this.piece(node).term)),
      undefined,
      undefined,
    );
    this.findRoutes();
    this.before = new Int32Array(this.pieces.length);
    for (const from of this.order) for (const to of successors(this.piece(from).term)) this.before[to] = (this.before[to] ?? 0) + 1;
    let number = 0;
    for (const piece of this.order) {
      if (this.dispatched.has(piece) || (kind === "resuming" && this.piece(piece).resume !== undefined)) this.numbers.set(piece, ++number);
    }
    if (kind === "resuming")
      this.resumeAt = new Map([...this.numbers].flatMap(([piece, n]) => ((at) => (at === undefined ? [] : [[at, n] as const]))(this.piece(piece).resume)));
  }

  emit(): Omit<FunctionBody, "callees"> {
    const { out, code, root } = this;
    code.begin();
    if (this.kind === "straight") code.continueIfResuming(this.index);
    if (this.kind !== "plain") this.open(Op.block, "unwind");
    if (this.kind === "resuming") code.restoreFrame();
    else code.enterFrame();
    this.emitRegion(this.needsTop ? { ...root, loop: "top" } : root);
    out.u8(Op.unreachable);
    if (this.kind !== "plain") {
      this.close();
      code.saveFrame();
      if (this.fn.sig.result !== undefined) code.zero(this.fn.sig.result);
    }
    out.u8(Op.end);
    return { ...code.finish(), ...(this.context.options.debug ? { places: this.places } : {}) };
  }

  private piece(index: number): Piece {
    const piece = this.pieces[index];
    if (piece === undefined) throw new Error(`no piece ${String(index)} in ${this.fn.symbol}`);
    return piece;
  }

  // ---- layout ----------------------------------------------------------------------------------------------------

  private layOut(items: readonly Item[], loop: string | undefined, parent: Region | undefined): Region {
    const start = this.order.length;
    const region: { -readonly [K in keyof Region]: Region[K] } = { items, loop, start, end: start, parent };
    for (const item of items) {
      if ("piece" in item) {
        this.position[item.piece] = this.order.length;
        this.order.push(item.piece);
        this.regionOf[item.piece] = region;
      } else {
        const head = headOf(item);
        this.regions.set(head, this.layOut(item.loop, `loop${String(head)}`, region));
      }
    }
    region.end = this.order.length;
    return region;
  }
  private readonly regions = new Map<number, Region>();

  private at(piece: number): number {
    return this.position[piece] ?? -1;
  }

  private route(from: number, to: number): Route {
    if (this.at(to) === this.at(from) + 1) return { k: "fall" };
    return this.branch(from, to);
  }

  private branch(from: number, to: number): Route {
    const target = this.at(to);
    for (let region = this.regionOf[from]; region !== undefined; region = region.parent) {
      if (target < region.start || target >= region.end) continue;
      if (target <= this.at(from)) {
        // Backward: in a weak topological order the target is the head of an enclosing loop.
        return region.loop !== undefined && target === region.start ? { k: "label", label: region.loop } : { k: "dispatch" };
      }
      const start = this.itemStart(region, target);
      return start === target ? { k: "label", label: `at${String(to)}` } : { k: "dispatch" };
    }
    return { k: "dispatch" };
  }

  /** Start position of the item of `region` that contains `position`. */
  private itemStart(region: Region, position: number): number {
    let start = region.start;
    for (const item of region.items) {
      const begin = this.at(headOf(item));
      if (begin > position) break;
      start = begin;
    }
    return start;
  }

  private findRoutes(): void {
    const need = (route: Route, to: number): void => {
      if (route.k === "dispatch") {
        this.needsTop = true;
        this.dispatched.add(to);
      } else if (route.k === "label" && route.label.startsWith("at")) this.labelled.add(to);
    };
    for (const from of this.order) {
      const { term } = this.piece(from);
      switch (term.k) {
        case "jump":
          need(this.route(from, term.to), term.to);
          break;
        case "if":
          need(this.route(from, term.then), term.then);
          need(this.route(from, term.else), term.else);
          break;
        case "switch":
          for (const to of term.to) need(this.branch(from, to), to);
          need(this.route(from, term.otherwise), term.otherwise);
          break;
        case "goto":
          for (const to of term.to) need(this.branch(from, to), to);
          break;
        case "ret":
        case "unreachable":
          break;
      }
    }
  }

  // ---- emission --------------------------------------------------------------------------------------------------

  private open(op: number, label: string): void {
    this.out.u8(op);
    this.out.u8(VOID_BLOCK);
    this.labels.push(label);
  }

  private close(): void {
    this.out.u8(Op.end);
    this.labels.pop();
  }

  private depth(label: string): number {
    const index = this.labels.lastIndexOf(label);
    if (index < 0) throw new Error(`label ${label} is not open in ${this.fn.symbol}`);
    return this.labels.length - 1 - index;
  }

  private emitRegion(region: Region): void {
    const { code, out } = this;
    if (region.loop !== undefined) {
      this.open(Op.loop, region.loop);
      code.burnFuel();
    }
    const ranges = region.items.map((item, i) => {
      const next = region.items[i + 1];
      return { item, head: headOf(item), start: this.at(headOf(item)), end: next === undefined ? region.end : this.at(headOf(next)) };
    });
    const inside = (range: { readonly start: number; readonly end: number }): readonly number[] =>
      this.order.slice(range.start, range.end).filter((piece) => this.numbers.has(piece));
    const targets = inside(region);
    const opened = new Set<number>();
    ranges.forEach((range, i) => {
      if (i > 0 && (this.labelled.has(range.head) || (targets.length > 0 && inside(range).length > 0))) opened.add(range.head);
    });
    for (const range of [...ranges].reverse()) if (opened.has(range.head)) this.open(Op.block, `at${String(range.head)}`);
    if (targets.length > 0) {
      const low = this.numbers.get(targets[0] ?? 0) ?? 0;
      this.open(Op.block, "first");
      code.getLocal(code.bb);
      if (low !== 0) {
        code.i32(low);
        out.u8(opcode("i32.sub"));
      }
      out.u8(Op.brTable);
      out.u32(targets.length);
      for (const target of targets) {
        const range = ranges.find((r) => this.at(target) >= r.start && this.at(target) < r.end);
        out.u32(this.depth(range !== undefined && opened.has(range.head) ? `at${String(range.head)}` : "first"));
      }
      out.u32(this.depth("first"));
      this.close();
    }
    for (const range of ranges) {
      if (opened.has(range.head)) this.close();
      if ("piece" in range.item) this.emitPiece(range.item.piece);
      else {
        const inner = this.regions.get(range.head);
        if (inner !== undefined) this.emitRegion(inner);
      }
    }
    if (region.loop !== undefined) this.close();
  }

  private emitPiece(index: number): void {
    const piece = this.piece(index);
    if (this.numbers.has(index)) {
      this.code.i32(0);
      this.code.setLocal(this.code.bb);
    }
    this.code.setOrigin(piece);
    this.code.counts = this.counts.get(index) ?? NO_COUNTS;
    for (const inst of piece.code) this.emitInst(index, inst);
    const { term } = piece;
    const next = successors(term);
    // If this is the only predecessor of all successors, they do the counting.
    const deferred = next.length > 0 && term.k !== "goto" && next.every((to) => this.isOnlyPredecessor(index, to));
    if (deferred) for (const to of next) this.counts.set(to, this.code.counts);
    else this.code.countPending();
    this.emitTerm(index, piece);
    this.code.counts = NO_COUNTS;
  }

  /** Whether the other piece is the only predecessor and comes first. */
  private isOnlyPredecessor(from: number, to: number): boolean {
    return this.before[to] === 1 && !this.numbers.has(to) && this.at(to) > this.at(from);
  }

  private emitInst(piece: number, inst: PieceInst): void {
    const { code } = this;
    switch (inst.k) {
      case "visible":
        code.countVisible(inst.inst);
        if (this.context.options.preemptible || this.context.options.debug) this.stopBefore(piece, -1 - siteOf(inst.inst));
        return;
      case "stop":
        code.countPending();
        this.stopBefore(piece, inst.cov);
        return;
      case "stopped":
        code.clearStopped();
        return;
      case "suspend":
        code.countPending();
        code.callIntrinsic(inst.call, true);
        this.places.set(this.resumedAt(this.nextOf(piece)), -1 - inst.call.site);
        this.unwindTo(this.nextOf(piece));
        return;
      case "result":
        code.readResult(inst.i, inst.t);
        return;
      case "resumable":
        code.countPending();
        code.call(inst.call, () => {
          this.unwindTo(piece);
        });
        return;
      default:
        code.inst(inst);
    }
  }

  /** Suspends the thread if the host requests it, to resume with the next piece. */
  private stopBefore(piece: number, place: number): void {
    const { code, context } = this;
    const { preemptible, debug } = context.options;
    if (preemptible) code.overLimit();
    if (debug) {
      code.tick(place);
      this.places.set(this.resumedAt(this.nextOf(piece)), place);
    }
    if (preemptible && debug) code.op("i32.or");
    code.likely(false);
    this.open(Op.if, "stop");
    code.preempted();
    this.unwindTo(this.nextOf(piece));
    this.close();
  }

  private resumedAt(piece: number): number {
    const at = this.piece(piece).resume;
    return (at === undefined ? undefined : this.resumeAt.get(at)) ?? 0;
  }

  /** If suspended, leaves this function, to be resumed at `piece`. */
  private unwindTo(piece: number): void {
    const { code, out } = this;
    code.getGlobal("state");
    code.likely(false);
    this.open(Op.if, "suspended");
    code.i32(this.resumedAt(piece));
    code.setLocal(code.bb);
    out.u8(Op.br);
    out.u32(this.depth("unwind") + code.extraDepth);
    this.close();
  }

  private nextOf(piece: number): number {
    const { term } = this.piece(piece);
    if (term.k !== "jump") throw new Error("a suspension point does not end its piece");
    return term.to;
  }

  private emitJump(route: Route, to: number): void {
    switch (route.k) {
      case "fall":
        return;
      case "label":
        this.out.u8(Op.br);
        this.out.u32(this.depth(route.label));
        return;
      case "dispatch":
        this.code.i32(this.numbers.get(to) ?? 0);
        this.code.setLocal(this.code.bb);
        this.out.u8(Op.br);
        this.out.u32(this.depth("top"));
        return;
    }
  }

  /** Jumps if the i32 on the stack is not zero. */
  private emitJumpIf(route: Route, to: number): void {
    if (route.k === "label") {
      this.out.u8(Op.brIf);
      this.out.u32(this.depth(route.label));
      return;
    }
    this.open(Op.if, "taken");
    this.emitJump(route, to);
    this.close();
  }

  private emitTerm(from: number, piece: Piece): void {
    const { code, out } = this;
    const { term } = piece;
    switch (term.k) {
      case "jump":
        this.emitJump(this.route(from, term.to), term.to);
        return;
      case "if": {
        const then = this.route(from, term.then);
        const otherwise = this.route(from, term.else);
        code.expr(term.c);
        if (then.k === "fall") {
          if (otherwise.k === "fall") out.u8(Op.drop);
          else {
            out.u8(opcode("i32.eqz"));
            this.emitJumpIf(otherwise, term.else);
          }
          return;
        }
        this.emitJumpIf(then, term.then);
        this.emitJump(otherwise, term.else);
        return;
      }
      case "switch":
        this.emitSwitch(from, term.v, term.lo, term.hi, term.to);
        this.emitJump(this.route(from, term.otherwise), term.otherwise);
        return;
      case "goto": {
        const values = term.values.map((value) => BigInt(value));
        this.emitSwitch(from, term.v, values, values, term.to);
        out.u8(Op.unreachable);
        return;
      }
      case "ret":
        code.leaveFrame();
        if (this.fn.sig.result !== undefined) {
          if (term.v === undefined) code.zero(this.fn.sig.result);
          else code.exprAs(term.v, this.fn.sig.result);
        }
        out.u8(Op.return);
        return;
      case "unreachable":
        code.unreachable(term.site);
        return;
    }
  }

  private emitSwitch(from: number, v: Expr, lo: readonly bigint[], hi: readonly bigint[], to: readonly number[]): void {
    const { code, out } = this;
    code.exprAs(v, "i64");
    code.setLocal(code.wide);
    to.forEach((target, i) => {
      const low = lo[i] ?? 0n;
      const high = hi[i] ?? low;
      code.getLocal(code.wide);
      code.i64(low);
      if (low === high) out.u8(opcode("i64.eq"));
      else {
        // low <= v <= high, as one unsigned comparison
        out.u8(opcode("i64.sub"));
        code.i64(high - low);
        out.u8(opcode("i64.le_u"));
      }
      this.emitJumpIf(this.branch(from, target), target);
    });
  }
}

function siteOf(inst: Inst): number {
  return inst.k === "call" ? inst.site : "acc" in inst ? inst.acc.site : -1;
}

function headOf(item: Item): number {
  let first: Item | undefined = item;
  while (first !== undefined && "loop" in first) first = first.loop[0];
  return first?.piece ?? 0;
}
