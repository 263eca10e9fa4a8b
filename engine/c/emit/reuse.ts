// Reuse of function bodies from one module to the next: if the functions and the data layout of both programs are equal, an
// equal function with equal inlined callees has equal bytes. After an edit only changed functions are emitted.
// Must not know WebAssembly.
import type { FunctionBody } from "./body.js";
import { canInline } from "./inline.js";
import type { Block, IrFunction, Program, Signature } from "../ir/index.js";

/** Numbers that the emission of a body claimed in the module's tables, in order: claiming them again must return the same. */
export interface Claims {
  readonly types: (readonly [sig: Signature, index: number])[];
  readonly reasons: (readonly [why: string, index: number])[];
}

interface Kept {
  readonly index: number;
  readonly body: FunctionBody;
  readonly claims: Claims;
}

/** What all bodies of a module may depend on in addition to their own code. */
interface Surroundings {
  readonly key: string;
  readonly program: Pick<Program, "functions" | "globals" | "dataEnd"> & {
    readonly assumed: readonly Entry[];
    readonly intrinsics: readonly Entry[];
    readonly perCpu: readonly bigint[];
  };
  readonly suspends: Uint8Array;
  readonly bodies: WeakMap<readonly Block[], Kept>;
}
type Entry = readonly [string, Signature];

/** Two trees, each before and after an edit. */
const KEPT = 4;
const known: Surroundings[] = [];

export class EmittedBefore {
  private constructor(
    private readonly bodies: Surroundings["bodies"],
    private readonly program: Program,
    private readonly suspends: Uint8Array,
  ) {}

  /** `key`: the options of the build. */
  static of(program: Program, suspends: Uint8Array, key: string): EmittedBefore {
    const now: Surroundings = {
      key,
      program: {
        functions: program.functions,
        globals: program.globals,
        dataEnd: program.dataEnd,
        assumed: [...program.assumed],
        intrinsics: [...program.intrinsics],
        perCpu: [program.address("__per_cpu_start"), program.address("__per_cpu_end")],
      },
      suspends,
      bodies: new WeakMap(),
    };
    const at = known.findIndex((k) => alike(k, now));
    const { bodies } = known[at] ?? now;
    if (at >= 0) known.splice(at, 1);
    known.unshift({ ...now, bodies });
    if (known.length > KEPT) known.pop();
    return new EmittedBefore(bodies, program, suspends);
  }

  /** `claim` claims the numbers again and returns whether they are the same. */
  find(fn: IrFunction, index: number, claim: (claims: Claims) => boolean): FunctionBody | undefined {
    const kept = this.bodies.get(fn.blocks);
    return kept?.index === index && this.sameCallees(kept.body) && claim(kept.claims) ? kept.body : undefined;
  }

  private sameCallees(body: FunctionBody): boolean {
    const { program, suspends } = this;
    for (const [index, code] of body.callees) {
      if (code === undefined ? canInline(program, suspends, index) : program.functions[index]?.blocks !== code) return false;
    }
    return true;
  }
  keep(fn: IrFunction, index: number, body: FunctionBody, claims: Claims): void {
    this.bodies.set(fn.blocks, { index, body, claims });
  }
}

function sameSignature(a: Signature, b: Signature): boolean {
  return a === b || (a.result === b.result && a.variadic === b.variadic && a.params.length === b.params.length && a.params.every((p, i) => p === b.params[i]));
}
function sameEntries(a: readonly Entry[], b: readonly Entry[]): boolean {
  return a.length === b.length && a.every(([name, sig], i) => name === b[i]?.[0] && sameSignature(sig, b[i][1]));
}

function alike(a: Surroundings, b: Surroundings): boolean {
  const p = a.program;
  const q = b.program;
  return (
    a.key === b.key &&
    p.dataEnd === q.dataEnd &&
    p.functions.length === q.functions.length &&
    p.globals.length === q.globals.length &&
    p.perCpu.every((x, i) => x === q.perCpu[i]) &&
    a.suspends.every((x, i) => x === b.suspends[i]) &&
    p.functions.every((f, i) => f === q.functions[i] || (f.symbol === q.functions[i]?.symbol && sameSignature(f.sig, q.functions[i].sig))) &&
    p.globals.every((g, i) => {
      const h = q.globals[i];
      return g.addr === h?.addr && g.size === h.size && g.readonly === h.readonly && g.symbol === h.symbol;
    }) &&
    sameEntries(p.assumed, q.assumed) &&
    sameEntries(p.intrinsics, q.intrinsics)
  );
}
