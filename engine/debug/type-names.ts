// C types as text, as in a declaration: "struct iommu_table *", "unsigned long [4]". Types do not record typedefs, and
// their names are not guessed.

import type { Atoms } from "../c/lex/index.js";
import { type CType, Q_CONST, Q_VOLATILE, T, TK } from "../c/types/index.js";

/** @param inner the text in the place of the declared name */
export function typeWords(t: CType, atoms: Atoms, inner = ""): string {
  switch (t.kind) {
    case TK.Ptr: {
      const base = t.base ?? T.void;
      const star = `*${qualifiers(t)}${inner}`;
      return base.kind === TK.Array || base.kind === TK.Func ? typeWords(base, atoms, `(${star})`) : typeWords(base, atoms, star);
    }
    case TK.Array:
      return typeWords(t.base ?? T.void, atoms, `${inner}[${t.len < 0 ? "" : String(t.len)}]`);
    case TK.Func: {
      const params = t.params.map((p) => typeWords(p, atoms));
      return typeWords(t.base ?? T.void, atoms, `${inner}(${[...params, ...(t.variadic ? ["..."] : [])].join(", ") || "void"})`);
    }
    default: {
      const name = `${qualifiers(t)}${baseWords(t, atoms)}`;
      return inner === "" ? name : `${name} ${inner}`;
    }
  }
}

function qualifiers(t: CType): string {
  return `${(t.quals & Q_CONST) === 0 ? "" : "const "}${(t.quals & Q_VOLATILE) === 0 ? "" : "volatile "}`;
}

function baseWords(t: CType, atoms: Atoms): string {
  switch (t.kind) {
    case TK.Void:
      return "void";
    case TK.Bool:
      return "bool";
    case TK.Float:
      return t.size === 4 ? "float" : t.size === 8 ? "double" : "long double";
    case TK.Struct:
      return `${t.body?.union === true ? "union" : "struct"} ${t.tag === 0 ? "{…}" : atoms.text(t.tag)}`;
    case TK.Enum:
      return `enum ${t.tag === 0 ? "{…}" : atoms.text(t.tag)}`;
    case TK.Int: {
      const sign = t.signed ? "" : "unsigned ";
      if (t.bits > 0) return `${sign}int :${String(t.bits)}`;
      if (t.size === 1) return t.variant === 1 ? "char" : t.signed ? "signed char" : "unsigned char";
      if (t.size === 2) return `${sign}short`;
      if (t.size === 4) return `${sign}int`;
      if (t.size === 16) return `${sign}__int128`;
      return `${sign}${t.rank === T.llong.rank ? "long long" : "long"}`;
    }
    default:
      return "va_list";
  }
}
