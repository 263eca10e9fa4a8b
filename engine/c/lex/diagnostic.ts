// What the front end has to say about C text. It never throws on text: it returns these beside its result.

export type Severity = "error" | "warning" | "note";

export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** Global location in the SourceMap; 0 where there is none. Of what a macro produced: of the macro's name. */
  readonly loc: number;
  /** Where the characters stand when a macro produced them. */
  readonly spell?: number;
  /** Location after the last character meant, where no macro has a part in it. */
  readonly end?: number;
  /** Number of the token in the unit, by which the macros that it came out of can be told. */
  readonly pos?: number;
}
