// Diagnostics for wrong C, as the command line prints them: place, line, mark, macros and #includes.

import { describe, expect, it } from "vitest";
import { explain, explainedText } from "../../engine/c/preprocess/explain.js";
import { treeOf, unitOf } from "./pp-fixture.js";

function diagnose(files: Readonly<Record<string, string>>): string {
  const { cache, pp, unit } = unitOf(files);
  for (const sym of unit.symbols) if (sym.kind === "func" && sym.body !== undefined) unit.body(sym);
  return [...pp.diagnostics, ...unit.diagnostics]
    .map((d) => {
      const explanation = explain(d, pp, { map: cache.sourceMap, read: (path) => treeOf(files).read(path) });
      return explanation === undefined ? d.message : explainedText(explanation);
    })
    .join("");
}
const inFunction = (text: string): string => diagnose({ "a.c": `struct s { int a; };\nint f(int a, struct s *p)\n{\n${text}\n}\n` });

describe("an error is shown where it is", () => {
  it("marks the name that is not declared", () => {
    expect(diagnose({ "a.c": "int f(void)\n{\n\treturn 1 + nowhere;\n}\n" })).toBe(
      ["a.c:3:13: error: 'nowhere' is not declared", "    3 | \treturn 1 + nowhere;", "      | \t           ^~~~~~~", ""].join("\n"),
    );
  });
  it("reports a declaration without a type, at the name", () => {
    expect(diagnose({ "a.c": "static y = 3;\n" })).toBe(
      ["a.c:1:8: error: the declaration of 'y' names no type, and C has had no implicit int since C99", "    1 | static y = 3;", "      |        ^", ""].join(
        "\n",
      ),
    );
    expect(diagnose({ "a.c": "old(x)\n{\n\treturn x;\n}\n" })).toContain("a.c:1:1: error: the declaration of 'old' names no type");
    expect(inFunction("\tconst w = 2;")).toContain("a.c:4:8: error: the declaration of 'w' names no type");
  });
  it("treats an undeclared word before a name as an unknown type", () => {
    expect(diagnose({ "a.c": "u46 counter;\n" })).toContain("a.c:1:1: error: unknown type name 'u46'");
    expect(diagnose({ "a.c": "int f(u46 *x, u46);\n" })).toContain("error: unknown type name 'u46'");
  });
  it("counts a tab as one column and repeats it before the mark", () => {
    expect(inFunction("\tif (a)\t\treturn\tgone;")).toContain(
      "a.c:4:17: error: 'gone' is not declared\n    4 | \tif (a)\t\treturn\tgone;\n      | \t      \t\t      \t^~~~\n",
    );
  });
  it("marks the whole expression", () => {
    expect(inFunction("return p * 3;")).toContain("a.c:4:8: error: invalid operands to '*'\n    4 | return p * 3;\n      |        ^~~~~\n");
  });
  it("continues after an error, and reports a name once", () => {
    const text = inFunction("a = gone;\nif (a) { a = gone; a = lost; }\nreturn p->b;");
    expect(text.match(/error: .*/g)).toEqual(["error: 'gone' is not declared", "error: 'lost' is not declared", "error: struct s has no member 'b'"]);
  });
  it("finds the function after one with unbalanced parentheses", () => {
    const text = diagnose({ "a.c": "int f(void)\n{\n\treturn f(1;\n}\nint g(void)\n{\n\treturn x;\n}\n" });
    expect(text.match(/a\.c:.*/g)).toEqual(["a.c:3:12: error: expected ')' before ';'", "a.c:7:9: error: 'x' is not declared"]);
  });
  it("cuts a long line to the part around the place", () => {
    const text = inFunction(`return ${"a + ".repeat(100)}gone;`);
    const [, line = "", mark = ""] = text.split("\n");
    expect(line.length).toBeLessThan(200);
    expect(line.slice(mark.indexOf("^"), mark.indexOf("^") + 4)).toBe("gone");
  });
});

describe("an error in a macro is shown with its expansion trail", () => {
  const header = "#define INNER(x) ((x) + missing)\n#define OUTER(x) (1 + \\\n\tINNER(x))\n";
  it("names each macro with the place in its definition, outermost first", () => {
    expect(diagnose({ "m.h": header, "a.c": '#include "m.h"\nint f(void)\n{\n\treturn OUTER(2);\n}\n' })).toBe(
      [
        "a.c:4:9: error: 'missing' is not declared",
        "    4 | \treturn OUTER(2);",
        "      | \t       ^~~~~",
        "m.h:3:2: note: in expansion of macro 'OUTER'",
        "    3 | \tINNER(x))",
        "      | \t^~~~~",
        "m.h:1:25: note: in expansion of macro 'INNER'",
        "    1 | #define INNER(x) ((x) + missing)",
        "      |                         ^~~~~~~",
        "",
      ].join("\n"),
    );
  });
  it("shows an error in a macro's arguments where it is written", () => {
    const text = diagnose({ "a.c": "#define ID(x) x\nint f(void)\n{\n\treturn ID(1 +\n\t\tID(gone));\n}\n" });
    expect(text).toBe(
      [
        "a.c:5:6: error: 'gone' is not declared",
        "    5 | \t\tID(gone));",
        "      | \t\t   ^~~~",
        "a.c:4:9: note: in the arguments of macro 'ID'",
        "    4 | \treturn ID(1 +",
        "      | \t       ^~",
        "",
      ].join("\n"),
    );
  });
  it("follows a macro in an argument", () => {
    const text = diagnose({ "a.c": "#define BAD gone\n#define ID(x) x\nint f(void)\n{\n\treturn ID(BAD);\n}\n" });
    expect(text.match(/^a\.c.*/gm)).toEqual([
      "a.c:5:12: error: 'gone' is not declared",
      "a.c:5:9: note: in the arguments of macro 'ID'",
      "a.c:1:13: note: in expansion of macro 'BAD'",
    ]);
  });
});

describe("an error in a header is shown with the #includes that led there", () => {
  it("innermost first", () => {
    const text = diagnose({ "b.h": "static int b = nowhere;\n", "a.h": '\n#include "b.h"\n', "a.c": 'int x;\n#include "a.h"\n' });
    expect(text).toBe(
      [
        "In file included from a.h:2,",
        "                 from a.c:2:",
        "b.h:1:16: error: 'nowhere' is not declared",
        "    1 | static int b = nowhere;",
        "      |                ^~~~~~~",
        "",
      ].join("\n"),
    );
  });
});

describe("each kind of error has a message and a place", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["int g(void { return 0; }", "1:12: error: expected ')' before '{'"],
    ["int x = ;", "1:9: error: expected an expression before ';'"],
    ["foo_t x;", "1:1: error: unknown type name 'foo_t'"],
    ["struct s x;\nint y = sizeof(struct t);", "2:9: error: invalid application of 'sizeof' to incomplete type"],
    ["int a[-1];", "1:7: error: size of array is negative or too large"],
    ["int x = 08;", "1:9: error: invalid number '08'"],
    ["struct s { int b : 40; };", "1:16: error: width of bit-field exceeds its type"],
    ["struct s { int a; }; struct s { int b; };", "1:22: error: redefinition of 's'"],
    ["int f; int f(void);", "1:12: error: 'f' redeclared as different kind of symbol"],
    ["enum e { A = 1 / 0 };", "1:14: error: the value of an enumerator is not an integer constant"],
    ['_Static_assert(1 == 2, "no");', "1:1: error: static assertion failed: no"],
    ["int x[2] = { 1, 2, 3 };", "1:20: error: excess elements in array initializer"],
    ["struct s { int a; } x = { .b = 1 };", "1:28: error: unknown member 'b' in initializer"],
    ["int f(void) { 1 = 2; return 0; }", "1:15: error: lvalue required as left operand of assignment"],
    ["int g(int); int f(void) { return g(); }", "1:34: error: wrong number of arguments to function 'g': expected 1, have 0"],
    ["int f(int a) { return a(); }", "1:23: error: called object is not a function or function pointer"],
    ["int f(int a) { return *a; }", "1:23: error: invalid type argument of '*' or '->'"],
    ["int f(void) { case 1: return 0; }", "1:15: error: case label not within a switch statement"],
    ["int f(float a) { switch (a) { } return 0; }", "1:26: error: switch quantity not an integer"],
    ["#define F(a, b) a\nint x = F(1);", '2:10: error: macro "F" requires 2 arguments, but only 1 given'],
    ['#include "none.h"', "1:1: error: none.h: no such file"],
    ["#if 1 +\n#endif", "1:1: error: unexpected end of #if expression"],
    ["#if 1 2\n#endif", '1:7: error: missing binary operator before token "2"'],
    ["#error stop", "1:1: error: #error stop"],
    ["#endif", "1:1: error: #endif without #if"],
    ["/* never", "1:1: error: unterminated comment"],
    ["char c = 'a", "1:10: error: missing terminating ' character"],
  ];
  for (const [text, expected] of cases) {
    it(expected.slice(expected.indexOf(": ") + 2), () => {
      expect(diagnose({ "a.c": `${text}\n` })).toContain(`a.c:${expected}\n`);
    });
  }
});
