// Damages C text as typing, merging and accidents do, from single characters to whole functions. All choices come from one
// generator, so a seed always gives the same text. Must not depend on any grammar beyond tokens and lines.

/** A seeded pseudo-random number generator (mulberry32). */
export class Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  /** From 0 up to but not including 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  pick<V>(items: readonly V[]): V | undefined {
    return items[this.below(items.length)];
  }
  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

const TOKEN =
  /\s+|[A-Za-z_]\w*|\.?\d(?:[eEpP][+-]|[\w.])*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/.*|\/\*[^]*?\*\/|##|->|\+\+|--|<<=?|>>=?|[=!<>+\-*/%&|^]=|&&|\|\||\.\.\.|[^]/g;

/** Tokens to insert in unexpected places. */
const UNEXPECTED = (
  "( ) [ ] { } ; , : ? . -> ... = += <<= ++ -- * & && || ! ~ # ## \\ @ $ ` %: <: 0 1 -1 08 0x 0x7fffffffffffffff 18446744073709551616 1e999 0x1p9999 1.0f 'a' '' \"s\" " +
  'L"w" u8"s" R"( " \' /* */ // int char void long unsigned _Bool __int128 double struct union enum typedef static extern inline const volatile register sizeof typeof ' +
  "__auto_type _Generic _Static_assert _Alignas _Alignof __attribute__ __attribute__((packed)) __attribute__((aligned(1<<30))) __attribute__((cleanup(f))) __attribute__((mode(TI))) " +
  "__extension__ asm goto return break continue case default switch if else for while do __label__ ({ }) &&l goto*l [0...9] .x= [0]= int:3 " +
  "__builtin_constant_p( __builtin_choose_expr( __builtin_offsetof( __builtin_va_arg( __builtin_types_compatible_p( __builtin_add_overflow( __builtin_unreachable() " +
  '__VA_ARGS__ __VA_OPT__( __COUNTER__ __LINE__ __FILE__ _Pragma("pack(1)") __has_include( defined'
).split(" ");

const DIRECTIVES = [
  "#if",
  "#if 1",
  "#ifdef X",
  "#else",
  "#elif",
  "#endif",
  "#define X X X",
  "#define F(x,...) F(x ## __VA_ARGS__)",
  "#undef X",
  '#include "main.c"',
  "#include",
  "#include_next <linux/types.h>",
  "#pragma pack(push,1)",
  "#pragma pack(pop)",
  "#line 5",
  "#error",
  "#",
  "#if (((1",
  "#if 1/0",
  "#define",
  "#define F(",
  "#define G(a,b) #a##b",
];

const CHARACTERS = [
  "\0",
  "\r",
  "\t",
  "\f",
  "\v",
  "\\",
  "\\\n",
  '"',
  "'",
  "\u00a0",
  "\u00e9",
  "\u{1f600}",
  "\ud800",
  "\ufffd",
  "\ufeff",
  "\u2028",
  "\x7f",
  "\x1b",
  "#",
  "@",
  "??=",
];

export function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** Damages `text`. `others` are texts from which pieces are spliced in. */
export function mutate(random: Random, text: string, others: readonly string[]): string {
  let damaged = text;
  const times = 1 + random.below(random.chance(0.1) ? 30 : 5);
  for (let i = 0; i < times; i++) {
    const kind = random.next();
    damaged =
      kind < 0.55
        ? tokens(random, damaged, others)
        : kind < 0.8
          ? lines(random, damaged, others)
          : kind < 0.93
            ? characters(random, damaged)
            : shape(random, damaged);
    if (damaged.length > 400_000) damaged = damaged.slice(0, 400_000);
  }
  return damaged;
}

/** Deletes (0), repeats (1) or swaps (2) tokens or lines. */
function rearrange(random: Random, parts: string[], { kind, at, length }: { readonly kind: 0 | 1 | 2; readonly at: number; readonly length: number }): void {
  if (kind === 0) parts.splice(at, length);
  else if (kind === 1) parts.splice(at, 0, ...parts.slice(at, at + length));
  else {
    const other = random.below(parts.length);
    const part = parts[at] ?? "";
    parts[at] = parts[other] ?? "";
    parts[other] = part;
  }
}

function tokens(random: Random, text: string, others: readonly string[]): string {
  const all = tokensOf(text);
  if (all.length === 0) return UNEXPECTED.join(" ");
  const at = random.below(all.length);
  const length = 1 + (random.chance(0.2) ? random.below(30) : random.below(3));
  const unexpected = (): string => ` ${random.pick(UNEXPECTED) ?? ""} `;
  const kind = random.below(9);
  switch (kind) {
    case 0:
    case 1:
    case 2:
      rearrange(random, all, { kind, at, length });
      break;
    case 3:
      all.splice(at, 1, unexpected());
      break;
    case 4:
      all.splice(at, 0, unexpected());
      break;
    case 5: {
      // Replaces a token by another token of the text.
      all[at] = all[random.below(all.length)] ?? "";
      break;
    }
    case 6: {
      const more = tokensOf(random.pick(others) ?? "");
      const from = random.below(Math.max(1, more.length));
      all.splice(at, 0, ...more.slice(from, from + length * 3));
      break;
    }
    case 7: {
      // Removes or duplicates a bracket.
      const brackets = all.flatMap((token, i) => (/^[()[\]{}]$/.test(token) ? [i] : []));
      const bracket = random.pick(brackets);
      if (bracket !== undefined) all.splice(bracket, 1, ...(random.chance(0.5) ? [] : [all[bracket] ?? "", all[bracket] ?? ""]));
      break;
    }
    default:
      // Turns a token into a macro call.
      all.splice(at, 1, ` F(${all[at] ?? ""},${unexpected()}) `);
  }
  return all.join("");
}

function lines(random: Random, text: string, others: readonly string[]): string {
  const all = text.split("\n");
  const at = random.below(all.length);
  const length = 1 + random.below(4);
  const kind = random.below(7);
  switch (kind) {
    case 0:
    case 1:
    case 2:
      rearrange(random, all, { kind, at, length });
      break;
    case 3: {
      const more = (random.pick(others) ?? "").split("\n");
      const from = random.below(Math.max(1, more.length));
      all.splice(at, 0, ...more.slice(from, from + length * 4));
      break;
    }
    case 4:
      all.splice(at, 0, random.pick(DIRECTIVES) ?? "");
      break;
    case 5:
      // Turns the line into a macro definition.
      all[at] = `#define ${random.chance(0.5) ? "F(a,...)" : "X"} ${all[at] ?? ""}`;
      break;
    default: {
      // Damages a directive of the text.
      const directives = all.flatMap((line, i) => (/^\s*#/.test(line) ? [i] : []));
      const i = random.pick(directives) ?? at;
      all[i] = tokens(random, all[i] ?? "", others);
    }
  }
  return all.join("\n");
}

function characters(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random.below(3));
    case 1:
      return text.slice(0, at) + (random.pick(CHARACTERS) ?? "") + text.slice(at);
    case 2:
      return text.slice(0, at) + String.fromCharCode(random.below(random.chance(0.8) ? 128 : 65536)) + text.slice(at + 1);
    default:
      return text.slice(0, at) + text.slice(at, at + 1).repeat(2 + random.below(5)) + text.slice(at + 1);
  }
}

/** Damages the whole text: truncates it, reverses its lines or adds deep nesting. */
function shape(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const depth = 2 + random.below(random.chance(0.1) ? 20_000 : 600);
  const opens =
    random.pick([
      "(",
      "{",
      "[",
      "- ",
      "!",
      "*",
      "&",
      "~",
      "(int)",
      "a?",
      "if(a)",
      "do ",
      "struct{",
      "#if 1\n",
      "({",
      "F(",
      "sizeof ",
      "__typeof__(",
      "a=",
      "case 1:",
      "l:",
      "a->",
      "else ",
    ]) ?? "(";
  const closes =
    { "(": ")", "{": "}", "[": "]", "a?": ":1", "struct{": "};", "#if 1\n": "\n#endif\n", "({": ";})", "F(": ")", "__typeof__(": ")" }[opens] ?? "";
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + opens.repeat(depth) + text.slice(at, at + 5) + closes.repeat(random.chance(0.5) ? depth : 0) + text.slice(at + 5);
    case 2:
      return text.slice(at);
    default:
      return text.split("\n").reverse().join("\n");
  }
}
