// From a linked program to a WebAssembly module: imported memory, hooks and intrinsics; the functions, a stub for each assumed
// function, and a table in the order of Program.address. Suspension is in suspend.ts.

import { type Claims, EmittedBefore } from "./reuse.js";
import { type FunctionBody, writeLocals } from "./body.js";
import { CSP, type ModuleContext } from "./expression.js";
import { emitFunction } from "./function.js";
import { globalIndex, GLOBALS, globalType, HOOK_NAMES, type HookName, HOOKS, SHADOW_FRESH, TOTAL_PAGES } from "./layout.js";
import { findSuspending } from "./suspend.js";
import { type Inst, type IrFunction, MEMORY_SIZE, type Program, SHADOW_BASE, type Signature, TAG_LINEAR, TAG_MASK, type ValType } from "../ir/index.js";
import { ByteWriter, MAGIC, Op, opcode, SECTION, section, VALTYPE, VOID_BLOCK } from "./wasm.js";

export interface EmitOptions {
  /** The thread can be preempted at every visible operation of the tree's code. */
  readonly preemptible: boolean;
  /** Every visible operation is reported to the hook `visible`. */
  readonly trace?: boolean;
  /** The debugger can stop the thread at each line and each visible operation (machine/machine.ts). */
  readonly debug?: boolean;
  /** Functions, by index, that are emitted as "cannot", with the reason. */
  readonly replaced?: ReadonlyMap<number, string>;
  /** Functions, by index, that are emitted without inlining, so that an invalid callee does not affect them. */
  readonly noInlining?: ReadonlySet<number>;
}

/** What the machine needs of a module in addition to its bytes. */
export interface EmittedProgram {
  /** Index of the program's first function among all functions of the module. */
  readonly firstFunction: number;
  readonly preemptible: boolean;
  readonly trace: boolean;
  readonly debug: boolean;
  /** Texts of `cannot` instructions, by the index passed to the hook. */
  readonly reasons: readonly string[];
  /** Signature number of each table slot, for the check of calls through pointers. */
  readonly signatures: Uint16Array;
  /** Per function: offset of its code in the module and its size in bytes; a call trace shows `name+offset/size`. */
  readonly codeOffset: Int32Array;
  readonly codeSize: Int32Array;
  /** Per site: offset in its function's code; -1 if no instruction has it. */
  readonly siteOffset: Int32Array;
  /** Per function: bytes of C stack one activation takes. */
  readonly frameBytes: Int32Array;
  readonly suspends: Uint8Array;
  /** Debug build, per function: FunctionBody.places. */
  readonly places: readonly (ReadonlyMap<number, number> | undefined)[];
  /** Per body of the module, counted from `firstFunction`: its function in the program, or -1. */
  readonly functionOf: Int32Array;
}

export interface EmittedModule extends EmittedProgram {
  /** Valid until the next module is emitted: compile or copy it before that. */
  readonly bytes: Uint8Array;
}

/** Reused for each module: otherwise several megabytes would be garbage after each edit. */
const code = new ByteWriter(1 << 20);
const out = new ByteWriter(1 << 20);

class TypeTable {
  readonly types: { readonly params: readonly ValType[]; readonly result: ValType | undefined }[] = [];
  private readonly index = new Map<string, number>();

  of(params: readonly ValType[], result: ValType | undefined): number {
    const key = `${params.join(",")}>${result ?? ""}`;
    const known = this.index.get(key);
    if (known !== undefined) return known;
    this.types.push({ params, result });
    this.index.set(key, this.types.length - 1);
    return this.types.length - 1;
  }
  /** A service of the machine. A variadic one takes the offset of its variadic arguments as a hidden last parameter. */
  ofService(sig: Signature): number {
    return this.of(sig.variadic ? [...sig.params, "i32"] : sig.params, sig.result);
  }
  /** A function of the program has the call-site stack as its first parameter. */
  ofSignature(sig: Signature): number {
    return this.of(sig.variadic ? ["i32", ...sig.params, "i32"] : ["i32", ...sig.params], sig.result);
  }
}

export function emitModule(program: Program, options: EmitOptions): EmittedModule {
  const types = new TypeTable();
  const trace = options.trace ?? false;
  const debug = options.debug ?? false;
  const intrinsics = [...program.intrinsics];
  const assumed = [...program.assumed];
  const importCount = HOOK_NAMES.length + intrinsics.length;
  const checkIndex = importCount;
  const firstFunction = importCount + 1;
  const firstAssumed = firstFunction + program.functions.length;
  const reasons: string[] = [];
  const reasonIndex = new Map<string, number>();
  const importOf = new Map(intrinsics.map(([name], i) => [name, HOOK_NAMES.length + i]));
  const assumedOf = new Map(assumed.map(([name], i) => [name, i]));
  const globals = new Map(program.globals.map((global) => [global.symbol, { size: global.size, readonly: global.readonly }]));
  const suspends = findSuspending(program, options);
  const slots = program.functions.length + assumed.length;
  const functionOf = new Int32Array(slots + suspends.reduce((sum, one) => sum + one, 0)).fill(-1);
  const resumingIndex = new Int32Array(program.functions.length);
  let bodies = slots;
  suspends.forEach((one, index) => {
    functionOf[index] = index;
    if (one === 0) return;
    functionOf[bodies] = index;
    resumingIndex[index] = firstFunction + bodies++;
  });
  const claimReason = (why: string): number => {
    const known = reasonIndex.get(why);
    if (known !== undefined) return known;
    reasons.push(why);
    reasonIndex.set(why, reasons.length - 1);
    return reasons.length - 1;
  };
  let claims: Claims = { types: [], reasons: [] };
  const context: ModuleContext = {
    program,
    options: { preemptible: options.preemptible, trace, debug },
    suspends,
    checkIndex,
    functionIndex(symbol) {
      const index = program.indexOf.get(symbol);
      return index === undefined ? undefined : firstFunction + index;
    },
    resumingIndex: (index) => resumingIndex[index] ?? 0,
    assumedIndex: (symbol) => assumedOf.get(symbol),
    importIndex: (name) => importOf.get(name),
    hookIndex: (hook: HookName) => HOOK_NAMES.indexOf(hook),
    typeIndex(sig) {
      const type = types.ofSignature(sig);
      claims.types.push([sig, type]);
      return type;
    },
    reasonIndex(why) {
      const index = claimReason(why);
      claims.reasons.push([why, index]);
      return index;
    },
    globalSize: (symbol) => globals.get(symbol),
  };

  const hookTypes = HOOK_NAMES.map((hook) => types.of(HOOKS[hook], undefined));
  const intrinsicTypes = intrinsics.map(([, sig]) => types.ofService(sig));
  const checkType = types.of(["i32", "i64", "i32", "i32", "i32", "i32"], undefined);
  const functionTypes = program.functions.map((fn) => types.ofSignature(fn.sig));
  const assumedTypes = assumed.map(([, sig]) => types.ofSignature(sig));

  const count = program.functions.length;
  const codeOffset = new Int32Array(count);
  const codeSize = new Int32Array(count);
  const frameBytes = new Int32Array(count);
  const places: (ReadonlyMap<number, number> | undefined)[] = [];
  const siteOffset = new Int32Array(program.sites.length).fill(-1);
  code.clear();
  const resuming: Uint8Array[] = [];
  const hinted: (readonly [index: number, hints: readonly number[]])[] = [];
  const addBody = (bytes: Uint8Array): void => {
    code.u32(bytes.length);
    code.append(bytes);
  };
  const before = EmittedBefore.of(program, suspends, `${String(options.preemptible)} ${String(trace)} ${String(debug)}`);
  const claimAgain = (old: Claims): boolean =>
    old.types.every(([sig, type]) => types.ofSignature(sig) === type) && old.reasons.every(([why, index]) => claimReason(why) === index);
  addBody(checkBody(HOOK_NAMES.indexOf("fault")));
  program.functions.forEach((fn, index) => {
    const replacedFor = options.replaced?.get(index);
    const usual = replacedFor === undefined && options.noInlining?.has(index) !== true;
    let body = usual ? before.find(fn, index, claimAgain) : undefined;
    if (body === undefined) {
      claims = { types: [], reasons: [] };
      body = bodyOf(context, fn, index, replacedFor, usual && !debug);
      if (usual) before.keep(fn, index, body, claims);
    }
    code.u32(body.bytes.length);
    codeOffset[index] = code.length;
    codeSize[index] = body.bytes.length;
    frameBytes[index] = body.frameBytes;
    places.push(body.places);
    code.append(body.bytes);
    if (body.hints.length > 0) hinted.push([firstFunction + index, body.hints]);
    if (suspends[index] === 1) resuming.push(body.resuming ?? new Uint8Array());
    for (let i = 0; i + 1 < body.sites.length; i += 2) {
      const site = body.sites[i] ?? -1;
      if (siteOffset[site] === -1) siteOffset[site] = body.sites[i + 1] ?? 0;
    }
  });
  assumed.forEach(([, sig], index) => {
    addBody(assumedBody(sig, index));
  });
  resuming.forEach(addBody);

  out.clear();
  out.append(MAGIC);
  section(out, SECTION.type, (body) => {
    body.u32(types.types.length);
    for (const { params, result } of types.types) {
      body.u8(0x60);
      body.u32(params.length);
      for (const param of params) body.u8(VALTYPE[param]);
      body.u32(result === undefined ? 0 : 1);
      if (result !== undefined) body.u8(VALTYPE[result]);
    }
  });
  section(out, SECTION.import, (body) => {
    body.u32(importCount + 1);
    const func = (module: string, name: string, type: number): void => {
      body.name(module);
      body.name(name);
      body.u8(0);
      body.u32(type);
    };
    HOOK_NAMES.forEach((hook, i) => {
      func("hook", hook, hookTypes[i] ?? 0);
    });
    intrinsics.forEach(([name], i) => {
      func("tcs", name, intrinsicTypes[i] ?? 0);
    });
    body.name("env");
    body.name("memory");
    body.u8(2);
    body.u8(0);
    body.u32(TOTAL_PAGES);
  });
  section(out, SECTION.function, (body) => {
    body.u32(1 + functionOf.length);
    body.u32(checkType);
    for (const type of functionTypes) body.u32(type);
    for (const type of assumedTypes) body.u32(type);
    for (const index of functionOf.subarray(slots)) body.u32(functionTypes[index] ?? 0);
  });
  section(out, SECTION.table, (body) => {
    body.u32(1);
    body.u8(0x70);
    body.u8(0);
    body.u32(slots);
  });
  section(out, SECTION.global, (body) => {
    body.u32(GLOBALS.length);
    for (const name of GLOBALS) {
      const type = globalType(name);
      body.u8(VALTYPE[type]);
      body.u8(1);
      body.u8(type === "i64" ? Op.i64Const : Op.i32Const);
      body.u8(0);
      body.u8(Op.end);
    }
  });
  section(out, SECTION.export, (body) => {
    body.u32(GLOBALS.length + 1);
    GLOBALS.forEach((name, i) => {
      body.name(name);
      body.u8(3);
      body.u32(i);
    });
    body.name("table");
    body.u8(1);
    body.u32(0);
  });
  if (slots > 0) {
    section(out, SECTION.element, (body) => {
      body.u32(1);
      body.u32(0);
      body.u8(Op.i32Const);
      body.s32(0);
      body.u8(Op.end);
      body.u32(slots);
      for (let slot = 0; slot < slots; slot++) body.u32(slot < count ? firstFunction + slot : firstAssumed + slot - count);
    });
  }
  section(out, SECTION.custom, (body) => {
    body.name("metadata.code.branch_hint");
    body.u32(hinted.length);
    for (const [index, hints] of hinted) {
      body.u32(index);
      body.u32(hints.length / 2);
      for (let i = 0; i < hints.length; i += 2) {
        body.u32(hints[i] ?? 0);
        body.u8(1);
        body.u8(hints[i + 1] ?? 0);
      }
    }
  });
  section(out, SECTION.code, (body) => {
    body.u32(1 + functionOf.length);
    body.append(code.view());
  });
  const base = out.length - code.length;
  for (let i = 0; i < count; i++) codeOffset[i] = (codeOffset[i] ?? 0) + base;
  return {
    bytes: out.view(),
    firstFunction,
    preemptible: options.preemptible,
    trace,
    debug,
    places,
    reasons,
    signatures: Uint16Array.from([...functionTypes, ...assumedTypes]),
    codeOffset,
    codeSize,
    siteOffset,
    frameBytes,
    suspends,
    functionOf,
  };
}

/** The function's body; if the emitter or lowering fails on it, a body that cannot be judged. */
function bodyOf(context: ModuleContext, fn: IrFunction, index: number, replacedFor: string | undefined, inline: boolean): FunctionBody {
  if (replacedFor === undefined) {
    try {
      return emitFunction(context, fn, index, inline);
    } catch (error) {
      return bodyOf(context, fn, index, inline ? undefined : error instanceof Error ? error.message : "unknown", false);
    }
  }
  const cannot: Inst = { k: "cannot", why: `the engine could not compile ${fn.name}: ${replacedFor}`, site: -1 };
  return emitFunction(context, { ...fn, blocks: [{ code: [cannot], term: { k: "ret" } }] }, index, false);
}

/** An assumed function called through a pointer: it reports itself and returns 0. */
function assumedBody(sig: Signature, index: number): Uint8Array {
  const out = new ByteWriter(32);
  writeLocals(out, []);
  out.u8(Op.localGet);
  out.u32(CSP);
  out.u8(Op.globalSet);
  out.u32(globalIndex("csp"));
  out.u8(Op.i32Const);
  out.s32(index);
  out.u8(Op.call);
  out.u32(HOOK_NAMES.indexOf("assumed"));
  switch (sig.result) {
    case undefined:
      break;
    case "i32":
    case "i64":
      out.u8(sig.result === "i32" ? Op.i32Const : Op.i64Const);
      out.u8(0);
      break;
    case "f32":
      out.u8(Op.f32Const);
      out.f32(0);
      break;
    case "f64":
      out.u8(Op.f64Const);
      out.f64(0);
      break;
  }
  out.u8(Op.end);
  return out.take();
}

/**
 * check(csp, address, size, kind, lines, site): calls the hook `fault` unless every byte of the range is in memory and
 * accessible by its shadow. A shadow byte covers 8 bytes: 0 all, 1..7 the first ones, above 0x7f none.
 */
function checkBody(fault: number): Uint8Array {
  const out = new ByteWriter(256);
  const [address, size, kind, lines, site, start, granule, last, shadow] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const get = (local: number): void => {
    out.u8(Op.localGet);
    out.u32(local);
  };
  const set = (local: number): void => {
    out.u8(Op.localSet);
    out.u32(local);
  };
  const constant = (value: number): void => {
    out.u8(Op.i32Const);
    out.s32(value);
  };
  const op = (name: string): void => {
    out.u8(opcode(name));
  };
  const br = (code: number, depth: number): void => {
    out.u8(code);
    out.u32(depth);
  };
  writeLocals(out, ["i32", "i32", "i32", "i32"]);
  out.u8(Op.block); // depth 0 here: the fault
  out.u8(VOID_BLOCK);
  get(address);
  out.u8(Op.i64Const);
  out.s64(BigInt.asIntN(64, (BigInt(TAG_MASK) << 32n) | (0x1_0000_0000n - BigInt(MEMORY_SIZE))));
  op("i64.and");
  out.u8(Op.i64Const);
  out.s64(BigInt.asIntN(64, BigInt(TAG_LINEAR) << 32n));
  op("i64.ne");
  br(Op.brIf, 0);
  get(address);
  op("i32.wrap_i64");
  set(start);
  get(size);
  constant(MEMORY_SIZE);
  get(start);
  op("i32.sub");
  op("i32.gt_u");
  br(Op.brIf, 0);
  get(size);
  op("i32.eqz");
  out.u8(Op.if);
  out.u8(VOID_BLOCK);
  out.u8(Op.return);
  out.u8(Op.end);
  get(start);
  constant(3);
  op("i32.shr_u");
  set(granule);
  get(start);
  get(size);
  op("i32.add");
  constant(1);
  op("i32.sub");
  out.u8(Op.localTee);
  out.u32(last);
  constant(3);
  op("i32.shr_u");
  set(last);
  out.u8(Op.loop);
  out.u8(VOID_BLOCK);
  get(granule);
  op("i32.load8_u");
  out.u8(0);
  out.u32(SHADOW_BASE);
  constant(SHADOW_FRESH);
  op("i32.xor");
  op("i32.extend8_s");
  out.u8(Op.localTee);
  out.u32(shadow);
  out.u8(Op.if);
  out.u8(VOID_BLOCK);
  // Fault if the shadow is negative, or the last byte accessed in this granule is not accessible.
  get(shadow);
  constant(0);
  op("i32.lt_s");
  br(Op.brIf, 2);
  get(start);
  get(size);
  op("i32.add");
  constant(1);
  op("i32.sub");
  constant(7);
  op("i32.and");
  constant(7);
  get(granule);
  get(last);
  op("i32.eq");
  out.u8(Op.select);
  get(shadow);
  op("i32.ge_s");
  br(Op.brIf, 2);
  out.u8(Op.end);
  get(granule);
  constant(1);
  op("i32.add");
  out.u8(Op.localTee);
  out.u32(granule);
  get(last);
  op("i32.le_u");
  br(Op.brIf, 0);
  out.u8(Op.end);
  out.u8(Op.return);
  out.u8(Op.end);
  get(CSP);
  out.u8(Op.globalSet);
  out.u32(globalIndex("csp"));
  get(address);
  get(size);
  get(kind);
  get(lines);
  get(site);
  br(Op.call, fault);
  out.u8(Op.end);
  return out.take();
}
