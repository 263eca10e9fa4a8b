// WebAssembly, the only part of the platform that the engine uses in addition to ECMAScript. TypeScript declares it only
// together with the DOM, which the engine must not depend on.

declare namespace WebAssembly {
  type ImportExportKind = "function" | "global" | "memory" | "table" | "tag";
  type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "externref" | "anyfunc";

  interface ModuleExportDescriptor {
    readonly name: string;
    readonly kind: ImportExportKind;
  }
  interface ModuleImportDescriptor extends ModuleExportDescriptor {
    readonly module: string;
  }

  class Module {
    constructor(bytes: ArrayBufferView | ArrayBuffer);
    readonly [Symbol.toStringTag]: "WebAssembly.Module";
    static customSections(module: Module, name: string): ArrayBuffer[];
    static exports(module: Module): ModuleExportDescriptor[];
    static imports(module: Module): ModuleImportDescriptor[];
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }

  class Memory {
    constructor(descriptor: { readonly initial: number; readonly maximum?: number; readonly shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }

  /** An exported function as a table returns it; the caller must know its signature. */
  type TableFunction = (...args: readonly (number | bigint)[]) => number | bigint | undefined;

  class Table {
    constructor(descriptor: { readonly element: "anyfunc"; readonly initial: number; readonly maximum?: number });
    readonly length: number;
    get(index: number): TableFunction | null;
    set(index: number, value?: TableFunction | null): void;
    grow(by: number): number;
  }

  // Not a class, so that `instanceof` narrows to both value types and not to `any`.
  interface Global<T extends number | bigint = number | bigint> {
    value: T;
  }
  const Global: {
    readonly prototype: Global;
    new <T extends number | bigint>(descriptor: { readonly value: ValueType; readonly mutable?: boolean }, value?: T): Global<T>;
  };

  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}

  // Callers state the signature they compiled: `exports["f"] as (x: number) => number`.
  type ExportValue = ((...args: never[]) => unknown) | Global | Memory | Table;
  type Exports = Readonly<Record<string, ExportValue>>;
  type Imports = Readonly<Record<string, Readonly<Record<string, ExportValue>>>>;

  function compile(bytes: ArrayBufferView | ArrayBuffer): Promise<Module>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  function validate(bytes: ArrayBufferView | ArrayBuffer): boolean;
}
