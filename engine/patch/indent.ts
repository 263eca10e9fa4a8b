// Indentation of added lines that lost theirs. Kernel style (Documentation/process/coding-style.rst): a tab for
// each open brace and each `if`, `for`, … without one; `case` under `switch`; labels and # lines in the first column; a
// continued line under the open parenthesis. Lines of the tree keep theirs and are the reference. The meaning of C never depends on it.

export interface IndentLine {
  readonly text: string;
  /** Added by the patch, with unreliable white space. */
  readonly fresh: boolean;
}

interface Bracket {
  readonly kind: "{" | "(" | "[";
  /** Indentation of the line on which the statement that holds it began. */
  readonly lead: string;
  /** Indentation of the lines within, as seen in the tree. */
  inner: string | undefined;
  /** Column after an open parenthesis; undefined if the line ends there. */
  readonly column: number | undefined;
  /** A list of values (initializer, enum): a comma ends its statements. */
  readonly list: boolean;
  /** What `ifs` is when a brace closes: its own `if`, then those whose body it is part of. */
  readonly ifs: readonly string[];
}

/** An `if`, `for`, … whose body, a statement without braces, is still to come. */
interface Pending {
  readonly lead: string;
  readonly isIf: boolean;
}

interface State {
  stack: Bracket[];
  pending: readonly Pending[];
  /** Indentation of the current statement; undefined between statements. */
  statement: string | undefined;
  /** The statement begun is an `if`, `for`, `while`, `switch`, `else` or `do`. */
  control: boolean;
  /** It is an `if` or `else if`. */
  isIf: boolean;
  /** The statement begun is a `return`: what continues it is aligned with its value. */
  returns: boolean;
  /** Indentations of the ifs just ended, innermost first: an `else` takes the first. */
  ifs: readonly string[];
  list: boolean;
}

const IF = /^(?:else\s+)?if\b/;
const CONTROL = /^(?:else\s+if|if|for|while|switch|else|do|\w*for_each\w*)\b/;

/** New texts of all lines; only fresh ones differ. `like`: known indentation of a line's twin, by its text without white space. */
export function restoreIndent(lines: readonly IndentLine[], like: (text: string) => string | undefined): readonly string[] {
  let state: State = { stack: [], pending: [], statement: undefined, control: false, isIf: false, returns: false, ifs: [], list: false };
  const conditionals: State[] = [];
  let comment: string | undefined;
  let macro = false;
  return lines.map(({ text, fresh }) => {
    const trimmed = text.trim();
    if (trimmed === "") {
      macro = false;
      return fresh ? "" : text;
    }
    if (comment !== undefined) {
      const lead = comment;
      const end = trimmed.indexOf("*/");
      if (end >= 0) {
        comment = undefined;
        if (trimmed.slice(end + 2).trim() !== "") comment = scan(state, trimmed.slice(end + 2), lead);
      }
      return fresh ? `${lead}${trimmed.startsWith("*") ? " " : "   "}${trimmed}` : text;
    }
    if (macro) {
      macro = trimmed.endsWith("\\");
      return fresh ? `\t${trimmed}` : text;
    }
    if (trimmed.startsWith("#")) {
      state = conditional(trimmed, state, conditionals);
      macro = trimmed.endsWith("\\");
      return fresh ? trimmed : text;
    }
    // A closing brace in the first column ends whatever was open: the count starts anew at each function.
    if (!fresh && text.startsWith("}")) {
      state.stack.length = Math.min(state.stack.length, 1);
      state.pending = [];
    }
    const lead = fresh ? expectedLead(state, trimmed, like) : leadOf(text);
    if (!fresh) learn(state, trimmed, lead);
    comment = scan(state, trimmed, lead);
    return fresh ? lead + trimmed : text;
  });
}

export function leadOf(text: string): string {
  return /^[ \t]*/.exec(text)?.[0] ?? "";
}

/** Columns that white space fills, tabs at every eighth. */
export function widthOf(lead: string): number {
  let width = 0;
  for (const c of lead) width = c === "\t" ? (Math.floor(width / 8) + 1) * 8 : width + 1;
  return width;
}

function leadOfWidth(width: number): string {
  return "\t".repeat(Math.floor(width / 8)) + " ".repeat(width % 8);
}

function isCase(trimmed: string): boolean {
  return /^(?:case\b|default\s*:)/.test(trimmed);
}

function isLabel(trimmed: string): boolean {
  return /^[A-Za-z_]\w*\s?:$/.test(trimmed) && !isCase(trimmed);
}

function expectedLead(state: State, trimmed: string, like: (text: string) => string | undefined): string {
  const top = state.stack[state.stack.length - 1];
  if (top !== undefined && top.kind !== "{") {
    const base = state.statement ?? top.lead;
    const twin = like(trimmed);
    if (twin !== undefined && widthOf(twin) > widthOf(base)) return twin;
    if (/^[)\]]/.test(trimmed)) return base;
    return top.column === undefined ? `${base}\t` : leadOfWidth(top.column);
  }
  if (trimmed.startsWith("}")) return top?.lead ?? "";
  if (state.statement !== undefined) {
    if (trimmed.startsWith("{")) return state.statement;
    if (top === undefined) return state.statement;
    const twin = like(trimmed);
    if (twin !== undefined && widthOf(twin) > widthOf(state.statement)) return twin;
    return state.returns ? leadOfWidth(widthOf(state.statement) + "return ".length) : `${state.statement}\t`;
  }
  if (/^else\b/.test(trimmed) && state.ifs[0] !== undefined) return state.ifs[0];
  const pending = state.pending[state.pending.length - 1]?.lead;
  if (pending !== undefined) return trimmed.startsWith("{") ? pending : `${pending}\t`;
  if (top === undefined) return "";
  if (isCase(trimmed)) return top.lead;
  if (isLabel(trimmed) && !top.list) return "";
  return top.inner ?? `${top.lead}\t`;
}

/** A line of the tree that starts a statement shows the indentation of its block. */
function learn(state: State, trimmed: string, lead: string): void {
  const top = state.stack[state.stack.length - 1];
  if (top?.kind !== "{" || state.statement !== undefined || state.pending.length > 0) return;
  if (/^[}{]/.test(trimmed) || isCase(trimmed) || isLabel(trimmed) || /^(?:else\b|\/\*|\/\/)/.test(trimmed)) return;
  top.inner = lead;
}

/** #if … #else … #endif: each branch begins with what was open before the first. */
function conditional(directive: string, state: State, saved: State[]): State {
  const word = /^#\s*([a-z]+)/.exec(directive)?.[1];
  if (word === "if" || word === "ifdef" || word === "ifndef") {
    if (saved.length < 200) saved.push(copy(state));
  } else if (word === "else" || word === "elif") {
    const before = saved[saved.length - 1];
    if (before !== undefined) return copy(before);
  } else if (word === "endif") {
    saved.pop();
  }
  return state;
}

function copy(state: State): State {
  return { ...state, stack: state.stack.map((bracket) => ({ ...bracket })) };
}

function openIfs(state: State): readonly string[] {
  return state.pending
    .filter((pending) => pending.isIf)
    .map((pending) => pending.lead)
    .reverse();
}

function endStatement(state: State): void {
  state.ifs = openIfs(state);
  state.pending = [];
  state.statement = undefined;
  state.control = false;
  state.list = false;
}

/** Follows one line; returns the indentation of a comment that stays open. */
function scan(state: State, line: string, lead: string): string | undefined {
  const indent = widthOf(lead);
  let i = 0;
  while (i < line.length) {
    const c = line[i] ?? "";
    const top = state.stack[state.stack.length - 1];
    if (c === " " || c === "\t") {
      i += 1;
      continue;
    }
    if (c === "/" && line[i + 1] === "/") return undefined;
    if (c === "/" && line[i + 1] === "*") {
      const end = line.indexOf("*/", i + 2);
      if (end < 0) return lead;
      i = end + 2;
      continue;
    }
    if (state.statement === undefined && c !== "}" && c !== "{" && c !== ";") {
      state.statement = lead;
      const rest = line.slice(i, i + 64);
      state.control = CONTROL.test(rest) && top?.kind === "{";
      state.isIf = state.control && IF.test(rest);
      state.returns = /^return\b/.test(rest);
      state.list = /^(?:typedef\s+)?enum\b/.test(rest);
      if (isCase(rest) || (isLabel(line.slice(i)) && top?.kind === "{" && !top.list)) {
        const colon = caseEnd(line, i);
        state.statement = undefined;
        state.control = false;
        i = colon < 0 ? line.length : colon + 1;
        continue;
      }
    }
    if (c === '"' || c === "'") {
      i = literalEnd(line, i, c);
      continue;
    }
    switch (c) {
      case "(":
      case "[":
        state.stack.push({
          kind: c,
          lead: state.statement ?? lead,
          inner: undefined,
          column: line.slice(i + 1).trim() === "" ? undefined : indent + i + 1,
          list: false,
          ifs: [],
        });
        break;
      case ")":
      case "]":
        if (top?.kind === (c === ")" ? "(" : "[")) state.stack.pop();
        break;
      case "{": {
        const before = line.slice(0, i).trimEnd();
        const list = state.list || /[=,({]$/.test(before) || (before === "" && top?.list === true);
        const own = state.control && state.isIf && state.statement !== undefined ? [state.statement] : [];
        const ifs = [...own, ...openIfs(state)];
        state.stack.push({
          kind: "{",
          lead: state.statement ?? state.pending[state.pending.length - 1]?.lead ?? lead,
          inner: undefined,
          column: undefined,
          list,
          ifs,
        });
        state.pending = [];
        state.statement = undefined;
        state.control = false;
        state.list = false;
        state.ifs = [];
        break;
      }
      case "}": {
        let closed = state.stack.pop();
        while (closed !== undefined && closed.kind !== "{") closed = state.stack.pop();
        endStatement(state);
        const rest = line.slice(i + 1).trim();
        if (closed !== undefined) state.ifs = closed.ifs;
        if (rest !== "" && !rest.startsWith("}")) {
          state.statement = closed?.lead ?? lead;
          state.control = /^else\b/.test(rest);
          state.isIf = IF.test(rest);
        }
        break;
      }
      case ";":
        if (top?.kind !== "(") endStatement(state);
        break;
      case ",":
        if (top?.kind === "{" && top.list) endStatement(state);
        break;
      default:
        break;
    }
    i += 1;
  }
  const top = state.stack[state.stack.length - 1];
  if (state.control && state.statement !== undefined && (top === undefined || top.kind === "{")) {
    state.pending = [...state.pending, { lead: state.statement, isIf: state.isIf }];
    state.statement = undefined;
    state.control = false;
  }
  return undefined;
}

function literalEnd(line: string, from: number, quote: string): number {
  for (let i = from + 1; i < line.length; i += 1) {
    if (line[i] === "\\") i += 1;
    else if (line[i] === quote) return i + 1;
  }
  return line.length;
}

/** The colon that ends a case label; one in a character constant or `?:` is skipped. */
function caseEnd(line: string, from: number): number {
  for (let i = from; i < line.length; i += 1) {
    const c = line[i] ?? "";
    if (c === "'" || c === '"') i = literalEnd(line, i, c) - 1;
    else if (c === ":") return i;
  }
  return -1;
}
