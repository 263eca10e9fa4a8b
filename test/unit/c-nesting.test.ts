// Text with unlimited nesting or repetition is refused with a diagnostic or compiled, and quickly.

import { describe, expect, it } from "vitest";
import { link } from "../../engine/c/link/link.js";
import { compileProgram } from "../../engine/machine/machine.js";
import { unitOf } from "./pp-fixture.js";

/** The first diagnostic of the whole compiler for a text; empty if there is none. */
function firstDiagnostic(text: string, runs = true): string {
  const { cache, pp, unit } = unitOf({ "a.c": text });
  const place = (loc: number): { file: string; line: number } => cache.sourceMap.place(loc) ?? { file: "a.c", line: 1 };
  const program = link(
    [{ unit, origin: "tree", place }],
    unit.symbols.map((sym) => sym.link),
  );
  if (runs) compileProgram(program, { preemptible: true });
  const cannot = program.functions.flatMap((f) => f.blocks.flatMap((b) => b.code.flatMap((i) => (i.k === "cannot" ? [i.why] : []))));
  return [...pp.diagnostics, ...unit.diagnostics][0]?.message ?? cannot[0] ?? "";
}

const N = 20_000;
const r = (text: string, times = N): string => text.repeat(times);
const numbered = (times: number, text: (i: number) => string): string => Array.from({ length: times }, (_, i) => text(i)).join("");
const inFunction = (text: string): string => `int f(int a, int *p) { ${text} }`;

const NESTED = /nested deeper than 400 levels|nested too deeply/;
const LONG = /more than 1000 operators in a row/;

const cases: readonly (readonly [string, string, RegExp])[] = [
  ["parentheses", `int x = ${r("(")}1${r(")")};`, NESTED],
  ["parentheses never closed", `int x = ${r("(")}`, NESTED],
  ["braces", inFunction(`${r("{")}${r("}")}`), NESTED],
  ["brackets", inFunction(`return ${r("p[")}0${r("]")};`), NESTED],
  ["minus signs", inFunction(`return ${r("- ")}a;`), NESTED],
  ["negations", inFunction(`return ${r("!")}a;`), NESTED],
  ["stars", inFunction(`return ${r("*")}p;`), NESTED],
  ["casts", inFunction(`return ${r("(int)")}a;`), NESTED],
  ["sizeof", inFunction(`return ${r("sizeof ")}a;`), NESTED],
  ["?:", inFunction(`return ${r("a?")}1${r(":1")};`), NESTED],
  ["?: to the right", inFunction(`return ${r("a?1:")}1;`), NESTED],
  ["assignments", inFunction(`return ${r("a=")}1;`), NESTED],
  ["calls", inFunction(`return ${r("f(")}1${r(")")};`), NESTED],
  ["statement expressions", inFunction(`return ${r("({")}1${r(";})")};`), NESTED],
  ["_Generic", inFunction(`return ${r("_Generic(a,int:")}1${r(")")};`), NESTED],
  ["compound literals", inFunction(`return ${r("(int){")}1${r("}")};`), NESTED],
  ["else if", inFunction(`${r("if(a){}else ")}; return 0;`), NESTED],
  ["loops", inFunction(`${r("for(;;)")}; return 0;`), NESTED],
  ["labels", inFunction(`${numbered(N, (i) => `l${String(i)}:`)}; return 0;`), NESTED],
  ["initialisers", `int x[] = ${r("{")}1${r("}")};`, NESTED],
  ["structs", `${r("struct {")}int a;${r("} b;")}`, NESTED],
  ["typeof", `${r("typeof(")}int${r(")")} a;`, NESTED],
  ["_Alignas", `${r("_Alignas(")}8${r(")")} int a;`, NESTED],
  ["declarators in parentheses", `int ${r("(")}a${r(")")};`, NESTED],
  ["functions of functions", `int f(${r("int (*)(")}int${r(")")});`, NESTED],
  ["parentheses in #if", `#if ${r("(")}1${r(")")}\n#endif\nint x;`, NESTED],
  ["negations in #if", `#if ${r("!")}1\n#endif\nint x;`, NESTED],
  ["?: in #if", `#if ${r("1?")}1${r(":1")}\n#endif\nint x;`, NESTED],
  ["macro calls in macro calls", `#define F(x) x\nint x = ${r("F(")}1${r(")")};`, /macro (expansion|calls)/],
  ["a file that includes itself", '#include "a.c"\n', /#include nested depth exceeds 200/],
  ["sums", inFunction(`return ${r("a+")}1;`), LONG],
  ["&&", inFunction(`return ${r("a&&")}1;`), LONG],
  ["commas", inFunction(`return ${r("a,")}1;`), LONG],
  ["members", `struct s { struct s *n; }; struct s *f(struct s *a) { return a${r("->n")}; }`, LONG],
  ["pointers to pointers", `int ${r("*")}a;`, /derived in more than 250 steps/],
  ["arrays of arrays", `int a${r("[1]")};`, NESTED],
  ["a chain of array types", `typedef int t0;${numbered(500, (i) => `typedef t${String(i)} t${String(i + 1)}[1];`)}`, /derived in more than 250 steps/],
  ["a chain of structs", `struct s0{int a;};${numbered(500, (i) => `struct s${String(i + 1)}{struct s${String(i)} m;};`)}`, /structs in one another/],
  ["parameters", `int g(${r("int,")}int);`, /more than 900 parameters/],
  ["digits", `int x = ${r("1")};`, /too many digits/],
  ["wrong declarations", r("x;"), /names no type/],
  ["statements", inFunction(`${r("a += p[a];", 30_000)} return 0;`), /larger than a function that can be run/],
  ["a variable larger than memory", "char x[0x7fffffff]; int f(void) { return x[5]; }", /leaves no room in memory/],
  ["constant sums", `int x = ${r("1+")}1;`, /^$/],
  ["cases", inFunction(`switch (a) { ${numbered(5000, (i) => `case ${String(i)}:`)}; } return 0;`), /^$/],
  ["declarators", `int ${r("a,")}b;`, /^$/],
  ["__extension__", `${r("__extension__ ")}int a;`, /^$/],
  ["qualifiers", `${r("const ")}int a;`, /^$/],
  ["a long assertion", `_Static_assert(0, "${r("a")}");`, /static assertion failed/],
];

describe("text that nests or repeats", () => {
  for (const [name, text, expected] of cases) {
    it(name, () => {
      expect(firstDiagnostic(text)).toMatch(expected);
    });
  }

  it("ten megabytes of parentheses get their diagnostic", () => {
    expect(firstDiagnostic(`int x = ${r("(", 5_000_000)}1${r(")", 5_000_000)};`, false)).toMatch(NESTED);
  });
});
