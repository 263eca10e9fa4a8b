// From a Program to a WebAssembly module, and the memory layout that the module shares with the machine.
// Must not know C types or syntax.

export {
  ACCESS_PENDING,
  ACCESS_PLAIN,
  ACCESS_WRITE,
  ALLOCA_LEFT,
  ALLOCA_RIGHT,
  CALLS_BASE,
  CALLS_SIZE,
  CELL_AT,
  CELL_CPU,
  CELL_NCPUS,
  CELL_PAUSE,
  CELL_RESULT,
  CELL_SELF,
  CELL_STOPPED,
  CELL_TICKS,
  COV_BASE,
  covAt,
  FIRST_LINE,
  type GlobalName,
  GLOBALS,
  type HookName,
  MAX_LINES,
  MAX_THREADS,
  NO_PAUSE,
  NORMAL,
  NS_PER_OP,
  REWINDING,
  SAVE_SIZE,
  SAVES_BASE,
  SHADOW_FRESH,
  SIG_BASE,
  STACK_SIZE,
  STACKS_BASE,
  TOTAL_PAGES,
  UNWINDING,
  waiterHash,
  WAITERS_BASE,
  WAITERS_SIZE,
} from "./layout.js";
export { emitModule, type EmitOptions, type EmittedProgram } from "./module.js";
export { redzonesOf } from "./redzones.js";
export { saveLayout, type SaveLayout } from "./save-area.js";
export { ByteWriter, MAGIC, Op, opcode, SECTION, section, VALTYPE, VOID_BLOCK } from "./wasm.js";
