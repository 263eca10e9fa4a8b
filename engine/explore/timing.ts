// The longest time that a program survives, for a parameter that is a time: doubling until it does not, then bisection.
// It finds one limit; that the program survives shorter times is shown only for those that were run.

export interface Limit {
  /** The longest time survived (ns); 0 if not even the shortest was. */
  readonly survived: number;
  /** The shortest time not survived (ns); absent if every time up to the cap was survived. */
  readonly failed?: number;
  readonly executions: number;
}

/**
 * `survives` runs the program with a time in ns; undefined ends the search (cancelled, or it cannot be judged).
 * `step`: the result's precision and the shortest time; `cap`: the longest time.
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
