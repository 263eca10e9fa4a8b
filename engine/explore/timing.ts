// The longest time that a program survives, where a time is a choice: doubling until it does not, then bisection. It
// finds one limit; that everything shorter is survived as well is shown only for the times that were run.

export interface Limit {
  /** The longest time survived (ns), 0 where even the shortest run was not. */
  readonly survived: number;
  /** The shortest time not survived (ns); absent where every time up to the cap was. */
  readonly failed?: number;
  readonly executions: number;
}

/**
 * `survives` runs the program with a time in ns; undefined ends the search (cancelled, or it can't be judged).
 * `step`: the result's precision and the first time tried; `cap`: the longest.
 */
export async function longestSurvived(survives: (ns: number) => Promise<boolean | undefined>, step: number, cap: number): Promise<Limit | undefined> {
  let executions = 0;
  let good = 0;
  let bad: number | undefined;
  const run = async (ns: number): Promise<boolean> => {
    const alive = await survives(ns);
    executions++;
    if (alive === undefined) return false;
    if (alive) good = ns;
    else bad = ns;
    return true;
  };
  for (let ns = step; bad === undefined && good < cap; ns = Math.min(cap, 2 * ns)) if (!(await run(ns))) return undefined;
  while (bad !== undefined && bad - good > step) if (!(await run(good + step * Math.floor((bad - good) / step / 2)))) return undefined;
  return { survived: good, ...(bad === undefined ? {} : { failed: bad }), executions };
}
