// The Debug Adapter Protocol for an open run: VS Code's requests become commands of the engine, the engine's replies become
// responses and events. Runs in the extension host and holds no state of the run. Must not depend on commands or views.

import type { DebugProtocol as Dap } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import type { DebugBreakpoint, DebugCommand, DebugMove, DebugReply, DebugStop, DebugVariable, VariantName } from "../../engine/protocol.js";

/** The run, and the mapping between its places and documents of the editor. */
export interface DebugTarget {
  /** Opens the run, or returns what is wrong as text. */
  open(): Promise<{ readonly stop: DebugStop; readonly variant: VariantName } | string>;
  ask(command: DebugCommand): Promise<DebugReply>;
  /** Document and present line of a line that was run; undefined for the engine's own C. */
  show(file: string, line: number): { readonly uri: vscode.Uri; readonly line: number } | undefined;
  /** The line of the text that was run, for a document's present line. */
  place(uri: vscode.Uri, line: number): { readonly file: string; readonly line: number } | undefined;
  /** Called at every stop. */
  stopped(stop: DebugStop): void;
  closed(): void;
}

/** Custom requests, for the commands of the debug toolbar. */
export const moveRequest = "tceScope.move";
export const timeRequest = "tceScope.toTime";
export const functionRequest = "tceScope.toFunction";

const capabilities: Dap.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsEvaluateForHovers: true,
  supportsStepBack: true,
  supportsSteppingGranularity: true,
  supportsReadMemoryRequest: true,
  supportsExceptionInfoRequest: true,
  supportsTerminateRequest: false,
  supportsDelayedStackTraceLoading: false,
  exceptionBreakpointFilters: [
    { filter: "oops", label: "Oopses", description: "Stop before the kernel or a thread dies.", default: true },
    { filter: "silent", label: "Silent findings", description: "Stop before an access that a production kernel does not report.", default: false },
    { filter: "warning", label: "Warnings", description: "Stop before an error that the kernel logs and survives.", default: false },
  ],
};

export class RunAdapter extends vscode.Disposable implements vscode.DebugAdapter {
  readonly #target: DebugTarget;
  readonly #sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#sent.event;
  #seq = 0;
  #entry: DebugStop | undefined;
  #last: DebugStop | undefined;
  #ended = false;
  /** Files of the engine's own C, by the reference that VS Code requests them with. */
  readonly #sources: string[] = [];

  constructor(target: DebugTarget) {
    super(() => undefined);
    this.#target = target;
  }

  override dispose(): void {
    void this.#close();
    this.#sent.dispose();
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    // VS Code passes messages of the protocol.
    const request = message as Dap.Request;
    if (request.type !== "request") return;
    void this.#handle(request).catch((error: unknown) => this.#fail(request, error instanceof Error ? error.message : String(error)));
  }

  // ---- sending ----------------------------------------------------------------------------------------------------

  #send(message: Omit<Dap.Response, "seq"> | Omit<Dap.Event, "seq">): void {
    this.#sent.fire({ seq: ++this.#seq, ...message });
  }
  #respond(request: Dap.Request, body?: unknown): void {
    this.#send({ type: "response", request_seq: request.seq, command: request.command, success: true, ...(body === undefined ? {} : { body }) });
  }
  #fail(request: Dap.Request, message: string): void {
    this.#send({ type: "response", request_seq: request.seq, command: request.command, success: false, message, body: { error: { id: 1, format: message } } });
  }
  #event(event: string, body?: unknown): void {
    this.#send({ type: "event", event, ...(body === undefined ? {} : { body }) });
  }

  #tellStop(stop: DebugStop): void {
    this.#last = stop;
    this.#target.stopped(stop);
    const body: Dap.StoppedEvent["body"] = {
      reason: reasonOf(stop),
      description: descriptionOf(stop),
      threadId: stop.thread,
      allThreadsStopped: true,
      ...(stop.text === undefined ? {} : { text: stop.text }),
      ...(stop.breakpoints === undefined ? {} : { hitBreakpointIds: [...stop.breakpoints] }),
    };
    this.#event("stopped", body);
    if (stop.text !== undefined) this.#event("output", { category: "console", output: `${stop.text}\n` } satisfies Dap.OutputEvent["body"]);
  }

  async #close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#target.closed();
    await this.#target.ask({ c: "close" });
  }

  // ---- requests ---------------------------------------------------------------------------------------------------

  async #handle(request: Dap.Request): Promise<void> {
    const args: unknown = request.arguments;
    switch (request.command) {
      case "initialize":
        this.#respond(request, capabilities);
        return;
      case "launch":
        return this.#launch(request);
      case "configurationDone":
        this.#respond(request);
        if (this.#entry !== undefined) this.#tellStop(this.#entry);
        return;
      case "setBreakpoints":
        return this.#setBreakpoints(request, args as Dap.SetBreakpointsArguments);
      case "setFunctionBreakpoints": {
        const { breakpoints } = args as Dap.SetFunctionBreakpointsArguments;
        const reply = await this.#ask(request, {
          c: "function-breakpoints",
          breakpoints: breakpoints.map(({ name, condition, hitCondition }) => ({ name, ...limits(condition, hitCondition) })),
        });
        if (reply?.k === "breakpoints") this.#respond(request, { breakpoints: reply.breakpoints.map((b) => this.#breakpoint(b)) });
        return;
      }
      case "setExceptionBreakpoints": {
        const reply = await this.#ask(request, { c: "finding-breakpoints", severities: (args as Dap.SetExceptionBreakpointsArguments).filters });
        if (reply !== undefined) this.#respond(request);
        return;
      }
      case "threads": {
        const reply = await this.#ask(request, { c: "threads" });
        if (reply?.k === "threads")
          this.#respond(request, { threads: reply.threads.map(({ id, name, cpu, state }) => ({ id, name: `${name} · CPU ${cpu} · ${state}` })) });
        return;
      }
      case "stackTrace":
        return this.#stackTrace(request, args as Dap.StackTraceArguments);
      case "scopes": {
        const reply = await this.#ask(request, { c: "scopes", frame: (args as Dap.ScopesArguments).frameId });
        if (reply?.k !== "scopes") return;
        const scopes = reply.scopes.map(({ name, kind, ref, expensive }): Dap.Scope => ({
          name,
          variablesReference: ref,
          expensive,
          ...(kind === "arguments" || kind === "locals" ? { presentationHint: kind } : {}),
        }));
        this.#respond(request, { scopes });
        return;
      }
      case "variables": {
        const { variablesReference, start, count } = args as Dap.VariablesArguments;
        const reply = await this.#ask(request, {
          c: "variables",
          ref: variablesReference,
          ...(start === undefined ? {} : { start }),
          ...(count === undefined || count === 0 ? {} : { count }),
        });
        if (reply?.k === "variables") this.#respond(request, { variables: reply.variables.map(variableOf) });
        return;
      }
      case "evaluate":
        return this.#evaluate(request, args as Dap.EvaluateArguments);
      case "readMemory":
        return this.#readMemory(request, args as Dap.ReadMemoryArguments);
      case "source": {
        const { source, sourceReference } = args as Dap.SourceArguments;
        const file = this.#sources[(source?.sourceReference ?? sourceReference) - 1];
        const reply = await this.#ask(request, { c: "source", file: file ?? "" });
        if (reply?.k === "source") this.#respond(request, { content: reply.text, mimeType: "text/x-c" });
        return;
      }
      case "exceptionInfo":
        this.#respond(request, {
          exceptionId: this.#last?.finding ?? "finding",
          breakMode: "always",
          ...(this.#last?.text === undefined ? {} : { description: this.#last.text }),
        } satisfies Dap.ExceptionInfoResponse["body"]);
        return;
      case "pause":
        // A recorded run is stopped between two requests.
        this.#respond(request);
        return;
      case "disconnect":
      case "terminate":
        await this.#close();
        this.#respond(request);
        return;
      case "continue":
        return this.#move(request, "continue", { allThreadsContinued: true });
      case "reverseContinue":
        return this.#move(request, "reverse-continue");
      case "next":
        return this.#move(request, stepOf(args, "over"));
      case "stepIn":
        return this.#move(request, stepOf(args, "into"));
      case "stepOut":
        return this.#move(request, "out");
      case "stepBack":
        return this.#move(request, stepOf(args, "back"));
      case moveRequest:
        return this.#move(request, (args as { readonly move: DebugMove }).move);
      case functionRequest:
        this.#respond(request);
        await this.#go({ c: "to-function", name: (args as { readonly name: string }).name });
        return;
      case timeRequest: {
        this.#respond(request);
        await this.#go({ c: "to-time", t: (args as { readonly t: number }).t });
        return;
      }
      default:
        this.#fail(request, `The debugger does not support '${request.command}'.`);
    }
  }

  /** The reply; undefined if the engine refused, which has been reported. */
  async #ask(request: Dap.Request, command: DebugCommand): Promise<DebugReply | undefined> {
    const reply = await this.#target.ask(command);
    if (reply.k !== "refused") return reply;
    this.#fail(request, reply.message);
    return undefined;
  }

  async #launch(request: Dap.Request): Promise<void> {
    const opened = await this.#target.open();
    if (typeof opened === "string") {
      this.#fail(request, opened);
      this.#event("terminated");
      return;
    }
    this.#entry = opened.stop;
    this.#respond(request);
    this.#event("initialized");
  }

  async #move(request: Dap.Request, move: DebugMove, body?: unknown): Promise<void> {
    const { threadId } = (request.arguments ?? {}) as { readonly threadId?: number };
    this.#respond(request, body);
    await this.#go({ c: "move", move, ...(threadId === undefined ? {} : { thread: threadId }) });
  }

  async #go(command: DebugCommand): Promise<void> {
    const reply = await this.#target.ask(command);
    if (reply.k === "stopped") this.#tellStop(reply.stop);
    else if (reply.k === "refused") {
      this.#event("output", { category: "stderr", output: `${reply.message}\n` } satisfies Dap.OutputEvent["body"]);
      // The run did not move; VS Code assumes that the step has begun, so it needs a stop event.
      if (this.#last === undefined) this.#event("terminated");
      else this.#tellStop({ ...this.#last, text: reply.message, reason: "moment" });
    }
  }

  // ---- places -----------------------------------------------------------------------------------------------------

  #source(file: string, uri: vscode.Uri | undefined): Dap.Source {
    const name = file.slice(file.lastIndexOf("/") + 1);
    if (uri !== undefined) return { name, path: uri.scheme === "file" ? uri.fsPath : uri.toString() };
    let index = this.#sources.indexOf(file);
    if (index < 0) index = this.#sources.push(file) - 1;
    return { name, path: file, sourceReference: index + 1, origin: "TCE Scope's own C", presentationHint: "deemphasize" };
  }

  async #stackTrace(request: Dap.Request, { threadId, startFrame = 0, levels = 0 }: Dap.StackTraceArguments): Promise<void> {
    const reply = await this.#ask(request, { c: "stack", thread: threadId });
    if (reply?.k !== "stack") return;
    const end = levels === 0 ? reply.frames.length : startFrame + levels;
    const stackFrames = reply.frames.slice(startFrame, end).map((frame): Dap.StackFrame => {
      const shown = this.#target.show(frame.file, frame.line);
      return {
        id: frame.id,
        name: frame.function,
        source: this.#source(frame.file, shown?.uri),
        line: shown?.line ?? frame.line,
        column: 1,
        ...(frame.provided ? { presentationHint: "subtle" } : {}),
      };
    });
    this.#respond(request, { stackFrames, totalFrames: reply.frames.length });
  }

  async #setBreakpoints(request: Dap.Request, { source, breakpoints = [] }: Dap.SetBreakpointsArguments): Promise<void> {
    const uri = source.path === undefined ? undefined : uriOf(source.path);
    const refused = (message: string): void => this.#respond(request, { breakpoints: breakpoints.map(() => ({ verified: false, message })) });
    if (uri === undefined) {
      refused("Breakpoints can only be set in files of the tree.");
      return;
    }
    const places = breakpoints.map((b) => this.#target.place(uri, b.line));
    const [first] = places;
    if (first === undefined) {
      if (breakpoints.length === 0) this.#respond(request, { breakpoints: [] });
      else refused("This text did not run: it belongs to the other variant or is not a file of the tree.");
      return;
    }
    const requested = breakpoints.map((b, i): DebugBreakpoint => ({ line: places[i]?.line ?? b.line, ...limits(b.condition, b.hitCondition) }));
    const reply = await this.#ask(request, { c: "breakpoints", file: first.file, breakpoints: requested });
    if (reply?.k === "breakpoints") this.#respond(request, { breakpoints: reply.breakpoints.map((b) => this.#breakpoint(b)) });
  }

  #breakpoint(b: Extract<DebugReply, { k: "breakpoints" }>["breakpoints"][number]): Dap.Breakpoint {
    const shown = b.file === undefined || b.line === undefined ? undefined : this.#target.show(b.file, b.line);
    return {
      id: b.id,
      verified: b.verified,
      ...(b.message === undefined ? {} : { message: b.message }),
      ...(shown === undefined || b.file === undefined ? {} : { line: shown.line, source: this.#source(b.file, shown.uri) }),
    };
  }

  // ---- values -----------------------------------------------------------------------------------------------------

  async #evaluate(request: Dap.Request, { expression, frameId }: Dap.EvaluateArguments): Promise<void> {
    const reply = await this.#ask(request, { c: "evaluate", expression, ...(frameId === undefined ? {} : { frame: frameId }) });
    if (reply?.k !== "variables") return;
    const [value] = reply.variables;
    if (value === undefined) return;
    const { value: result, variablesReference, type, namedVariables, indexedVariables, memoryReference } = variableOf(value);
    const body: Dap.EvaluateResponse["body"] = {
      result,
      variablesReference,
      ...(type === undefined ? {} : { type }),
      ...(namedVariables === undefined ? {} : { namedVariables }),
      ...(indexedVariables === undefined ? {} : { indexedVariables }),
      ...(memoryReference === undefined ? {} : { memoryReference }),
    };
    this.#respond(request, body);
  }

  async #readMemory(request: Dap.Request, { memoryReference, offset = 0, count }: Dap.ReadMemoryArguments): Promise<void> {
    const reply = await this.#ask(request, { c: "memory", address: memoryReference, offset, count });
    if (reply?.k !== "memory") return;
    let text = "";
    for (const byte of reply.bytes) text += String.fromCharCode(byte);
    const body: Dap.ReadMemoryResponse["body"] = { address: reply.address, data: btoa(text), unreadableBytes: reply.unreadable };
    this.#respond(request, body);
  }
}

function limits(condition: string | undefined, hits: string | undefined): { readonly condition?: string; readonly hits?: string } {
  return { ...(condition === undefined || condition === "" ? {} : { condition }), ...(hits === undefined || hits === "" ? {} : { hits }) };
}

function uriOf(path: string): vscode.Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(path) && !/^[a-z]:[\\/]/i.test(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path);
}

/** A step by instruction is a step by visible operation; a step by line stays in the thread. */
function stepOf(args: unknown, move: "over" | "into" | "back"): DebugMove {
  if ((args as { readonly granularity?: string }).granularity !== "instruction") return move;
  return move === "back" ? "operation-back" : "operation";
}

function variableOf(v: DebugVariable): Dap.Variable {
  return {
    name: v.name,
    value: v.value,
    variablesReference: v.ref,
    ...(v.type === "" ? {} : { type: v.type }),
    ...(v.named === 0 ? {} : { namedVariables: v.named }),
    ...(v.indexed === 0 ? {} : { indexedVariables: v.indexed }),
    ...(v.expression === undefined ? {} : { evaluateName: v.expression }),
    ...(v.address === undefined ? {} : { memoryReference: v.address }),
    presentationHint: { attributes: ["readOnly"] },
  };
}

function reasonOf(stop: DebugStop): string {
  switch (stop.reason) {
    case "finding":
      return "exception";
    case "entry":
      return stop.finding === undefined ? "entry" : "exception";
    case "step":
    case "moment":
      return "step";
    case "breakpoint":
    case "function breakpoint":
      return stop.reason;
    case "thread ended":
    case "begin":
    case "end":
      return "pause";
  }
}

function descriptionOf(stop: DebugStop): string {
  switch (stop.reason) {
    case "entry":
      return stop.finding === undefined ? "At the start of the run" : "Before the finding";
    case "finding":
      return "Before a finding";
    case "step":
      return "After a step";
    case "breakpoint":
    case "function breakpoint":
      return "At a breakpoint";
    case "thread ended":
      return "At the end of the thread";
    case "moment":
      return stop.text ?? "At the requested time";
    case "begin":
      return "At the start of the run";
    case "end":
      return "At the end of the run";
  }
}
