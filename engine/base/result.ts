// Errors that a user's input can cause are values with a code, not exceptions.

/** A place in a text: path relative to the tree (or the input's name), 1-based line and column. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/** A message for the user. `code` is stable and searchable; `hint` says what to do next. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly place?: Place;
  readonly hint?: string;
}

export type Result<T, E = Problem> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/** `file:line:column: message`, the form that compilers use and editors link, then the hint on a line of its own. */
export function formatProblem(problem: Problem): string {
  const { place, message, hint } = problem;
  const at = place === undefined ? "" : `${place.file}:${String(place.line)}${place.column === undefined ? "" : `:${String(place.column)}`}: `;
  return `${at}${message}${hint === undefined ? "" : `\n  ${hint}`}`;
}
