// Lowering of one function, from its parameters to its last block. Expressions and statements contain each other: they
// recurse through the abstract methods of FunctionBuilder, which only this file implements.

import { alignOf, isVla, type Node, sizeOf, TK, type VarSym } from "../types/index.js";
import type { Expr, IrFunction } from "../ir/index.js";
import { aggregateAddress, value } from "./expression.js";
import { FRAME_ACCESS, FunctionBuilder } from "./function-builder.js";
import { labelScopes } from "./label-scopes.js";
import { prune } from "./prune.js";
import { lowerStatement, statementExpression } from "./statement.js";
import { labelValues } from "./static-data.js";
import { bin, isWide, signature, storeType, valType } from "./value-types.js";
import { fixSizes } from "./vla.js";

const STACK_ALIGN = 16;
/** A larger alignment is lowered to 16 bytes: no object on a stack is page-aligned. */
const MAX_ALIGN = 4096;

export class Lowering extends FunctionBuilder {
  override value(n: Node): Expr {
    return value(this, n);
  }
  override aggregateAddress(n: Node): Expr {
    return aggregateAddress(this, n);
  }
  override statementExpression(n: Node & { readonly k: "stmtexpr" }): Expr {
    return statementExpression(this, n);
  }

  /** Lowers the body. To be called once. */
  finish(): IrFunction {
    const { sym, params, autos, statics, body } = this.body;
    this.spillParameters();
    this.line(sym.loc);
    for (const p of params) fixSizes(this, p.type);
    if (autos.some((v) => v.attrs.cleanup !== undefined || isVla(v.type))) this.labelCleanups = labelScopes(body);
    for (const v of autos) this.align(v);
    for (const v of statics) {
      this.cx.staticVar(v);
      for (const item of v.init?.items ?? []) this.findLabels(item.value);
    }
    lowerStatement(this, body);
    for (const to of this.computedGotos) to.push(...this.gotoTargets);
    const ret = sym.type.base;
    if (ret === undefined || ret.kind === TK.Void || ret.kind === TK.Struct) this.end({ k: "ret" });
    else {
      // Falling off the end of a function with a value is undefined only if the caller uses the value.
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

  /** Stores parameters that live in memory to the frame. */
  private spillParameters(): void {
    for (const { sym, local } of this.paramCopies) {
      const home = this.home(sym);
      if (!("off" in home)) continue;
      const isStruct = sym.type.kind === TK.Struct;
      const v: Expr = { k: "local", i: local, t: isStruct ? "i64" : valType(sym.type) };
      const addr: Expr = { k: "frame", off: home.off };
      if (isStruct || isWide(sym.type)) this.emit({ k: "copy", dst: addr, src: v, size: sizeOf(sym.type), acc: FRAME_ACCESS });
      else this.emit({ k: "store", m: storeType(sym.type), addr, off: 0, v, acc: FRAME_ACCESS });
    }
  }

  /** Computes the address of a variable aligned beyond the stack's own 16 bytes. */
  private align(v: VarSym): void {
    const align = Math.max(alignOf(v.type), v.attrs.align);
    if (align <= STACK_ALIGN || align > MAX_ALIGN || this.inLocal(v) || isVla(v.type) || v.attrs.cleanup !== undefined || this.body.params.includes(v)) return;
    const off = this.slot(sizeOf(v.type) + align, STACK_ALIGN, this.unit.atoms.text(v.name), this.guarded(v));
    const i = this.local("i64");
    const end = bin("i64.add", "i64", { k: "frame", off }, { k: "i64", v: BigInt(align - 1) });
    this.emit({ k: "set", i, v: bin("i64.and", "i64", end, { k: "i64", v: BigInt(-align) }) });
    this.vlaBase.set(v, i);
  }

  /** Labels as values in a static initializer: their blocks are targets of computed gotos. */
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
}
