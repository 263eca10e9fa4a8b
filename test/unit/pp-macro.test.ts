// Macro replacement, case by case as C11 6.10.3 and gcc decide it. Every expected text was also compared with gcc -E.
import { describe, expect, test } from "vitest";
import { expand, run } from "./pp-fixture.js";

describe("replacement", () => {
  test("a name without a call stays, and its call may begin after another expansion", () => {
    expect(expand("#define twice(v) v v\n#define alias twice\ntwice alias(1) alias (2) twice\n(3) twice")).toBe("twice 1 1 2 2 3 3 twice");
  });

  test("rescanning with the text that follows (6.10.3.5, example 3)", () => {
    const source = `
#define n 3
#define fn(a) fn(n * (a))
#undef n
#define n 2
#define go fn
#define arr arr[0]
#define open go(~
#define ap(a) a(pair)
#define pair 0,1
#define self(a) a
#define none() int
#define one(n) n
#define two(n,m) n ## m
#define text(n) # n
fn(y+1) + fn(fn(arr)) % self(self(go)(0) + self)(1);
go(n+(3,4)-pair) | open 5) & ap
(fn)^ap(ap);
none() i[one()] = { one(1), two(2,3), two(4,), two(,5), two(,) };
char c[2][6] = { text(hello), text() };`;
    expect(expand(source)).toBe(
      [
        "fn ( 2 * ( y + 1 ) ) + fn ( 2 * ( fn ( 2 * ( arr [ 0 ] ) ) ) ) % fn ( 2 * ( 0 ) ) + self ( 1 ) ;",
        "fn ( 2 * ( 2 + ( 3 , 4 ) - 0 , 1 ) ) | fn ( 2 * ( ~ 5 ) ) & fn ( 2 * ( 0 , 1 ) ) ^ ap ( 0 , 1 ) ;",
        "int i [ ] = { 1 , 23 , 4 , 5 , } ;",
        'char c [ 2 ] [ 6 ] = { "hello" , "" } ;',
      ].join(" "),
    );
  });

  test("a macro is not expanded within itself, directly or through others", () => {
    expect(expand("#define a b a\n#define b a b\na b")).toBe("a b a b a b");
    expect(expand("#define sys(x) sys(x+1)\nsys(sys(0))")).toBe("sys ( sys ( 0 + 1 ) + 1 )");
  });

  test("a name that was not expanded once is not expanded in later scans", () => {
    expect(expand("#define keep(x) x\n#define self(x) x self\nkeep(self(1))(2)")).toBe("1 self ( 2 )");
    expect(expand("#define obj(x) (x) again\n#define again obj\nobj(1)(2)(3)")).toBe("( 1 ) obj ( 2 ) ( 3 )");
  });

  test("nested calls that the standard leaves open expand as in gcc", () => {
    expect(expand("#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)")).toBe("2 * 9 * g");
    expect(expand("#define nil(x) x\n#define g0(x) nil(g1)(x)\n#define g1(x) nil(x)\ng0(42)")).toBe("42");
    expect(expand("#define m1(x) m2 x\n#define m2(x) m1 x\nm1(m2)(m1)(3)")).toBe("m2 m1 m2 3");
  });

  test("parentheses from macros delimit calls only where they are rescanned", () => {
    const source = "#define open (\n#define close )\n#define none\n#define add(x, y) x + y\n#define later(x) x none\n#define scan(x) x\n";
    expect(expand(`${source}add open 1, 2 close`)).toBe("add ( 1 , 2 )");
    expect(expand(`${source}later(add)(1,2) | scan(later(add)(1,2))`)).toBe("add ( 1 , 2 ) | 1 + 2");
  });

  test("arguments: empty ones, commas in parentheses, line ends, directives in between", () => {
    expect(expand("#define two(a,b) <a|b>\ntwo(,) two((1,2),[3) two(\n4\n,\n5\n)")).toBe("< | > < ( 1 , 2 ) | [ 3 > < 4 | 5 >");
    expect(expand("#define two(a,b) <a|b>\ntwo(1,\n#if 0\n no\n#else\n#define late 7\n late\n#endif\n)")).toBe("< 1 | 7 >");
    expect(expand("#define one(a) <a>\none\n#define other 1\n(1) one")).toBe("one ( 1 ) one");
  });

  test("invalid calls are reported and leave the name", () => {
    const { text, diagnostics } = run("#define two(a,b) a b\ntwo(1) x\ntwo(1,2,3) y\ntwo(1,");
    expect(text).toBe("two x two y two");
    expect(diagnostics).toEqual([
      '2: macro "two" requires 2 arguments, but only 1 given',
      '3: macro "two" passed 3 arguments, but takes just 2',
      '4: unterminated argument list invoking macro "two"',
    ]);
  });

  test("arguments end with the file they begin in", () => {
    const { text, diagnostics } = run('#define one(a) <a>\n#include "part.h"\n1) one\n#include "name.h"\n(2)', {
      files: { "part.h": "one(", "name.h": "one" },
    });
    expect(text).toBe("one 1 ) one one ( 2 )");
    expect(diagnostics).toEqual(['1: unterminated argument list invoking macro "one"']);
  });
});

describe("the # operator", () => {
  const source = "#define text(x...) #x\n#define xtext(x...) text(x)\n#define none\n#define id(a) a\n";
  test.each([
    ["text(f(\"a\\0b\", '\\4') == 0)", '"f(\\"a\\\\0b\\", \'\\\\4\') == 0"'],
    ["text( a  /* c */ b )", '"a b"'],
    ["text(a\n  b)", '"a b"'],
    ['text(\'"\' L"x" @)', '"\'\\"\' L\\"x\\" @"'],
    ["text()", '""'],
    ["xtext( a  b )", '"a b"'],
    ["xtext(id(a)b)", '"ab"'],
    ["xtext(id( a ) b)", '"a b"'],
    ["xtext(none a)", '"a"'],
    ["xtext(a none b)", '"a b"'],
    ["xtext(-none-)", '"--"'],
    ["xtext(- id()-)", '"- -"'],
    ["xtext(.id(a).)", '".a."'],
    ["xtext(id\n(3))", '"3"'],
    ["xtext(id (1) 2)", '"1 2"'],
  ])("%s", (call, expected) => {
    expect(expand(source + call)).toBe(expected);
  });

  test("is a plain token in an object-like macro", () => {
    expect(expand("#define hash # x\nhash")).toBe("# x");
  });
});

describe("the ## operator", () => {
  const source = "#define cat(a,b) a##b\n#define xcat(a,b) cat(a,b)\n";
  test.each([
    ["cat(1,2) cat(x,1) cat(.,5) cat(-,>) cat(L,'a') cat(u8,\"x\") cat(1e,+)", "12 x1 .5 -> L'a' u8\"x\" 1e+"],
    ["xcat(cat(a,b),cat(c,d)) cat(cat,(1,2))", "abcd cat(1,2)"],
    ["#define e(a,b,c) a##b##c\ne(x,,) e(,y,) e(,,z) e(x,,z) [e(,,)]", "x y z xz [ ]"],
    ["#define pre x1 ## 2 ## _t\npre", "x12_t"],
    ["#define ab AB\ncat(a,b)", "AB"],
    ["#define par(x) <x ## _t x>\n#define q 1\npar(q)", "< q_t 1 >"],
    ["#define sp(a,b) a ## b\nsp( p , q ) sp(p q, r s)", "pq p qr s"],
  ])("%s", (call, expected) => {
    const { text } = run(source + call);
    expect(text.replaceAll(" ", "")).toBe(expected.replaceAll(" ", ""));
  });

  test("the result of ## is not an operator (6.10.3.3, example)", () => {
    expect(expand("#define hh # ## #\n#define mk(a) # a\n#define mid(a) mk(a)\n#define join(c, d) mid(c hh d)\njoin(x, y)")).toBe('"x ## y"');
  });

  test("tokens that do not join are kept, with an error", () => {
    expect(run("#define cat(a,b) a##b\ncat(+,x)")).toMatchObject({
      text: "+ x",
      diagnostics: ['2: pasting "+" and "x" does not give a valid preprocessing token'],
    });
  });
});

describe("variable arguments", () => {
  test("__VA_ARGS__, also empty and in strings (6.10.3.5, example 7)", () => {
    expect(expand("#define list(...) puts(#__VA_ARGS__)\nlist(one, two,  three.) list()")).toBe('puts ( "one, two, three." ) puts ( "" )');
    expect(expand("#define log(t, ...) ((t)?puts(#t):p(__VA_ARGS__))\nlog(x>y, 1, (2,3))")).toBe('( ( x > y ) ? puts ( "x>y" ) : p ( 1 , ( 2 , 3 ) ) )');
  });

  test("GNU: `, ##` removes the comma if the arguments are omitted, not if they are empty", () => {
    const source = "#define pr(f, ...) p(f, ##__VA_ARGS__)\n#define pn(f, args...) p(f , ## args)\n#define only(...) p(0, ## __VA_ARGS__)\n#define seven 7\n";
    expect(expand(`${source}pr("a") pr("a",) pr("a", seven, seven)`)).toBe('p ( "a" ) p ( "a" , ) p ( "a" , 7 , 7 )');
    expect(expand(`${source}pn("b") pn("b", c, d) only() only(1) only(1,2)`)).toBe('p ( "b" ) p ( "b" , c , d ) p ( 0 ) p ( 0 , 1 ) p ( 0 , 1 , 2 )');
  });

  test("__VA_OPT__ expands only if the arguments are not blank", () => {
    const source = "#define none\n#define opt(a, ...) h(a __VA_OPT__(,) __VA_ARGS__)\n#define join(x, ...) x ## __VA_OPT__(_b c) e\n";
    expect(expand(`${source}opt(1) opt(1,2) opt(1,) opt(1,none)`)).toBe("h ( 1 ) h ( 1 , 2 ) h ( 1 ) h ( 1 )");
    expect(expand(`${source}join(a) join(a, 1)`)).toBe("a e a_b c e");
  });
});

describe("built-in macros", () => {
  test("__LINE__ is the line of the outermost call, but within arguments that of the name itself", () => {
    const source =
      "#define id(x) x\n#define here __LINE__\n#define body(x) x __LINE__ here\nid(\n id(here\n  __LINE__)\n body(\n here)\n)\nbody(\n0)\nid\n(\nhere) here";
    expect(expand(source)).toBe("5 6 8 7 7 0 10 10 14 14");
  });

  test("__FILE__, __INCLUDE_LEVEL__, __BASE_FILE__, __COUNTER__", () => {
    const files = { "include/a.h": "__FILE__ __INCLUDE_LEVEL__ __BASE_FILE__" };
    expect(expand("#define two(x) x x\n__FILE__ __INCLUDE_LEVEL__\n#include <a.h>\n__COUNTER__ two(__COUNTER__) __COUNTER__", { files })).toBe(
      '"main.c" 0 "include/a.h" 1 "main.c" 0 1 1 2',
    );
  });

  test("#line changes __LINE__ and __FILE__, but not the places of tokens", () => {
    const { text, result, cache } = run('#line 77 "other.c"\n__LINE__ __FILE__\n# 5\n__LINE__');
    expect(text).toBe('77 "other.c" 5');
    expect(cache.sourceMap.place(result.tokens.loc[2] ?? 0)).toEqual({ file: "main.c", line: 4, column: 1 });
  });
});

describe("definitions", () => {
  test.each([
    ["#define", "no macro name given in #define"],
    ["#define 3", "macro names must be identifiers"],
    ["#define defined", '"defined" cannot be used as a macro name'],
    ["#define f(x,x)", 'duplicate macro parameter "x"'],
    ["#define f(x", 'expected ")" or "," in macro parameter list'],
    ["#define f(..., x)", 'expected ")" or "," in macro parameter list'],
    ["#define f(x) #y", "'#' is not followed by a macro parameter"],
    ["#define f ## a", "'##' cannot appear at either end of a macro expansion"],
    ["#define f a ##", "'##' cannot appear at either end of a macro expansion"],
  ])("%s is refused", (line, message) => {
    expect(run(`${line}\nafter`)).toMatchObject({ text: "after", diagnostics: [`1: ${message}`] });
  });

  test("a second definition is reported only if it differs", () => {
    expect(run("#define a (1  + x)\n#define a (1 + x)\n#define a (1+x)\na")).toMatchObject({ text: "( 1 + x )", diagnostics: ['3: "a" redefined'] });
  });

  test("options define macros, with parameters as well", () => {
    expect(
      expand("a f(2) b", {
        defines: [
          ["a", "1"],
          ["f(x)", "x+x"],
          ["b", ""],
        ],
      }),
    ).toBe("1 2 + 2");
  });
});
