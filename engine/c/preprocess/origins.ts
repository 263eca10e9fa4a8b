// The macro calls behind a token, and its location in each replacement list. Recorded only while a token is traced; tokens
// then have the number of their origin instead of a location.
import type { Macro } from "./macro.js";
import { STRIDE } from "../lex/index.js";

/** `site`: location of the macro's name in the call, or the number of an origin. */
interface Call {
  readonly macro: Macro;
  readonly site: number;
}

export class Origins {
  private readonly list: { readonly spell: number; readonly call: Call }[] = [];

  /** A call's replacement list whose tokens have -n instead of their location, where n is the number of an origin. */
  bodyOf(macro: Macro, site: number): Int32Array {
    const call: Call = { macro, site };
    const body = macro.body.slice();
    for (let i = 2; i < body.length; i += STRIDE) body[i] = -this.list.push({ spell: body[i] ?? 0, call });
    return body;
  }

  /** The calls behind a token with `s`, innermost first, with its location in each list, and the location of the outermost call. */
  trace(s: number): { readonly written: number; readonly steps: readonly { readonly macro: Macro; readonly place: number }[] } {
    const steps: { macro: Macro; place: number }[] = [];
    let at = s;
    while (at < 0) {
      const origin = this.list[-at - 1];
      if (origin === undefined) break;
      steps.push({ macro: origin.call.macro, place: origin.spell });
      at = origin.call.site;
    }
    return { written: at, steps };
  }
}
