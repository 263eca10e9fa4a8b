// Expansion of the macros without a replacement list: __FILE__, __LINE__ and similar, __has_…, _Pragma, with the values
// of gcc 12 for powerpc64le. Dates are fixed: the same tree gives the same program.
import { fixed, lexText } from "../lex/index.js";
import { BUILTIN_NAMES } from "./builtin-names.js";
import type { Header, RunContext } from "./context.js";
import { knownAttribute, knownBuiltin, standardAttribute } from "./gcc-features.js";
import type { Expander } from "./expand.js";
import { angled, computedHeader } from "./header-name.js";
import type { Macro } from "./macro.js";
import { obeyPragma } from "./pragma.js";
import * as T from "../lex/index.js";

const OPEN = fixed("(");
const CLOSE = fixed(")");
const LESS = fixed("<");
const SCOPE = fixed(":");

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

export class Builtins {
  constructor(private readonly run: RunContext) {}

  expand(expander: Expander, macro: Macro): boolean {
    const name = BUILTIN_NAMES.get(macro.name);
    const space = expander.kf & T.F_SPACE;
    const spell = expander.s;
    const put = (kind: number, text: string): true => {
      expander.pushToken(kind | space, expander.atoms.of(text), spell);
      return true;
    };
    const frame = this.run.frames[this.run.frames.length - 1];
    if (name === undefined || frame === undefined) return false;
    switch (name) {
      case "__FILE__":
        return put(T.K_STRING, quoted(this.run.sharing.nameOf(frame)));
      case "__BASE_FILE__":
        this.run.sharing.spoil();
        return put(T.K_STRING, quoted(this.run.options.main));
      case "__LINE__": {
        // The line of the outermost call, never of the definition, so that assertions report where they are.
        const loc = expander.contexts > 0 ? expander.point : spell;
        return put(T.K_NUMBER, String(this.run.options.cache.sourceMap.line(loc) + frame.lineShift));
      }
      case "__COUNTER__":
        return put(T.K_NUMBER, String(this.run.sharing.count(frame)));
      case "__INCLUDE_LEVEL__":
        this.run.sharing.spoil();
        return put(T.K_NUMBER, String(this.run.frames.length - 1));
      case "__DATE__":
        return put(T.K_STRING, '"Jan  1 1970"');
      case "__TIME__":
        return put(T.K_STRING, '"00:00:00"');
      case "__TIMESTAMP__":
        return put(T.K_STRING, '"Thu Jan  1 00:00:00 1970"');
      case "_Pragma":
        return this.pragmaOperator(expander);
      case "__has_include":
      case "__has_include_next":
        this.run.sharing.spoil();
        return put(T.K_NUMBER, this.hasInclude(expander, name === "__has_include_next") ? "1" : "0");
      case "__has_attribute":
      case "__has_cpp_attribute":
      case "__has_c_attribute":
      case "__has_builtin": {
        const operand = this.operand(expander);
        if (operand === undefined) return put(T.K_NUMBER, "0");
        if (name === "__has_c_attribute" && !operand.scoped) return put(T.K_NUMBER, standardAttribute(operand.name));
        const known = name === "__has_builtin" ? knownBuiltin(operand.name) : knownAttribute(operand.name);
        return put(T.K_NUMBER, known ? "1" : "0");
      }
    }
  }

  private token(expander: Expander): number {
    let kind = expander.next();
    while (kind === T.K_PAD) kind = expander.next();
    return kind;
  }
  private punct(expander: Expander, atom: number): boolean {
    return this.token(expander) === T.K_PUNCT && expander.v === atom;
  }
  private reportMisuse(message: string): void {
    this.run.report("error", "pp-has", message, this.run.expander.callLoc);
  }

  /** The name in `(name)`, or the part after the colons in `(scope::name)`. */
  private operand(expander: Expander): { readonly name: string; readonly scoped: boolean } | undefined {
    if (!this.punct(expander, OPEN) || this.token(expander) !== T.K_IDENT) {
      this.reportMisuse("expected a name in parentheses");
      return undefined;
    }
    let name = expander.atoms.text(expander.v);
    let scoped = false;
    for (;;) {
      const kind = this.token(expander);
      if (kind === T.K_PUNCT && expander.v === CLOSE) return { name, scoped };
      if (kind === T.K_IDENT) {
        name = expander.atoms.text(expander.v);
        scoped = true;
      } else if (kind !== T.K_PUNCT || expander.v !== SCOPE) {
        this.reportMisuse("expected a name in parentheses");
        return undefined;
      }
    }
  }

  private hasInclude(expander: Expander, next: boolean): boolean {
    const frame = this.run.frames[this.run.frames.length - 1];
    if (frame === undefined || !expander.inDirective) {
      this.reportMisuse("__has_include is only for #if");
      return false;
    }
    if (!this.punct(expander, OPEN)) {
      this.reportMisuse("expected '(' after __has_include");
      return false;
    }
    const { file, pos } = frame;
    let header: Header | undefined;
    if (expander.contexts === 0 && pos < frame.limit && file.value[pos] === LESS) {
      const written = angled(frame, pos);
      if (written !== undefined) frame.pos = Math.min(written.after, frame.limit);
      header = written?.header;
    } else header = computedHeader(expander, CLOSE);
    if (header === undefined || !this.punct(expander, CLOSE)) {
      this.reportMisuse(`__has_include expects "FILENAME" or <FILENAME>`);
      return false;
    }
    return this.run.find(header, frame, next) !== undefined;
  }

  /** `_Pragma("…")`: treats the string's contents as a #pragma (6.10.9). */
  private pragmaOperator(expander: Expander): boolean {
    const spell = expander.s;
    const good = this.punct(expander, OPEN) && this.token(expander) === T.K_STRING;
    const literal = good ? expander.atoms.text(expander.v) : "";
    if (!good || !this.punct(expander, CLOSE)) {
      this.run.report("error", "pp-pragma", "_Pragma takes a parenthesized string literal", spell);
      return true;
    }
    const text = literal.slice(literal.indexOf('"') + 1, -1).replace(/\\([\\"])/g, "$1");
    const lexed = lexText(text, expander.atoms);
    const records = new Int32Array(lexed.count * T.STRIDE);
    for (let i = 0; i < lexed.count; i++) {
      records[i * T.STRIDE] = (lexed.kind[i] ?? 0) & ~T.F_BOL;
      records[i * T.STRIDE + 1] = lexed.value[i] ?? 0;
      records[i * T.STRIDE + 2] = spell;
    }
    expander.pushRecords(obeyPragma(this.run, records, spell));
    return true;
  }
}
