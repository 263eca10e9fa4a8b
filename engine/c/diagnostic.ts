// What the front end has to say about C text. It never throws on text: it returns these beside its result.

export type Severity = "error" | "warning" | "note";

export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** Global location in the SourceMap; 0 where there is none. */
  readonly loc: number;
  /** Where the characters stand when a macro produced them. */
  readonly spell?: number;
}
