// Preprocessing directives: conditions, includes, pragmas, diagnostics.
import { describe, expect, test } from "vitest";
import { expand, run } from "./pp-fixture.js";

describe("#if", () => {
  test.each([
    "1 ? 2 : (1/0)",
    "!(0 && 1/0) && (1 || 1/0)",
    "-1 > 0u",
    "(-1)/2 == 0 && -7 % 3 == -1",
    "(1 << 63) < 0 && (1u << 63) > 0",
    "0xffffffffffffffff == -1 && 18446744073709551615ULL == -1",
    "9223372036854775807 + 1 < 0 && 9223372036854775808 > 0",
    "0x7fffffffffffffff * 2 == -2 && 0xFFFFFFFFFFFFFFFFu * 0xFFFFFFFFFFFFFFFFu == 1",
    "(1 ? -1 : 0u) > 0",
    "~0 == -1 && ~0u == 0xffffffffffffffff && - -1 == 1",
    "-1 >> 70 == -1 && 1 << -1 == 0 && 4 >> -1 == 8",
    "'a' == 97 && '\\377' > 0 && 'ab' == 24930 && L'\\xffff' == 65535",
    "010 == 8 && 0b101 == 5 && 0x10 == 16",
    "(5 & 3) == 1 && (5 | 3) == 7 && (5 ^ 3) == 6 && 5 - 3 - 1 == 1 && 2 + 3 * 4 == 14",
    "0x300000000 & 0x100000000",
    "unknown == 0 && true == 0",
    "defined __GNUC__ && defined(__powerpc64__) && !defined unknown",
    "via",
    "__has_attribute(__aligned__) && __has_attribute(fallthrough) && !__has_attribute(counted_by)",
    "__has_builtin(__builtin_expect) && !__has_builtin(__builtin_nonesuch)",
    "__has_c_attribute(fallthrough) == 201904L && !__has_c_attribute(aligned) && __has_c_attribute(gnu::aligned)",
    "__GNUC__ == 12 && __SIZEOF_LONG__ == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && _CALL_ELF == 2",
    "-9223372036854775807 - 1 < 0",
  ])("%s", (expression) => {
    expect(expand(`#define via defined(__GNUC__)\n#if ${expression}\nyes\n#else\nno\n#endif`)).toBe("yes");
  });

  test.each([
    ["", "#if with no expression"],
    ["1 +", "unexpected end of #if expression"],
    ["(1", "missing ')' in expression"],
    ["1 1", 'missing binary operator before token "1"'],
    ["1.0", '"1.0" is not an integer constant, which #if requires'],
    ['"s"', 'token "s" is not valid in preprocessor expressions'],
    ["1 ? 2", "'?' without following ':'"],
    ["defined", 'operator "defined" requires an identifier'],
    ["defined(X", `missing ')' after "defined"`],
    ["1/0", "division by zero in #if"],
    ["1 % 0", "division by zero in #if"],
    ["''", "empty character constant"],
  ])("#if %s is an error and counts as false", (expression, message) => {
    const { text, diagnostics } = run(`#if ${expression}\nyes\n#else\nno\n#endif`);
    expect(text).toBe("no");
    expect(diagnostics).toEqual([`1: ${message}`]);
  });

  test("at most one group is taken; later conditions are not evaluated", () => {
    expect(
      expand("#if 0\na\n#elif 1\nb\n#elif 1/0 (\nc\n#else\nd\n#endif\n#ifdef no\ne\n#elifdef __GNUC__\nf\n#endif\n#ifndef no\ng\n#elifndef no\nh\n#endif"),
    ).toBe("b f g");
  });

  test("a skipped group may contain anything but unbalanced conditions", () => {
    expect(expand("#if 0\n don't \"mind\n#error no\n#include <nothing.h>\n#if (((\n#else\n#endif\n#nonsense\n#define a 1\n#endif\na")).toBe("a");
  });

  test("misplaced conditions are reported, and the rest is processed", () => {
    const { text, diagnostics } = run("#else\na\n#endif\n#if 1\nb\n#else\n#else\n#endif\nc\n#ifdef X\nd");
    expect(text).toBe("a b c");
    expect([...diagnostics].sort()).toEqual(["10: unterminated #ifdef", "1: #else without #if", "3: #endif without #if", "7: #else after #else"].sort());
  });
});

describe("#include", () => {
  const files = {
    "include/a.h": "#ifndef A_H\n#define A_H\na\n#endif\n",
    "include/sub/b.h": '#include "c.h"\n#include "../a.h"',
    "include/sub/c.h": "sub_c",
    "include/c.h": "top_c",
    "other/a.h": "other_a\n#include_next <a.h>",
  };
  test("searches the folder of the file first for quotes, then the paths in order", () => {
    expect(expand('#include "sub/b.h"\n#include <c.h>\n#include "c.h"', { files })).toBe("sub_c a top_c top_c");
  });
  test("#include_next continues after the directory of its file", () => {
    expect(expand("#include <a.h>", { files, includePaths: ["other", "include"] })).toBe("other_a a");
  });
  test("supplied texts take precedence over the tree, and are distinguished by their path", () => {
    const { text, result, cache } = run("#include <a.h>", { files, supplied: { "a.h": 'from\n#include "x/y.h"', "x/y.h": "supplied" } });
    expect(text).toBe("from supplied");
    expect(cache.sourceMap.place(result.tokens.loc[1] ?? 0)?.file).toBe("<supplied>/x/y.h");
    expect(result.files).toEqual(["main.c", "<supplied>/a.h", "<supplied>/x/y.h"]);
  });
  test("computed names", () => {
    const source = '#define text(x) #x\n#define angle <a.h>\n#define quote "sub/c.h"\n#define less <\n#define dir sub\n';
    expect(expand(`${source}#include angle\n#include quote\n#include text(c.h)\n#include <sub/c.h>`, { files })).toBe("a sub_c top_c sub_c");
  });
  test("__has_include checks without including", () => {
    expect(
      expand('#define q "c.h"\n#if __has_include(<a.h>) && __has_include("c.h") && __has_include(q) && !__has_include("no.h")\nyes\n#endif', { files }),
    ).toBe("yes");
  });
  test("a missing file is an error at its line, with the paths that were searched", () => {
    const { diagnostics, result, text } = run("\n#include <no.h>\nrest", { files });
    expect(diagnostics).toEqual(["2: no.h: no such file"]);
    expect(result.missing).toEqual(["include/no.h"]);
    expect(text).toBe("rest");
  });
  test("#pragma once", () => {
    expect(expand('#include "o.h"\n#include "./o.h"\n#include <o.h>', { files: { "o.h": "#pragma once\no", "include/o.h": "other" } })).toBe("o other");
  });
  test("forced includes come before the main file", () => {
    expect(expand("#ifdef A_H\nyes\n#endif", { files, forcedIncludes: ["a.h"] })).toBe("a yes");
  });
  test("a file that includes itself stops at a bounded depth", () => {
    const { diagnostics } = run('x\n#include "main.c"');
    expect(diagnostics).toEqual(["2: #include nested depth exceeds 200"]);
  });
});

describe("other directives", () => {
  test("#error and #warning are reported, and no text is lost", () => {
    expect(run("a\n#error It's  broken\nb\n#warning careful /* c */\nc")).toMatchObject({
      text: "a b c",
      diagnostics: ["2: #error It's  broken", "4: #warning careful"],
    });
  });
  test("null, unknown and ignored ones", () => {
    expect(run('#\n# /* nothing */\n#ident "x"\n#frobnicate\na')).toMatchObject({ text: "a", diagnostics: ["4: invalid preprocessing directive #frobnicate"] });
  });
  test("#pragma pack reaches the parser as tokens, from _Pragma too; others do not", () => {
    const source =
      '#define push _Pragma("pack(push,1)")\n#pragma pack(push, 2)\na\n#pragma pack()\n#pragma GCC diagnostic push\npush b _Pragma("pack(pop)") _Pragma("weak x") c';
    expect(expand(source)).toBe("__pragma_pack ( push , 2 ) a __pragma_pack ( ) __pragma_pack ( push , 1 ) b __pragma_pack ( pop ) c");
  });
  test("push_macro and pop_macro", () => {
    expect(expand('#define m 1\n#pragma push_macro("m")\n#undef m\n#define m 2\nm\n_Pragma("pop_macro(\\"m\\")")\nm')).toBe("2 1");
  });
});
