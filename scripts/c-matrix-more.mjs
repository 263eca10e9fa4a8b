// More generated C programs: folded constants compared with the same expressions at run time, structs of every size as
// arguments, cleanups under random control flow, bit-fields in static data, switches over random ranges, atomic builtins.

import { HEAD, random, short, TYPES, VALUES } from "./c-matrix.mjs";

/** Expressions folded by the compiler must have the values that they have at run time. */
function* constants() {
  const operators = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "<", ">=", "==", "&&", "||"];
  for (const [n, [t]] of TYPES.entries()) {
    const r = random(n + 1000);
    /** @type {string[]} */
    const expressions = [];
    while (expressions.length < 150) {
      const u = TYPES[r(TYPES.length)]?.[0] ?? "int";
      const [a, b, c] = [VALUES[r(VALUES.length)], VALUES[r(VALUES.length)], VALUES[r(VALUES.length)]];
      const op = operators[r(operators.length)] ?? "+";
      if (op === "/" || op === "%") expressions.push(`(A${r(2)}(${t}, ${a})) ${op} ((A1(${u}, ${b})) | 1)`);
      else if (op === "<<" || op === ">>") expressions.push(`(A1(${t}, ${a})) ${op} (${r(7)})`);
      else if (r(5) === 0) expressions.push(`(A1(${t}, ${a})) ? (A1(${u}, ${b})) : (A1(int, ${c}))`);
      else if (r(5) === 0) expressions.push(`${["-", "~", "!"][r(3)]}((A1(${t}, ${a})) ${op} (A1(${u}, ${b})))`);
      else expressions.push(`(A1(${t}, ${a})) ${op} (A1(${u}, ${b}))`);
    }
    const folded = expressions.map((e) => `\t(unsigned long)(${e}),`).join("\n");
    const run = expressions.map((e) => `\tadd((unsigned long)(${e}));`).join("\n");
    yield {
      name: `constants-${short(t)}`,
      text: `${HEAD}#define A0(t, v) (t)(v)\n#define A1(t, v) (t)(v)
static const unsigned long table[] = {\n${folded}\n};
#undef A0\n#undef A1\n#define A0(t, v) ({ volatile t x_ = (t)(v); x_; })\n#define A1(t, v) A0(t, v)
int main(void)
{
	for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++)
		add(table[i]);
	say("folded");
${run}
	say("run");
	return 0;
}
`,
    };
  }
}

/** Structs passed by value: as arguments, results, variable arguments, members, through function pointers. */
function* calls() {
  for (let n = 0; n < 12; n++) {
    const r = random(n + 2000);
    const fields = [];
    for (let i = 0; i <= r(6); i++) fields.push(`${TYPES[1 + r(10)]?.[0]} f${i}${r(3) === 0 ? `[${1 + r(3)}]` : ""};`);
    if (r(2) === 0) fields.push(`double d;`);
    yield {
      name: `calls-${n}`,
      text: `${HEAD}#include <stdarg.h>
struct __attribute__((packed)) s { ${fields.join(" ")} };
struct holder { char before; struct s in; char after; };
static struct s make(int seed)
{
	struct s s;
	unsigned char *p = (void *)&s;
	memset(&s, 0, sizeof(s));
	for (unsigned i = 0; i < sizeof(s); i++)
		p[i] = (unsigned char)(seed * 31 + i * 7) & 0x3f;
	return s;
}
static struct s change(struct s s, int by, struct s *other)
{
	unsigned char *p = (void *)&s;
	struct s old = *other;
	p[0] += by;
	*other = s;
	return by & 1 ? s : old;
}
static int sum(int count, ...)
{
	va_list ap;
	int t = 0;
	va_start(ap, count);
	while (count--) {
		struct s s = va_arg(ap, struct s);
		bytes(&s, sizeof(s));
		t += va_arg(ap, int);
	}
	va_end(ap);
	return t;
}
static struct s deep(struct s a, int n) { return n ? deep(change(a, n, &a), n - 1) : a; }
int main(void)
{
	struct s (*through)(struct s, int, struct s *) = change;
	struct holder h = { 1, make(3), 2 }, k;
	struct s a = make(1), b = through(a, 4, &h.in), c[3] = { a, b, make(9) };
	bytes(&a, sizeof(a)); bytes(&b, sizeof(b)); bytes(&h.in, sizeof(h.in));
	k = h;
	k.in = through(c[2], 5, &c[1]);
	add(h.before + k.after * 10);
	bytes(c, sizeof(c)); bytes(&k.in, sizeof(k.in));
	add(sum(3, a, 1, make(7), 20, deep(b, 3), 300));
	a = b = c[0];
	c[1] = k.before ? a : c[2];
	bytes(c, sizeof(c)); bytes(&(struct s){ 0 }, sizeof(a));
	say("calls");
	return 0;
}
`,
    };
  }
}

/** Scopes with cleanups, left by every kind of jump. */
function* cleanups() {
  for (let n = 0; n < 20; n++) {
    const r = random(n + 3000);
    let id = 0;
    let labels = 0;
    /** @type {(depth: number, loop: boolean, targets: readonly string[]) => string} */
    const block = (depth, loop, targets) => {
      const own = `l${labels++}`;
      /** @type {string[]} */
      const lines = [];
      const reach = [...targets, own];
      const jump = () => {
        const kind = r(loop ? 6 : 4);
        if (kind === 0) return "return n;";
        if (kind === 4) return "break;";
        if (kind === 5) return "continue;";
        return `goto ${reach[r(reach.length)]};`;
      };
      for (let i = 0; i < 2 + r(3); i++) {
        const kind = r(7);
        if (kind < 2 || depth === 0) lines.push(`int v${id} __attribute__((cleanup(end))) = ${id++}; if (--budget < 0) exit_now();`);
        else if (kind === 2) lines.push(`if (pick(${2 + r(4)})) ${jump()}`);
        else if (kind === 3) lines.push(`{ ${block(depth - 1, loop, reach)} }`);
        else if (kind === 4)
          lines.push(
            `for (int i${id} __attribute__((cleanup(end))) = ${id++}, k${id} = 0; k${id} < ${1 + r(3)}; k${id}++) { ${block(depth - 1, true, reach)} }`,
          );
        else if (kind === 5) lines.push(`switch (pick(3) + pick(2)) { case 0: { ${block(depth - 1, loop, reach)} } default: add(${id}); }`);
        else lines.push(`add(({ int w${id} __attribute__((cleanup(end))) = ${id++}; if (pick(4)) ${jump()} w${id - 1} * 3; }));`);
      }
      // At the label, the declarations of the block are alive, so only statements within the block may jump to it.
      return `${lines.join("\n")}\n${own}: add(${id});`;
    };
    // A goto that would skip a declaration is replaced by a return.
    const body = block(3, false, []);
    const text = body.replace(/goto (l\d+);/g, (statement, label) => (jumpsIntoScope(body, label) ? "return n + 1;" : statement));
    yield {
      name: `cleanups-${n}`,
      text: `${HEAD}#include <stdlib.h>
static unsigned state = ${n + 1};
static int budget = 400;
static int pick(int of) { state = state * 1103515245 + 12345; return (state >> 16) % of == 0; }
static void end(int *p) { add(*p + 1000); }
static void exit_now(void) { say("budget"); exit(0); }
static int run(int n)
{
${text}
	return n;
}
int main(void)
{
	for (int i = 0; i < 40; i++)
		add(run(i));
	say("end");
	return 0;
}
`,
    };
  }
}

/** Whether a goto to the label would skip a declaration in the label's block. */
function jumpsIntoScope(/** @type {string} */ body, /** @type {string} */ label) {
  const at = body.indexOf(`${label}: `);
  let depth = 0;
  let start = 0;
  for (let i = at; i >= 0; i--) {
    if (body[i] === "}") depth++;
    else if (body[i] === "{" && depth-- === 0) {
      start = i;
      break;
    }
  }
  // The last declaration directly in the label's block, and the first goto anywhere in the block.
  let lastDeclaration = -1;
  depth = 0;
  for (let i = start + 1; i < at; i++) {
    if (body[i] === "{") depth++;
    else if (body[i] === "}") depth--;
    else if (depth === 0 && body.startsWith("int v", i)) lastDeclaration = i;
  }
  const first = body.indexOf(`goto ${label};`, start);
  return (first >= 0 && first < lastDeclaration) || /\(\{/.test(body.slice(start - 2, start + 1));
}

/** Bit-fields in static data, compared with the same initialiser of automatic objects. */
function* staticFields() {
  for (let n = 0; n < 15; n++) {
    const r = random(n + 4000);
    const members = [];
    const values = [];
    for (let i = 0; i < 3 + r(6); i++) {
      const [type, bits] = TYPES[r(11)] ?? ["int", 32];
      const width = 1 + r(bits);
      members.push(r(5) === 0 ? `${type} m${i};` : `${type} m${i} : ${Math.min(width, type === "_Bool" ? 1 : bits)};`);
      values.push(r(4) === 0 ? "" : `.m${i} = ${VALUES[r(VALUES.length)]}, `);
      if (r(6) === 0) members.push(`unsigned : ${r(2) === 0 ? 0 : 3};`);
    }
    const packed = r(3) === 0 ? " __attribute__((packed))" : "";
    yield {
      name: `static-fields-${n}`,
      text: `${HEAD}struct s { ${members.join(" ")} }${packed};
struct outer { char c; struct s in[2]; union { struct s u; unsigned char b; }; };
#define INIT { ${values.join("")} }
static struct s one = INIT;
static const struct outer more = { 1, { INIT, [1] = INIT }, { .u = INIT } };
int main(void)
{
	struct s local = INIT, copy;
	struct outer here = { 1, { INIT, [1] = INIT }, { .u = INIT } };
	memset(&copy, 0, sizeof(copy));
	bytes(&one, sizeof(one)); say("static");
	bytes(&more, sizeof(more)); say("nested");
${members
  .flatMap((m) => (/ (m\d+)/.exec(m)?.[1] ? [/ (m\d+)/.exec(m)?.[1]] : []))
  .map((m) => `\tcopy.${m} = one.${m}; add(local.${m} == one.${m}); add(here.in[1].${m} == more.u.${m}); add((unsigned long)local.${m});`)
  .join("\n")}
	say("members");
	bytes(&copy, sizeof(copy)); say("copied");
	return 0;
}
`,
    };
  }
}

/** Random case labels and ranges of each type, compared with equivalent comparisons. */
function* switches() {
  for (const [n, [t, bits, signed]] of TYPES.slice(1, 11).entries()) {
    const r = random(n + 5000);
    const max = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
    const min = signed ? -max - 1n : 0n;
    const points = new Set([min, max]);
    while (points.size < 24) {
      const v = BigInt(r(1 << 30)) * (r(2) === 0 ? 1n : BigInt(r(1 << 30))) * (signed && r(2) === 0 ? -1n : 1n);
      if (v >= min && v <= max) points.add(r(3) === 0 ? BigInt(r(100)) : v);
    }
    const sorted = [...points].sort((a, b) => (a < b ? -1 : 1));
    const literal = (/** @type {bigint} */ v) =>
      v < 0n ? `(${v + 1n}${bits > 32 ? "L" : ""} - 1)` : `${v}${bits > 32 ? (signed ? "L" : "UL") : signed ? "" : "u"}`;
    const cases = [];
    const tests = [];
    for (let i = 0; i + 1 < sorted.length; i += 2) {
      const [a = 0n, b = 0n] = [sorted[i], sorted[i + 1]];
      const range = r(2) === 0;
      cases.push(`\tcase ${range ? `${literal(a)} ... ${literal(b)}` : `${literal(a)}`}: x = ${i + 1}; ${r(3) === 0 ? "" : "break;"}`);
      tests.push(range ? `v >= ${literal(a)} && v <= ${literal(b)}` : `v == ${literal(a)}`);
    }
    yield {
      name: `switches-${short(t)}`,
      text: `${HEAD}
static int chosen(${t} v) { int x = 0; switch (v) {\n${cases.join("\n")}\n\tbreak; default: x = -1; } return x; }
static int tested(${t} v) { ${tests.map((test, i) => `if (${test}) return ${i};`).join(" ")} return -1; }
int main(void)
{
	static const ${t} at[] = { ${sorted.map(literal).join(", ")} };
	for (unsigned i = 0; i < sizeof(at) / sizeof(*at); i++)
		for (int d = -2; d <= 2; d++) {
			add(chosen((${t})(at[i] + d)));
			add(tested((${t})(at[i] + d)));
		}
	say("switch");
	return 0;
}
`,
    };
  }
}

/** Each atomic builtin on each type. */
function* atomics() {
  for (const [t] of TYPES.slice(1, 11)) {
    const operations = ["add", "sub", "and", "or", "xor", "nand"];
    yield {
      name: `atomics-${short(t)}`,
      text: `${HEAD}static const unsigned long values[] = { ${VALUES.join(", ")} };
#define COUNT (sizeof(values) / sizeof(*values))
int main(void)
{
	for (unsigned i = 0; i < COUNT; i++)
		for (unsigned k = 0; k < COUNT; k++) {
			${t} v = (${t})values[i], w = (${t})values[k], e = w, o = v;
${operations.map((op) => `\t\t\tadd(__atomic_fetch_${op}(&v, w, __ATOMIC_SEQ_CST)); add(__atomic_${op}_fetch(&v, w, __ATOMIC_RELAXED)); add(__sync_fetch_and_${op}(&v, w)); add(__sync_${op}_and_fetch(&v, w));`).join("\n")}
			add(__atomic_compare_exchange_n(&v, &e, o, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)); add(e); add(v);
			add(__sync_val_compare_and_swap(&v, o, w)); add(v);
			add(__atomic_exchange_n(&v, w, __ATOMIC_ACQ_REL)); add(v);
		}
	say("atomics");
	return 0;
}
`,
    };
  }
}

export function* moreMatrixPrograms() {
  yield* constants();
  yield* calls();
  yield* cleanups();
  yield* staticFields();
  yield* switches();
  yield* atomics();
}
