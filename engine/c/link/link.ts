// The linker: from units and roots to a Program. Only code reachable from the roots is lowered. A call resolves to the
// engine's service of that name if there is one, else to the tree's definition, else to an assumed function.

import { fingerprint } from "../../base/index.js";
import { alignOf, type FuncSym, Q_CONST, sizeOf, TK, type VarSym } from "../types/index.js";
import {
  DATA_BASE,
  type GlobalVar,
  type Inst,
  type IrFunction,
  joinLines,
  type LineRef,
  type Program,
  PROVIDE,
  relink,
  type Signature,
  type Site,
  TAG_LINEAR,
  TEXT_BASE,
  TEXT_STRIDE,
  walk,
} from "../ir/index.js";
import type { Diagnostic } from "../lex/index.js";
import { alike, type FuncDef, LINKED, type LinkUnit, lowered, type Lowered, moved, movedBy, sameItems } from "./reuse.js";
import { type AddressTarget, type LowerContext, Lowering, signature, staticImage, type StaticImage } from "../lower/index.js";

/** 50,000 locals are allowed, and 7.6 million bytes, of which an instruction of the preemptible build takes up to 100. */
const MAX_LOCALS = 45_000;
const MAX_INSTRUCTIONS = 60_000;
/** Bytes of variables with static storage; the heap needs the rest of the machine's memory. */
const MAX_DATA = 1 << 27;
/** Copies of the per-CPU section: one for each possible CPU. */
const NR_CPUS = 8;

interface VarDef {
  readonly of: LinkUnit;
  readonly sym: VarSym;
}

/** Lookup keys of strings, at most 4096 bytes of each. */
const starts = new WeakMap<Uint8Array, string>();

interface Broken {
  readonly def: VarDef;
  readonly loc: number;
  readonly why: string;
}

export function link(units: readonly LinkUnit[], roots: readonly string[]): Program {
  return new Linker(units).run(roots);
}

class Linker {
  private readonly funcs = new Map<string, FuncDef>();
  private readonly vars = new Map<string, VarDef>();
  private readonly declared = new Map<string, VarDef>();
  private readonly provided = new Set<string>();
  private readonly functions: IrFunction[] = [];
  private readonly indexOf = new Map<string, number>();
  private readonly assumed = new Map<string, Signature>();
  private readonly intrinsics = new Map<string, Signature>();
  private readonly sigs = new Map<string, Signature>();
  private readonly sites: Site[] = [{ file: "", line: 0, fn: "", symbol: "", text: "" }];
  private readonly lines: LineRef[] = [];
  /** Number of each line, by file. */
  private readonly lineIndex = new Map<string, Map<number, number>>();
  private readonly strings = new Map<string, { readonly symbol: string; readonly bytes: Uint8Array }>();
  private readonly images = new Map<string, { readonly def: VarDef; readonly image: StaticImage }>();
  /** Why a variable cannot be laid out, by link name. */
  private readonly broken = new Map<string, Broken>();
  private dataSize = 0;
  /** From the link name of an alias of a variable to the variable's link name. */
  private readonly aliases = new Map<string, string>();
  private readonly work: string[] = [];
  private readonly seen = new Set<string>();
  private readonly providedKey: string = "";
  private readonly byName = new Map<string, LinkUnit>();

  constructor(private readonly units: readonly LinkUnit[]) {
    for (const of of units) {
      this.byName.set(of.unit.name, of);
      for (const sym of of.unit.symbols) {
        if (sym.kind === "func") this.defineFunction(of, sym);
        else this.defineVariable(of, sym);
      }
    }
    this.providedKey = [...this.provided].sort().join(" ");
  }

  private defineFunction(of: LinkUnit, sym: FuncSym): void {
    if (sym.attrs.alias !== "" && sym.body === undefined) {
      const to = of.unit.symbol(sym.attrs.alias);
      if (to?.kind === "func" && to.body !== undefined) this.put(sym.link, { of, sym: to }, sym.attrs.weak);
      return;
    }
    if (sym.body === undefined) {
      if (!this.sigs.has(sym.link) && sym.type.kind === TK.Func) this.sigs.set(sym.link, signature(sym.type));
      return;
    }
    if (sym.link.startsWith(PROVIDE)) this.provided.add(sym.link.slice(PROVIDE.length));
    this.put(sym.link, { of, sym }, sym.attrs.weak);
  }
  private put(name: string, def: FuncDef, weak: boolean): void {
    const known = this.funcs.get(name);
    if (known === undefined || (known.sym.attrs.weak && !weak)) this.funcs.set(name, def);
  }
  private defineVariable(of: LinkUnit, sym: VarSym): void {
    if (sym.storage === "register") return;
    if (sym.attrs.alias !== "") {
      const to = of.unit.symbol(sym.attrs.alias);
      if (to?.kind === "var") this.aliases.set(sym.link, to.link);
      return;
    }
    const target = sym.defined ? this.vars : this.declared;
    const known = target.get(sym.link);
    if (known === undefined || (known.sym.tentative && !sym.tentative) || (known.sym.attrs.weak && !sym.attrs.weak)) target.set(sym.link, { of, sym });
  }

  run(roots: readonly string[]): Program {
    for (const r of roots) this.require(r);
    for (let name = this.work.pop(); name !== undefined; name = this.work.pop()) this.resolve(name);
    return this.layOut();
  }

  private require(name: string): void {
    if (this.seen.has(name)) return;
    this.seen.add(name);
    this.work.push(name);
  }

  private resolve(name: string): void {
    if (!this.funcs.has(name) && !this.vars.has(name)) this.findInHeaders(name);
    const f = this.funcs.get(name);
    if (f !== undefined) {
      this.addFunction(name, f);
      return;
    }
    if (name.startsWith(".str")) return;
    if (name.startsWith("__tcs_") && this.sigs.has(name)) {
      this.intrinsics.set(name, this.sigs.get(name) ?? { params: [], result: undefined, variadic: false });
      return;
    }
    const alias = this.aliases.get(name);
    if (alias !== undefined) {
      this.require(alias);
      return;
    }
    const v = this.vars.get(name) ?? this.declared.get(name);
    if (v !== undefined) {
      this.addVariable(name, v);
      return;
    }
    const sig = this.sigs.get(name);
    if (sig !== undefined) this.assumed.set(name, sig);
  }

  /** Declarations in headers are parsed on demand: a static one by its unit's name, others in the order of units. */
  private findInHeaders(name: string): void {
    const at = name.indexOf("@");
    if (at >= 0) {
      const of = this.byName.get(name.slice(at + 1));
      const sym = of?.unit.symbol(name.slice(0, at));
      if (of === undefined || (sym?.kind !== "func" && sym?.kind !== "var") || sym.link !== name) return;
      if (sym.kind === "func") this.defineFunction(of, sym);
      else this.defineVariable(of, sym);
      return;
    }
    let sig: Signature | undefined;
    // All units of one compiler share a table of names.
    const atom = this.units[0]?.unit.atoms.of(name) ?? 0;
    for (const of of this.units) {
      const sym = of.unit.symbolOf(atom);
      if (sym?.kind === "var" && sym.link === name) this.defineVariable(of, sym);
      if (sym?.kind === "func" && sym.link === name && sig === undefined && sym.body === undefined && sym.type.kind === TK.Func) sig = signature(sym.type);
    }
    if (sig !== undefined) this.sigs.set(name, sig);
  }

  private addFunction(name: string, def: FuncDef): void {
    const entry = this.lower(def);
    const firstSite = this.sites.length;
    for (const s of entry.sites) this.sites.push(s);
    const lineMap = entry.lines.map((l) => this.line(l));
    const stringMap = entry.strings.map((b) => this.string(b));
    let linked = entry.linked.find((l) => l.firstSite === firstSite && sameItems(l.lines, lineMap) && sameItems(l.strings, stringMap));
    if (linked === undefined) {
      const siteMap = entry.sites.map((_, i) => firstSite + i);
      linked = { firstSite, lines: lineMap, strings: stringMap, ir: relink(entry.ir, siteMap, lineMap, stringMap) };
      entry.linked.unshift(linked);
      if (entry.linked.length > LINKED) entry.linked.pop();
    }
    const { ir } = linked;
    this.indexOf.set(name, this.functions.length);
    this.functions.push(ir.symbol === name ? ir : { ...ir, symbol: name });
    for (const sym of entry.statics) this.vars.set(sym.link, { of: def.of, sym });
    for (const [k, s] of entry.sigs) if (!this.sigs.has(k)) this.sigs.set(k, s);
    for (const r of entry.refs) this.require(r);
  }

  private lower(def: FuncDef): Lowered {
    let cache = lowered.get(def.of.unit);
    if (cache === undefined) {
      cache = new Map();
      lowered.set(def.of.unit, cache);
    }
    const known = cache.get(def.sym);
    if (known?.key === this.providedKey) return known;
    const inherited = this.inherited(def);
    if (inherited !== undefined) {
      cache.set(def.sym, inherited);
      return inherited;
    }
    const sites: Site[] = [];
    const lines: LineRef[] = [];
    const lineOf = new Map<string, number>();
    const strings: Uint8Array[] = [];
    const statics: VarSym[] = [];
    const sigs = new Map<string, Signature>();
    const cx: LowerContext = {
      origin: def.of.origin,
      place: (loc) => def.of.place(loc),
      site: (s) => {
        sites.push(s);
        return sites.length - 1;
      },
      line: (l) => {
        const key = `${l.file}:${String(l.line)}`;
        let i = lineOf.get(key);
        if (i === undefined) {
          i = lines.length;
          lines.push(l);
          lineOf.set(key, i);
        }
        lines[i] = joinLines(lines[i] ?? l, l);
        return i;
      },
      string: (bytes) => {
        strings.push(bytes);
        return `.str${String(strings.length - 1)}`;
      },
      target: (name, linkName) => (this.provided.has(name) ? PROVIDE + name : linkName),
      staticVar: (sym) => {
        statics.push(sym);
      },
    };
    const body = def.of.unit.body(def.sym);
    let ir: IrFunction;
    if ("body" in body) {
      ir = new Lowering(def.of.unit, body, cx).finish();
      const why = wasmLimitProblem(ir);
      if (why !== undefined) ir = broken(def, { severity: "error", code: "too-large", message: why, loc: def.sym.loc }, cx);
    } else ir = broken(def, body, cx);
    const refs = new Set<string>();
    walk(ir, (sym, sig) => {
      if (sig !== undefined) sigs.set(sym, sig);
      refs.add(sym);
    });
    const entry: Lowered = { ir, key: this.providedKey, sites, lines, strings, statics, refs: [...refs], sigs, linked: [] };
    cache.set(def.sym, entry);
    return entry;
  }

  /** The function as lowered for an earlier unit of the file, if none of its dependencies changed since. */
  private inherited(def: FuncDef): Lowered | undefined {
    for (const from of def.of.earlier ?? []) {
      if (!alike(def.of.unit, from.unit)) continue;
      const sym = from.unit.known(def.sym.name);
      if (sym?.kind !== "func" || sym.link !== def.sym.link) continue;
      const known = lowered.get(from.unit)?.get(sym);
      if (known?.key !== this.providedKey) continue;
      const by = movedBy(def, { of: from, sym });
      if (by !== undefined) return by === 0 ? known : moved(known, by);
    }
    return undefined;
  }

  private line(l: LineRef): number {
    let ofFile = this.lineIndex.get(l.file);
    if (ofFile === undefined) this.lineIndex.set(l.file, (ofFile = new Map<number, number>()));
    let i = ofFile.get(l.line);
    if (i === undefined) {
      i = this.lines.length;
      this.lines.push(l);
      ofFile.set(l.line, i);
    }
    this.lines[i] = joinLines(this.lines[i] ?? l, l);
    return i;
  }
  private string(bytes: Uint8Array): string {
    let start = starts.get(bytes);
    if (start === undefined) starts.set(bytes, (start = String.fromCharCode(...bytes.subarray(0, 4096))));
    const key = bytes.length > 4096 ? `${start}#${String(this.strings.size)}` : start;
    let s = this.strings.get(key);
    if (s === undefined) {
      s = { symbol: `.string${String(this.strings.size)}`, bytes };
      this.strings.set(key, s);
    }
    return s.symbol;
  }

  private addVariable(name: string, def: VarDef): void {
    const size = Math.max(sizeOf(def.sym.type), def.sym.init?.size ?? 0);
    this.dataSize += size;
    if (this.dataSize > MAX_DATA) {
      this.dataSize -= size;
      this.broken.set(name, { def, loc: def.sym.loc, why: "leaves no room in memory" });
      return;
    }
    const image = staticImage(def.sym.type, this.vars.has(name) ? def.sym.init : undefined);
    this.images.set(name, { def, image });
    if (image.bad !== undefined) this.broken.set(name, { def, loc: image.bad.loc, why: "has an initialiser that is not constant" });
    for (const r of image.relocs) this.requireTarget(def.of, r.target);
  }
  private requireTarget(of: LinkUnit, t: AddressTarget): void {
    if (t.k === "str") this.string(t.bytes);
    else if (t.k === "var") {
      // Compound literals and function-local statics are found only through the reference.
      if (!this.vars.has(t.sym.link) && !this.declared.has(t.sym.link)) this.vars.set(t.sym.link, { of, sym: t.sym });
      this.require(t.sym.link);
    } else {
      if (!this.sigs.has(t.sym.link)) this.sigs.set(t.sym.link, signature(t.sym.type));
      this.require(this.targetOf(of, t.sym));
    }
  }
  private targetOf(of: LinkUnit, sym: FuncSym): string {
    const name = of.unit.nameOf(sym);
    return this.provided.has(name) ? PROVIDE + name : sym.link;
  }

  /** A function that uses a variable without a usable initializer cannot be run. */
  private replaceBrokenFunctions(): void {
    if (this.broken.size === 0) return;
    this.functions.forEach((fn, i) => {
      let used: Broken | undefined;
      walk(fn, (symbol) => {
        used ??= this.broken.get(symbol);
      });
      const [first] = fn.blocks;
      if (used === undefined || first === undefined) return;
      const { def, loc, why: fault } = used;
      const { file, line } = def.of.place(loc);
      this.sites.push({ file, line, fn: fn.name, symbol: fn.symbol, text: "" });
      const why = `${def.of.unit.atoms.text(def.sym.name)} ${fault}`;
      const guard: Inst = { k: "cannot", why, site: this.sites.length - 1 };
      this.functions[i] = { ...fn, blocks: [{ code: [guard, ...first.code], term: first.term }, ...fn.blocks.slice(1)] };
    });
  }

  private layOut(): Program {
    this.replaceBrokenFunctions();
    const globals: GlobalVar[] = [];
    const where = new Map<string, number>();
    let at = DATA_BASE;
    const place = (name: string, size: number, align: number): number => {
      at = Math.ceil(at / align) * align;
      where.set(name, at);
      const here = at;
      // A gap of at least 8 bytes separates objects, so that an access past the end is detected.
      at += Math.max(1, size) + 8;
      return here;
    };
    const isPerCpu = (v: VarSym): boolean => v.attrs.section.startsWith(".data..percpu");
    const all = [...this.images];
    // Per-CPU variables form one section, copied for each CPU; the kernel adds the CPU's offset to their addresses.
    at = Math.ceil(at / 4096) * 4096;
    const perCpuStart = at;
    for (const [name, { def, image }] of all) if (isPerCpu(def.sym)) place(name, image.bytes.length, Math.max(8, alignOf(def.sym.type), def.sym.attrs.align));
    const perCpuSize = Math.ceil((at - perCpuStart + 1) / 128) * 128;
    at = perCpuStart + perCpuSize * NR_CPUS;
    where.set("__per_cpu_start", perCpuStart);
    where.set("__per_cpu_end", perCpuStart + perCpuSize);
    for (const [name, { def, image }] of all)
      if (!isPerCpu(def.sym) && !where.has(name)) place(name, image.bytes.length, Math.min(4096, Math.max(8, alignOf(def.sym.type), def.sym.attrs.align)));
    for (const s of this.strings.values()) place(s.symbol, s.bytes.length, 1);
    const end = Math.ceil(at / 65536) * 65536;
    const bytes = new Uint8Array(end - DATA_BASE);
    const view = new DataView(bytes.buffer);
    const assumedIndex = new Map<string, number>([...this.assumed.keys()].map((n, i) => [n, this.functions.length + i]));
    const addressOf = addresses(this.indexOf, assumedIndex, where, this.aliases);
    const targetName = (of: LinkUnit, t: AddressTarget): string =>
      t.k === "str" ? this.string(t.bytes) : t.k === "var" ? t.sym.link : this.targetOf(of, t.sym);
    for (const [name, { def, image }] of all) {
      const here = where.get(name) ?? 0;
      const copies = isPerCpu(def.sym) ? NR_CPUS : 1;
      for (let c = 0; c < copies; c++) {
        const base = here - DATA_BASE + c * perCpuSize;
        bytes.set(image.bytes, base);
        for (const r of image.relocs) view.setBigInt64(base + r.at, BigInt.asIntN(64, addressOf(targetName(def.of, r.target)) + r.add), true);
      }
      if (name.startsWith("__per_cpu_")) continue;
      globals.push({
        symbol: name,
        name: name.replace(/@.*/, ""),
        file: def.of.place(def.sym.loc).file,
        addr: here,
        size: Math.max(image.bytes.length, sizeOf(def.sym.type)),
        readonly: (def.sym.type.quals & Q_CONST) !== 0 || (def.sym.type.kind === TK.Array && ((def.sym.type.base?.quals ?? 0) & Q_CONST) !== 0),
      });
    }
    for (const s of this.strings.values()) {
      const here = where.get(s.symbol) ?? DATA_BASE;
      bytes.set(s.bytes, here - DATA_BASE);
      globals.push({ symbol: s.symbol, name: "", file: "", addr: here, size: s.bytes.length, readonly: true });
    }
    if (perCpuSize > 128) globals.push({ symbol: "__per_cpu", name: "per-CPU area", file: "", addr: perCpuStart, size: perCpuSize * NR_CPUS, readonly: false });
    let used = bytes.length;
    while (used > 0 && bytes[used - 1] === 0) used--;
    return {
      functions: this.functions,
      indexOf: this.indexOf,
      assumed: this.assumed,
      intrinsics: this.intrinsics,
      globals: globals.sort((a, b) => a.addr - b.addr),
      image: bytes.subarray(0, used),
      dataEnd: end,
      sites: this.sites,
      lines: this.lines,
      address: addressOf,
      hash: hashProgram(this.functions, bytes.subarray(0, used)),
    };
  }
}

type Places = ReadonlyMap<string, number>;

/** Outside the class, so that the closure keeps only these arguments alive and not the linker. */
function addresses(functions: Places, assumed: Places, variables: Places, aliases: ReadonlyMap<string, string>): (name: string) => bigint {
  return (name) => {
    const fn = functions.get(name) ?? assumed.get(name);
    if (fn !== undefined) return (BigInt(TAG_LINEAR) << 32n) | BigInt(TEXT_BASE + TEXT_STRIDE * fn);
    const v = variables.get(aliases.get(name) ?? name);
    return v === undefined ? 0n : (BigInt(TAG_LINEAR) << 32n) | BigInt(v);
  };
}

/** Hash of the image and the names; the machine adds the module's bytes. */
function hashProgram(functions: readonly IrFunction[], image: Uint8Array): string {
  let h = fingerprint(image);
  for (const f of functions) for (let i = 0; i < f.symbol.length; i++) h = Math.imul(h ^ f.symbol.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(16).padStart(8, "0");
}

/** WebAssembly engines limit the locals, parameters and bytes of a function. */
function wasmLimitProblem(ir: IrFunction): string | undefined {
  let instructions = ir.blocks.length;
  for (const block of ir.blocks) instructions += block.code.length;
  return ir.locals.length > MAX_LOCALS || instructions > MAX_INSTRUCTIONS ? "it is larger than a function that can be run" : undefined;
}

/** A function that did not compile: an error only when it is reached. */
function broken(def: FuncDef, why: Diagnostic, cx: LowerContext): IrFunction {
  const { file, line } = def.of.place(why.loc === 0 ? def.sym.loc : why.loc);
  const name = def.of.unit.nameOf(def.sym);
  const site = cx.site({ file, line, fn: name, symbol: def.sym.link, text: "" });
  const sig = signature(def.sym.type);
  const start = def.of.place(def.sym.loc);
  return {
    symbol: def.sym.link,
    name,
    file: start.file,
    line: start.line,
    origin: def.of.origin,
    inline: def.sym.inline,
    sig,
    locals: sig.params,
    frameSize: 0,
    frameVars: [],
    blocks: [{ code: [{ k: "cannot", why: `${name} does not compile: ${why.message}`, site }], term: { k: "unreachable", site } }],
  };
}
