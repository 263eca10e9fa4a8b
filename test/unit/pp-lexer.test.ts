// Tokens, splices, comments; and text that is not C, which must end quickly with a diagnostic.
import { describe, expect, test } from "vitest";
import { lexText } from "../../engine/c/lex/lexer.js";
import { Atoms, Tok } from "../../engine/c/lex/tokens.js";
import { PpCache } from "../../engine/c/preprocess/index.js";
import { expand, run } from "./pp-fixture.js";

const lexed = (text: string): string => {
  const atoms = new Atoms();
  const { value } = lexText(text, atoms);
  return Array.from(value, (atom) => atoms.text(atom)).join(" ");
};

describe("tokens", () => {
  test.each([
    ["0x1p-3 1e+3+4 .5 1..2 1.e 0xe+1 1_000", "0x1p-3 1e+3 + 4 .5 1..2 1.e 0xe+1 1_000"],
    ["a->b...c<<=d>>=e##f<=g--->h", "a -> b ... c <<= d >>= e ## f <= g -- -> h"],
    ["<: :> <% %> x%:%:y a%:b", "[ ] { } x ## y a # b"],
    ["L'x' u8\"x\" U\"x\" u'\\'' \"\\\"\" ''", "L'x' u8\"x\" U\"x\" u'\\'' \"\\\"\" ''"],
    ['R"a(\\ " )b)a" LR"(x)"', 'R"a(\\ " )b)a" LR"(x)"'],
    ["$a b$c é_1 `@", "$a b$c é_1 ` @"],
  ])("%s", (text, expected) => {
    expect(lexed(text)).toBe(expected);
  });

  test("splices are removed everywhere", () => {
    expect(lexed("a\\\nb 1\\\n2 +\\\n= - \\\n> \"x\\\ny\" '\\\\\n'' .\\\n.\\\n. 1.\\  \n5e\\\r\n+3 <\\\n<\\\n=")).toBe(
      "ab 12 += - > \"xy\" '\\'' ... 1.5e+3 <<=",
    );
  });

  test("comments are white space, also across splices", () => {
    expect(lexed("a/* // */b// c \\\n still \nd/\\\n/ e\nf/\\\n* g *\\\n/h")).toBe("a b d f h");
    expect(expand("#define x 1 /* two\nlines */ + 2\nx")).toBe("1 + 2");
    expect(expand("/* c */ # /* c */ define /* c */ x /* c */ 5\nx")).toBe("5");
  });

  test("kinds and places in the stream", () => {
    const { result, cache } = run("#define two(v) v + 'c'\n\n  two(n1) \"s\"");
    const { kind, loc, spell, length } = result.tokens;
    expect(Array.from(kind)).toEqual([Tok.Ident, Tok.Punct, Tok.Char, Tok.String, Tok.Eof]);
    expect(length).toBe(5);
    const at = (place: number | undefined): string => {
      const { line, column } = cache.sourceMap.place(place ?? 0) ?? { line: 0, column: 0 };
      return `${String(line)}:${String(column)}`;
    };
    expect(Array.from(loc, at)).toEqual(["3:3", "3:3", "3:3", "3:11", "3:14"]);
    expect(Array.from(spell, at)).toEqual(["3:7", "1:18", "1:20", "3:11", "3:14"]);
  });

  test("a file keeps its locations as long as its text is the same", () => {
    const cache = new PpCache();
    const files = { "a.h": "int a;" };
    const first = run('#include "a.h"\nint b;', { cache, files });
    const second = run('#include "a.h"\nint c;', { cache, files });
    const third = run('#include "a.h"\nint c;', { cache, files: { "a.h": "int  a;" } });
    expect(second.result.tokens.loc[0]).toBe(first.result.tokens.loc[0]);
    expect(third.result.tokens.loc[0]).not.toBe(first.result.tokens.loc[0]);
    expect(cache.sourceMap.place(first.result.tokens.loc[3] ?? 0)).toEqual({ file: "main.c", line: 2, column: 1 });
  });

  test("the trail of a token lists its macro expansions, innermost first", () => {
    const { result, cache } = run("#define inner 1 + 2\n#define outer(x) x inner\nouter(0)");
    expect(result.trail(2).expansions.map(({ name, definition }) => `${name} ${String(cache.sourceMap.place(definition)?.line)}`)).toEqual([
      "inner 1",
      "outer 2",
    ]);
    expect(cache.sourceMap.place(result.trail(0).written)).toEqual({ file: "main.c", line: 3, column: 7 });
  });
});

describe("bad text", () => {
  test.each([
    ["int a; /* no end", "1: unterminated comment", "int a ;"],
    ['x = "no end\ny', '1: missing terminating " character', 'x = "no end" y'],
    ["x = 'no end\\\ny", "1: missing terminating ' character", "x = 'no endy'"],
    ['x = R"tag(no end', "1: unterminated raw string", undefined],
  ])("%s", (text, message, tokens) => {
    const ran = run(text);
    expect(ran.diagnostics).toContain(message);
    if (tokens !== undefined) expect(ran.text).toBe(tokens);
  });

  test("NUL, byte order mark, replacement characters, lone surrogates, no newline at the end", () => {
    expect(run("\uFEFFint\0 a\uFFFD;\uD800 \u00A0\u2028b\\").text).toBe("int a \uFFFD ; \uD800 b");
    expect(run("").text).toBe("");
    expect(run("\\").text).toBe("");
    expect(run("#").text).toBe("");
    expect(run("#define").diagnostics).toHaveLength(1);
    expect(run("a\r\nb\\\r\nc\r\n#define x 1\r\nx\r\n").text).toBe("a bc 1");
  });

  const quickly = (what: string, text: string, limit = 3000): void => {
    test(`${what} is processed quickly`, () => {
      const start = performance.now();
      run(text);
      expect(performance.now() - start).toBeLessThan(limit);
    });
  };
  quickly("a long line of splices", "a\\\n".repeat(200_000));
  quickly("many open comments", "/*".repeat(300_000));
  quickly("many stars and splices", "/*" + "*\\\n".repeat(200_000));
  quickly("many quotes", "'".repeat(200_001) + "\n" + '"\\'.repeat(200_000));
  quickly("deep parentheses in #if", `#if ${"(".repeat(100_000)}1\n#endif`);
  quickly("many operators in #if", `#if ${"!".repeat(100_000)}1\n#elif ${"1 ? 1 : ".repeat(50_000)} 0\n#endif`);
  quickly("deep conditionals", "#if 1\n".repeat(100_000) + "#endif\n".repeat(100_000));
  quickly("many raw string openers", 'R"x('.repeat(20_000));
  quickly("deeply nested calls", `#define f(x) x\n${"f(".repeat(50_000)}1${")".repeat(50_000)}`);
  quickly("a call that never ends", `#define f(x) x\n${"f(".repeat(200_000)}`);
  quickly("many parameters", `#define f(${Array.from({ length: 3000 }, (_, i) => `p${String(i)}`).join(",")}) p0\nf(${",".repeat(2999)})`);
});

describe("expansion bombs", () => {
  const diagnosticsOf = (text: string): readonly string[] => run(text).diagnostics;
  test("doubling object macros", () => {
    const lines = Array.from({ length: 60 }, (_, i) => `#define m${String(i + 1)} m${String(i)} m${String(i)}`);
    expect(diagnosticsOf(`#define m0 x\n${lines.join("\n")}\nm60\nafter`)).toEqual(["62: macro expansion does not terminate within its limit"]);
  }, 30_000);
  test("doubling to nothing", () => {
    const lines = Array.from({ length: 60 }, (_, i) => `#define m${String(i + 1)} m${String(i)} m${String(i)}`);
    expect(diagnosticsOf(`#define m0\n${lines.join("\n")}\nm60`)).toEqual(["62: macro expansion does not terminate within its limit"]);
  }, 30_000);
  test("doubling arguments", () => {
    expect(diagnosticsOf(`#define d(x) x x\n${"d(".repeat(40)}1${")".repeat(40)}`)).toHaveLength(1);
  }, 30_000);
  test("a bomb in #if is false; the text after it is processed", () => {
    const lines = Array.from({ length: 60 }, (_, i) => `#define m${String(i + 1)} m${String(i)} + m${String(i)}`);
    const { text, diagnostics } = run(`#define m0 1\n${lines.join("\n")}\n#if m60\nyes\n#endif\n#define ok(x) <x>\nok(1)`);
    expect(text).toBe("< 1 >");
    expect(diagnostics.length).toBeGreaterThan(0);
  }, 30_000);
  test("the text after a bomb is processed", () => {
    const lines = Array.from({ length: 60 }, (_, i) => `#define m${String(i + 1)}(x) m${String(i)}(x x)`);
    expect(run(`#define m0(x) x\n${lines.join("\n")}\nm60(a)\nint after;`).text).toMatch(/int after ;$/);
  }, 30_000);
});
