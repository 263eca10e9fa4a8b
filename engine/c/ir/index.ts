// The intermediate representation: functions of basic blocks over typed locals.
// Must not know C types or WebAssembly.

export {
  type Access,
  type Block,
  eachLeaf,
  type Expr,
  type FrameVar,
  type GlobalVar,
  type Inst,
  type IrFunction,
  kernelName,
  joinLines,
  type LineRef,
  type MemType,
  type Origin,
  type Program,
  PROVIDE,
  type Signature,
  type Site,
  type Term,
  type ValType,
} from "./ir.js";
export { sameCode } from "./same-code.js";
export { mapExpr, mapInst } from "./rename.js";
export {
  CONTROL_BASE,
  CONTROL_SIZE,
  DATA_BASE,
  MEMORY_SIZE,
  NULL_GUARD,
  SHADOW_BASE,
  SHADOW_SIZE,
  TAG_LINEAR,
  TAG_MASK,
  TAG_VMALLOC,
  TEXT_BASE,
  TEXT_STRIDE,
} from "./target.js";
export { relink, walk } from "./walk.js";
