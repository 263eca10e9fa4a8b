// Sharing the text between #includes among translation units, where the meaning of a header differs between units.
import { expect, test } from "vitest";
import { PpCache, preprocess } from "../../engine/c/preprocess/index.js";
import { spelling, treeOf } from "./pp-fixture.js";

const HEADERS = {
  "guarded.h": "#ifndef G\n#define G\nguarded\n#endif\n",
  "asks.h": "#ifdef MODE\nmode MODE\n#else\nplain\n#endif\nvalue(K)\n",
  "sets.h": "#undef K\n#define K set\n#define value(x) <x>\n",
  "once.h": "#pragma once\nonce\n",
  "outer.h": 'before\n#include "guarded.h"\nbetween K\n#include "asks.h"\nafter __FILE__\n',
  "pushes.h": '#pragma push_macro("K")\n#undef K\n#define K pushed\nK\n#pragma pop_macro("K")\nK\n',
  "names.h": "#define glue(a,b) a##b\n#define paste(a,b) glue(a,b)\nint paste(u,__COUNTER__);\n",
  "call.h": "f(1\n",
};

const UNITS = [
  '#include "outer.h"\n#include "once.h"\n#include "once.h"',
  '#define K 1\n#include "outer.h"',
  '#define MODE on\n#include "outer.h"\n#include "outer.h"',
  '#include "sets.h"\n#include "outer.h"\nK',
  '#define G\n#define K 2\n#include "outer.h"\n#include "sets.h"\n#include "asks.h"',
  '#define K 3\n#include "pushes.h"\nK',
  '#include "pushes.h"\nK',
  '#include "names.h"\n#include "names.h"\nint glue(u,__COUNTER__);',
  '#define f(x) [x]\n#include "call.h"\n)',
  '#include "call.h"\n)',
  '#define f(x,y) [x y]\nf(\n#include "guarded.h"\n,K)\n#include "guarded.h"\nK',
  '#include "missing.h"\n#include "outer.h"',
];

test("a unit reads the same after any other", () => {
  const run = (index: number, cache: PpCache, share: boolean): { readonly text: string; readonly diagnostics: readonly string[] } => {
    const options = { includePaths: [], forcedIncludes: [], defines: [], predefined: "", supplied: new Map<string, string>(), cache, share };
    const result = preprocess({ ...options, tree: treeOf({ ...HEADERS, "main.c": UNITS[index] ?? "" }), main: "main.c" });
    const diagnostics = result.diagnostics.map(({ loc, message }) => `${cache.sourceMap.place(loc)?.file ?? ""}: ${message}`);
    return { text: spelling(result).replace(/\bu\d+\b/g, "u#"), diagnostics };
  };
  const alone = UNITS.map((_, index) => run(index, new PpCache(), false));
  for (const first of UNITS.keys()) {
    const cache = new PpCache();
    run(first, cache, true);
    for (const index of UNITS.keys()) expect([index, run(index, cache, true)]).toEqual([index, alone[index]]);
  }
});

test("names built from __COUNTER__ stay distinct within a unit", () => {
  const cache = new PpCache();
  const tree = treeOf({
    "a.h": "#define glue(a,b) a##b\n#define paste(a,b) glue(a,b)\npaste(u,__COUNTER__)\n",
    "b.h": "paste(u,__COUNTER__)\npaste(u,__COUNTER__)\n",
    "1.c": '#include "a.h"\n#include "b.h"\npaste(u,__COUNTER__)',
    "2.c": '#include "a.h"\npaste(u,__COUNTER__)\n#include "b.h"\n#include "b.h"\npaste(u,__COUNTER__)',
  });
  for (const main of ["1.c", "2.c", "1.c", "2.c"]) {
    const result = preprocess({ tree, main, includePaths: [], forcedIncludes: [], defines: [], predefined: "", supplied: new Map(), cache, share: true });
    const names = spelling(result).split(" ");
    expect(new Set(names).size).toBe(names.length);
  }
});
