// Static assertions, C11 6.7.10, which may appear among declarations, members and statements.

import { constEval } from "../types/index.js";
import { rvalue } from "./build.js";
import type { Parser } from "./grammar.js";
import { parseText } from "./literals.js";

export function parseStaticAssert(p: Parser): void {
  const from = p.p;
  p.p++;
  p.expect("(");
  const v = constEval(rvalue(p, p.conditional()));
  let text = "";
  if (p.take(",")) {
    text = `: ${parseText(p)}`;
  }
  p.expect(")");
  p.take(";");
  if (v === undefined) p.diagnose("error", "static-assert", "expression in static assertion is not constant", from);
  else if (v === 0n) p.diagnose("error", "static-assert", `static assertion failed${text}`, from);
}
