// The parser's result: typed expressions (typeof and _Generic need the types while parsing), statements, and the symbols
// that they refer to. Implicit conversions are explicit `cast` nodes. Must not depend on WebAssembly.

import type { TokenBlock } from "../lex/index.js";
import type { CType, Field } from "./types.js";

export interface VarSym {
  readonly kind: "var";
  readonly name: number;
  type: CType;
  /** Static storage: link name; automatic: "" */
  link: string;
  readonly storage: "auto" | "static" | "extern" | "register";
  readonly loc: number;
  /** Position of the first declaration in the unit: a body before it does not see the symbol. */
  pos: number;
  addressTaken: boolean;
  init: Init | undefined;
  /** Static storage with a definition in this unit (not only extern). */
  defined: boolean;
  tentative: boolean;
  attrs: Attrs;
  /** Index within the function, for automatic variables. */
  index: number;
}

export interface FuncSym {
  readonly kind: "func";
  readonly name: number;
  type: CType;
  link: string;
  static: boolean;
  inline: boolean;
  gnuInlineExtern: boolean;
  pos: number;
  loc: number;
  attrs: Attrs;
  body: BodyRange | undefined;
  params: readonly { readonly name: number; readonly type: CType; readonly loc: number }[];
}

/** Tokens of a function body, which is parsed on demand: from `{` to the token after `}`. */
export interface BodyRange {
  readonly from: number;
  readonly to: number;
  /** The tokens that `from` and `to` index, and their position in the unit. */
  readonly block: TokenBlock;
  /** Token where brace pairing failed: the body cannot be compiled. */
  readonly broken?: number;
}

export interface TypedefSym {
  readonly kind: "typedef";
  readonly name: number;
  readonly type: CType;
  readonly pos: number;
  readonly loc: number;
}
export interface EnumConst {
  readonly kind: "enumconst";
  readonly name: number;
  readonly value: bigint;
  readonly type: CType;
  readonly pos: number;
  readonly loc: number;
}
export type Sym = VarSym | FuncSym | TypedefSym | EnumConst;

export interface Attrs {
  readonly align: number;
  readonly packed: boolean;
  readonly weak: boolean;
  readonly section: string;
  readonly alias: string;
  readonly alwaysInline: boolean;
  readonly noreturn: boolean;
  /** __attribute__((error("…"))): a call that the optimizer must remove. */
  readonly error: boolean;
  readonly cleanup: FuncSym | undefined;
  readonly transparentUnion: boolean;
  readonly mode: string;
  readonly vectorSize: number;
  readonly asmName: string;
}

/** An initializer, resolved against its type: every scalar that is set, with its byte offset. */
export interface Init {
  readonly items: readonly InitItem[];
  /** Bytes of the object, including a flexible array member or an array whose length the initializer determines. */
  readonly size: number;
}
export interface InitItem {
  readonly offset: number;
  readonly field: Field | undefined; // set for bit-fields
  readonly type: CType;
  readonly value: Node;
}

export type BinOp = "+" | "-" | "*" | "/" | "%" | "<<" | ">>" | "&" | "|" | "^" | "<" | ">" | "<=" | ">=" | "==" | "!=";

interface Base {
  readonly ty: CType;
  readonly loc: number;
  /** Range of tokens, for the text of an access in a report. */
  readonly from: number;
  readonly to: number;
}
export type Node = Base &
  (
    | { readonly k: "int"; readonly v: bigint }
    | { readonly k: "float"; readonly v: number }
    | { readonly k: "str"; readonly bytes: Uint8Array } // with terminating zero; type is an array
    | { readonly k: "var"; readonly sym: VarSym }
    | { readonly k: "fn"; readonly sym: FuncSym }
    | { readonly k: "deref"; readonly e: Node }
    | { readonly k: "addr"; readonly e: Node }
    | { readonly k: "member"; readonly e: Node; readonly path: readonly Field[] }
    | { readonly k: "neg" | "bnot" | "lnot"; readonly e: Node }
    | { readonly k: "bin"; readonly op: BinOp; readonly a: Node; readonly b: Node } // operands already of one type (shifts: promoted)
    | { readonly k: "ptradd"; readonly a: Node; readonly b: Node; readonly scale: number; readonly minus: boolean } // b is an integer
    | { readonly k: "ptrdiff"; readonly a: Node; readonly b: Node; readonly scale: number }
    | { readonly k: "and" | "or"; readonly a: Node; readonly b: Node }
    | { readonly k: "cond"; readonly c: Node; readonly a: Node | undefined; readonly b: Node } // a undefined: `c ?: b`
    | { readonly k: "comma"; readonly a: Node; readonly b: Node }
    | { readonly k: "assign"; readonly a: Node; readonly b: Node }
    | { readonly k: "opassign"; readonly op: BinOp; readonly a: Node; readonly b: Node; readonly opType: CType; readonly scale: number } // scale 0: arithmetic
    | { readonly k: "incdec"; readonly e: Node; readonly delta: 1 | -1; readonly post: boolean; readonly scale: number }
    | { readonly k: "cast"; readonly e: Node }
    | { readonly k: "call"; readonly f: Node; readonly args: readonly Node[] }
    | { readonly k: "builtin"; readonly name: string; readonly args: readonly Node[]; readonly arg?: CType }
    | { readonly k: "stmtexpr"; readonly body: BlockStmt; readonly value: Node | undefined }
    | { readonly k: "compound"; readonly sym: VarSym } // compound literal; the symbol has the initializer
    | { readonly k: "label"; readonly name: number } // &&label
    | { readonly k: "vla-size"; readonly of: CType }
  );

export interface BlockStmt {
  readonly k: "block";
  readonly body: readonly Stmt[];
  readonly loc: number;
}
export interface AsmOperand {
  readonly constraint: string;
  readonly e: Node;
}
/** `end`: location of the last token before the substatements, the `;` or the `)`. */
export type Stmt =
  | BlockStmt
  | { readonly k: "expr"; readonly e: Node; readonly loc: number; readonly end: number }
  | { readonly k: "decl"; readonly sym: VarSym; readonly loc: number; readonly end: number }
  | { readonly k: "vla"; readonly sym: VarSym; readonly loc: number; readonly end: number }
  | { readonly k: "if"; readonly c: Node; readonly a: Stmt; readonly b: Stmt | undefined; readonly loc: number; readonly end: number }
  | { readonly k: "while"; readonly c: Node; readonly body: Stmt; readonly loc: number; readonly end: number }
  | { readonly k: "do"; readonly c: Node; readonly body: Stmt; readonly loc: number }
  | {
      readonly k: "for";
      readonly init: Stmt | undefined;
      readonly c: Node | undefined;
      readonly step: Node | undefined;
      readonly body: Stmt;
      readonly loc: number;
      readonly end: number;
    }
  | { readonly k: "switch"; readonly e: Node; readonly body: Stmt; readonly cases: CaseLabel[]; readonly loc: number; readonly end: number }
  | { readonly k: "case"; readonly label: CaseLabel; readonly body: Stmt; readonly loc: number }
  | { readonly k: "label"; readonly name: number; readonly body: Stmt; readonly loc: number }
  | { readonly k: "goto"; readonly name: number; readonly loc: number }
  | { readonly k: "gotoexpr"; readonly e: Node; readonly loc: number; readonly end: number }
  | { readonly k: "break" | "continue" | "empty"; readonly loc: number }
  | { readonly k: "return"; readonly e: Node | undefined; readonly loc: number; readonly end: number }
  | {
      readonly k: "asm";
      readonly template: string;
      readonly outs: readonly AsmOperand[];
      readonly ins: readonly AsmOperand[];
      readonly goto: boolean;
      readonly loc: number;
    };

/** lo/hi undefined: `default`. */
export interface CaseLabel {
  readonly lo: bigint | undefined;
  readonly hi: bigint | undefined;
}

export interface FunctionBody {
  readonly sym: FuncSym;
  readonly params: readonly VarSym[];
  readonly body: BlockStmt;
  /** All automatic variables of the function, parameters first. */
  readonly autos: readonly VarSym[];
  readonly statics: readonly VarSym[];
}
