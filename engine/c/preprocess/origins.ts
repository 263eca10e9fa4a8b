// How a token came about: through which macro calls, and where its name stands in each replacement list. Kept only while
// somebody asks for it; a token then carries the number of its origin instead of a location.
import type { Macro } from "./macro.js";
import { STRIDE } from "../lex/index.js";

/** A macro's call, and where its name stands there: a location, or the number of an origin. */
interface Call {
  readonly macro: Macro;
  readonly site: number;
}

export class Origins {
  private readonly list: { readonly spell: number; readonly of: Call }[] = [];

  /** A call's replacement list whose tokens have -n in place of their location, where n counts the origins. */
  bodyOf(macro: Macro, site: number): Int32Array {
    const of: Call = { macro, site };
    const body = macro.body.slice();
    for (let i = 2; i < body.length; i += STRIDE) body[i] = -this.list.push({ spell: body[i] ?? 0, of });
    return body;
  }

  /** How a token with `s` came about: the calls, innermost first, with its place in each list; and where it all began. */
  trace(s: number): { readonly written: number; readonly steps: readonly { readonly macro: Macro; readonly place: number }[] } {
    const steps: { macro: Macro; place: number }[] = [];
    let at = s;
    while (at < 0) {
      const origin = this.list[-at - 1];
      if (origin === undefined) break;
      steps.push({ macro: origin.of.macro, place: origin.spell });
      at = origin.of.site;
    }
    return { written: at, steps };
  }
}
