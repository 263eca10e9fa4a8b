// The front end's diagnostics. It never throws on text: it returns diagnostics with its result.

export type Severity = "error" | "warning" | "note";

export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** Location in the SourceMap, 0 if there is none. For a token from a macro: the location of the macro's name. */
  readonly loc: number;
  /** Location of the characters, if a macro produced them. */
  readonly spell?: number;
  /** Location after the marked range, if no macro is involved. */
  readonly end?: number;
  /** Index of the token in the unit, by which the macro expansions behind it can be found. */
  readonly pos?: number;
}
