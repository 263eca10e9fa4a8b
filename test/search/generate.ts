// Random concurrent programs in C: few threads with a few statements each on shared variables, locks, completions and
// sleeps. A seed always gives the same program. The programs do nothing useful; tests check that all outcomes are found.

import { Random } from "../../engine/base/random.js";

const VARIABLES = 2;

function statement(random: Random, thread: number, depth: number): string {
  const x = `x${String(random.below(VARIABLES))}`;
  const y = `x${String(random.below(VARIABLES))}`;
  const l = `l${String(random.below(2))}`;
  const c = `c${String(random.below(2))}`;
  const me = String(thread);
  switch (random.below(depth > 0 ? 12 : 16)) {
    case 0:
    case 1:
      return `${x} = ${String(1 + random.below(3))};`;
    case 2:
    case 3:
      return `saw(${me}, ${x});`;
    case 4:
      return `${x}++;`;
    case 5:
      return `if (${x}) ${y} = ${me};`;
    case 6:
      return `saw(${me}, atomic_add_return(&a, 1));`;
    case 7:
      return `saw(${me}, atomic_cmpxchg(&a, ${String(random.below(2))}, ${me}));`;
    case 8:
      return `complete(&${c});`;
    case 9:
      return `msleep(${String(10 * (1 + random.below(3)))});`;
    case 10:
      return random.below(2) === 0 ? `wake_up(&${c});` : `wake_with(&${c});`;
    case 11:
      return `cpu_relax();`;
    case 12:
      return `spin_lock(&${l}); ${statement(random, thread, depth + 1)} spin_unlock(&${l});`;
    case 13:
      return `mutex_lock(&m); ${statement(random, thread, depth + 1)} mutex_unlock(&m);`;
    case 14:
      return `saw(${me}, wait_for_completion_timeout(&${c}, ${random.below(2) === 0 ? "20 * MS" : "500 * MS"}));`;
    default:
      return `saw(${me}, sleep_on(&${c}, ${random.below(2) === 0 ? "20 * MS" : "2000 * MS"}));`;
  }
}

export function generate(seed: number, threads: number, statements: number): string {
  const random = new Random(seed * 7919 + 1);
  const lines = [
    "int x0; long pad0[2]; int x1; long pad1[2]; spinlock_t l0; long pad2; spinlock_t l1; long pad3; mutex_t m; long pad4;",
    "completion_t c0; long pad5; completion_t c1; long pad6; atomic_t a;",
  ];
  const starts: string[] = [];
  for (let t = 1; t <= threads; t++) {
    const body = Array.from({ length: 1 + random.below(statements) }, () => statement(random, t, 0)).join(" ");
    lines.push(`static void t${String(t)}(void *arg) { ${body} }`);
    starts.push(random.below(5) === 0 ? `run_on(1, t${String(t)});` : `run(t${String(t)});`);
  }
  lines.push(`void test(void) { ${starts.join(" ")} join(); outcome(x0); outcome(x1); outcome(a.counter); }`);
  return lines.join("\n");
}
