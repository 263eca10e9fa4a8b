// A recorded run as a debugger sees it: positions, call stacks, variables, C expressions, breakpoints.
// Must not change the run that it shows.

export type {
  DebugBreakpoint,
  DebugCommand,
  DebugFrame,
  DebugFunctionBreakpoint,
  DebugMove,
  DebugOperation,
  DebugPlace,
  DebugReply,
  DebugScope,
  DebugStop,
  DebugThread,
  DebugVariable,
  FindingKey,
  OperationStart,
  SetBreakpoint,
  StopReason,
} from "./messages.js";
export { openSession } from "./open.js";
export { DebugSession } from "./session.js";
