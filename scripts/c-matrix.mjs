// Generates small C programs by language area: every pair of types with every operator, bit-fields of all shapes, struct
// layouts and initialisers, control flow with labels in unusual places. The list is the same every time.

/** Name, bits, signedness. @type {readonly (readonly [string, number, boolean])[]} */
export const TYPES = [
  ["_Bool", 1, false],
  ["signed char", 8, true],
  ["unsigned char", 8, false],
  ["short", 16, true],
  ["unsigned short", 16, false],
  ["int", 32, true],
  ["unsigned int", 32, false],
  ["long", 64, true],
  ["unsigned long", 64, false],
  ["long long", 64, true],
  ["unsigned long long", 64, false],
  ["__int128", 128, true],
  ["unsigned __int128", 128, false],
];
const FLOATS = ["float", "double"];
export const VALUES = [
  "0",
  "1",
  "-1",
  "2",
  "-7",
  "100",
  "127",
  "128",
  "255",
  "-128",
  "32767",
  "-32768",
  "65535",
  "0x7fffffff",
  "-0x7fffffff - 1",
  "0xffffffffu",
  "0x100000000",
  "0x7fffffffffffffff",
  "-0x7fffffffffffffff - 1",
  "0xfedcba9876543210",
];

/** @typedef {{ k: "int" } | { k: "array", of: Shape, len: number } | { k: "struct", fields: Shape[] }} Shape */

export const HEAD = `#include <stdio.h>
#include <string.h>
static unsigned long hash;
static void add(unsigned long v) { hash = (hash ^ v) * 0x100000001b3UL + (hash >> 29); }
static void add128(unsigned __int128 v) { add(v); add(v >> 64); }
static void bytes(const void *p, unsigned long n) { const unsigned char *c = p; while (n--) add(*c++); }
static void say(const char *what) { printf("%s %016lx\\n", what, hash); hash = 0; }
`;

/** A deterministic pseudo-random number generator. @param {number} seed */
export function random(seed) {
  let x = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x2545f491) >>> 0 || 1;
  return (/** @type {number} */ n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x % n;
  };
}

export const short = (/** @type {string | number | boolean | undefined} */ type) =>
  String(type)
    .replace(/unsigned /g, "u")
    .replace(/signed /g, "s")
    .replace(/[ _]/g, "");

function* operators() {
  for (const [t] of TYPES) {
    for (const [u, ubits] of TYPES) {
      if (t === "__int128" && u !== "int" && ubits !== 128) continue;
      const loop = (/** @type {string} */ body) =>
        `for (unsigned i = 0; i < N; i++) for (unsigned j = 0; j < N; j++) { T a = (T)v[i]; U b = (U)v[j]; ${body} }`;
      const ops = ["+", "-", "*", "&", "|", "^", "<", ">", "<=", ">=", "==", "!=", "&&", "||"];
      let body = "";
      for (const op of ops) body += `\t${loop(`add128(a ${op} b);`)} say("${op}");\n`;
      // An overflowing quotient is undefined, so the dividend is halved.
      for (const op of ["/", "%"]) body += `\t${loop(`if (b) add128((a / 2) ${op} b);`)} say("${op}");\n`;
      for (const op of ["<<", ">>"]) body += `\t${loop(`add128(a ${op} (U)(b & (sizeof(+a) * 8 - 1)));`)} say("${op}");\n`;
      body += `\t${loop("add128(i > j ? a : b); add128(a ?: b); add(sizeof(a + b)); add(sizeof(1 ? a : b));")} say("?:");\n`;
      body += `\t${loop("add128((U)a); add128((T)b); add128(-a); add128(~a); add(!a); add128(+b);")} say("unary");\n`;
      for (const op of ["+", "-", "*", "&", "|", "^"]) body += `\t${loop(`T c = a; add128(c ${op}= b); add128(c);`)} say("${op}=");\n`;
      for (const op of ["/", "%"]) body += `\t${loop(`T c = a / 2; if (b) { c ${op}= b; add128(c); }`)} say("${op}=");\n`;
      for (const op of ["<<", ">>"]) body += `\t${loop(`T c = a; c ${op}= (U)(b & (sizeof(+a) * 8 - 1)); add128(c);`)} say("${op}=");\n`;
      body += `\t${loop("T c = a; add128(c++); add128(c); add128(--c); add128(c--); add128(++c); bytes(&c, sizeof(c));")} say("++");\n`;
      body += `\t${loop("memory[i & 3] = a; memory[i & 3] += b; add128(memory[i & 3]--); S s = { b, a }; s.t ^= s.u; add128(s.t); add128(f(a, b, a)); bytes(&s.t, sizeof(T));")} say("memory");\n`;
      const text = `${HEAD}typedef ${t} T;\ntypedef ${u} U;\nstatic const __int128 v[] = { ${VALUES.join(", ")} };
#define N (sizeof(v) / sizeof(*v))\nstatic T memory[4];\ntypedef struct { U u; T t; } S;\nstatic U f(T a, U b, U c) { return a + b - c; }\nint main(void)\n{\n${body}\treturn 0;\n}\n`;
      yield { name: `operators-${short(t)}-${short(u)}`, text };
    }
  }
}

function* overflows() {
  const types = TYPES.filter(([, bits]) => bits !== 1 && bits !== 128);
  for (const [r] of types) {
    if (String(r).includes("long long")) continue;
    let body = "";
    for (const [t] of types) {
      for (const [u] of types) {
        if (String(t).includes("long long") || String(u).includes("long long")) continue;
        body += `\tfor (unsigned i = 0; i < N; i++) for (unsigned j = 0; j < N; j++) { ${r} r; ${t} a = (${t})v[i]; ${u} b = (${u})v[j];`;
        for (const op of ["add", "sub", "mul"]) body += ` add(__builtin_${op}_overflow(a, b, &r)); add(r);`;
        body += ` } say("${t} ${u}");\n`;
      }
    }
    yield {
      name: `overflow-${short(r)}`,
      text: `${HEAD}static const __int128 v[] = { ${VALUES.join(", ")} };\n#define N (sizeof(v) / sizeof(*v))\nint main(void)\n{\n${body}\treturn 0;\n}\n`,
    };
  }
}

function* floats() {
  for (const t of FLOATS) {
    for (const [u, bits] of TYPES) {
      const values = "0.0, 0.25, 0.5, 1.0, 1.5, 2.75, 99.99, 126.5, -0.75, -1.5, -100.25, 30000.5, 1e6, -2e6, 1e9, 1e15, -3e17, 1e20";
      const body = `for (unsigned i = 0; i < N; i++) { T a = v[i]; if (a > -1 && a < (bits >= 64 ? 9e18 : bits > 8 ? (1LL << (bits - 1)) : 100)) { U b = (U)a; add128(b); T c = b; bytes(&c, sizeof(c)); b += a / 4; add128(b); c = a; c *= b; bytes(&c, sizeof(c)); c -= b; c /= 3; bytes(&c, sizeof(c)); add(a < b); add(a == b); add(a >= b); add(!a); add(a && b); double d = a + b; bytes(&d, 8); d = i & 1 ? a : b; bytes(&d, 8); } } say("mixed");`;
      yield {
        name: `floats-${t}-${short(u)}`,
        text: `${HEAD}typedef ${t} T;\ntypedef ${u} U;\nstatic const double v[] = { ${values} };\n#define N (sizeof(v) / sizeof(*v))\nenum { bits = ${bits} };\nint main(void)\n{\n\t${body}\n\treturn 0;\n}\n`,
      };
    }
  }
}

const FIELD_TYPES = TYPES.filter(([, bits]) => Number(bits) <= 64);

/** Bit-fields among other members. */
function* bitFields() {
  for (let n = 0; n < 60; n++) {
    const r = random(n * 77);
    const attribute = ["", "", "__attribute__((packed))", "__attribute__((aligned(8)))", "__attribute__((packed, aligned(2)))"][r(5)];
    const members = [];
    const names = [];
    for (let i = 0; i < 4 + r(6); i++) {
      const [type, bits] = FIELD_TYPES[r(FIELD_TYPES.length)] ?? ["int", 32];
      const kind = r(8);
      const width = 1 + r(Number(bits));
      if (kind === 0) members.push(`${type} : ${r(2) === 0 ? 0 : width};`);
      else if (kind === 1) {
        members.push(`${type} m${i};`);
        names.push(`m${i}`);
      } else {
        members.push(`${type} m${i} : ${width};`);
        names.push(`m${i}`);
      }
    }
    names.push("last");
    const set = names.map((name, i) => `s.${name} = ${["-1", "x", "x * 3", "5", "x >> 3", "~x"][i % 6]}; bytes(&s, sizeof(s)); add(s.${name});`).join("\n\t\t");
    const change = names
      .map(
        (name, i) =>
          [
            `add(s.${name}++);`,
            `add(++s.${name});`,
            `add(s.${name} += x);`,
            `s.${name} ^= 0x55; add(s.${name});`,
            `add(s.${name} = y);`,
            `add(s.${name}-- - 1 < 0);`,
          ][i % 6],
      )
      .join("\n\t\t");
    const text = `${HEAD}struct s { ${members.join(" ")} unsigned last : 3; } ${attribute};
static struct s g = { ${names.map((name, i) => `.${name} = ${i % 2 === 0 ? -1 : i * 37}`).join(", ")} };
static struct s swap(struct s a) { a.last = ~a.last; return a; }
int main(void)
{
	printf("%zu %zu\\n", sizeof(struct s), _Alignof(struct s));
	bytes(&g, sizeof(g)); say("static");
	for (long x = -3; x < 1000; x = x * 5 + 11) {
		struct s s; long y = x * 7 - 3;
		memset(&s, x & 1 ? 0xff : 0, sizeof(s));
		${set}
		say("set");
		${change}
		bytes(&s, sizeof(s)); say("change");
		struct s t = swap(s), *p = &t; bytes(&t, sizeof(t)); p->last += 2; add(p->last + t.last); say("copy");
		${names.map((name) => `add(s.${name} < -1); add(s.${name} > x); add(-s.${name}); add(s.${name} ? 1 : 2); add(s.${name} << 1);`).join("\n\t\t")}
		say("values");
	}
	return 0;
}
`;
    yield { name: `bit-fields-${n}`, text };
  }
}

/** Random struct types: layouts, values through calls, initialisers. */
function* structs() {
  for (let n = 0; n < 60; n++) {
    const r = random(n * 131 + 5);
    const fieldIds = [];
    const body = (/** @type {number} */ depth) => {
      let text = "";
      const count = 1 + r(5);
      for (let i = 0; i < count; i++) {
        const id = fieldIds.length;
        fieldIds.push(id);
        const scalar = ["char", "signed char", "short", "int", "unsigned", "long", "unsigned long", "_Bool", "float", "double", "void *", "enum e"][r(12)];
        const align = r(9) === 0 ? ` __attribute__((aligned(${[2, 4, 8, 16, 32][r(5)]})))` : "";
        const kind = depth > 2 ? r(3) : r(6);
        if (kind < 2) text += `${scalar} f${id}${align}; `;
        else if (kind === 2) text += `${scalar} f${id}[${1 + r(4)}]; `;
        else if (kind === 3) text += `struct { ${body(depth + 1)}}${r(3) === 0 ? "" : ` f${id}`}; `;
        else if (kind === 4) text += `union { ${body(depth + 1)}} ${r(3) === 0 ? "" : `f${id}`}; `;
        else text += `struct { ${body(depth + 1)}} ${r(4) === 0 ? "__attribute__((packed)) " : ""}f${id}[${1 + r(3)}]; `;
      }
      return text;
    };
    const text = body(0);
    const packed = r(5) === 0 ? " __attribute__((packed))" : "";
    const init = Array.from({ length: 1 + r(5) }, (_, i) => String((i + 1) * 3 - 4)).join(", ");
    yield {
      name: `structs-${n}`,
      text: `${HEAD}enum e { A, B = 100 };
struct s { ${text}}${packed};
static struct s g, h = { 0 };
static struct s array[3];
static unsigned long size(struct s v) { return sizeof(v); }
static struct s back(struct s a, int n) { unsigned char *p = (unsigned char *)&a; p[n % sizeof(a)] ^= 1; return n ? back(a, n - 1) : a; }
static struct s *at(int i) { return &array[i]; }
int main(void)
{
	printf("%zu %zu %zu %ld\\n", sizeof(struct s), _Alignof(struct s), sizeof(array), (long)((char *)at(2) - (char *)at(0)));
	printf("%lu\\n", size(g));
	unsigned char *p = (unsigned char *)&g;
	for (unsigned i = 0; i < sizeof(g); i++) p[i] = i * 7 + ${n};
	array[1] = g; *at(2) = array[1]; bytes(array, sizeof(array)); say("copy");
	struct s b = back(g, 9); bytes(&b, sizeof(b)); say("back");
	b = n_(b) ? g : h; bytes(&b, sizeof(b)); say("choice");
	struct { char c; struct s in; } w = { 'x', g }; bytes(&w.in, sizeof(w.in)); printf("%zu\\n", sizeof(w));
	return 0;
}
`
        .replace("n_(b)", "p[0]")
        .replace("${init}", init),
    };
  }
}

/** Nested designators, ranges and omitted braces; the same initialiser for a static and an automatic object. */
function* initialisers() {
  for (let n = 0; n < 40; n++) {
    const r = random(n * 911 + 3);
    /** @returns {Shape} */
    const shape = (/** @type {number} */ depth) => {
      const k = depth > 2 ? 0 : r(3);
      if (k === 0) return /** @type {Shape} */ ({ k: "int" });
      if (k === 1) return /** @type {Shape} */ ({ k: "array", of: shape(depth + 1), len: 2 + r(3) });
      return /** @type {Shape} */ ({ k: "struct", fields: Array.from({ length: 1 + r(3) }, () => shape(depth + 1)) });
    };
    /** @returns {string} */
    const declare = (/** @type {Shape} */ s, /** @type {string} */ name) =>
      s.k === "int"
        ? `${["int", "short", "long", "unsigned char"][name.length % 4]} ${name}`
        : s.k === "array"
          ? declare(s.of, `${name}[${s.len}]`)
          : `struct { ${s.fields.map((f, i) => `${declare(f, `f${i}`)};`).join(" ")} } ${name}`;
    /** @returns {number} */
    const scalars = (/** @type {Shape} */ s) =>
      s.k === "int" ? 1 : s.k === "array" ? s.len * scalars(s.of) : s.fields.reduce((/** @type {number} */ sum, f) => sum + scalars(f), 0);
    /** @returns {string} */
    const init = (/** @type {Shape} */ s) => {
      if (s.k === "int") return r(4) === 0 ? `{ ${r(100)} }` : String(r(200) - 50);
      const items = [];
      if (r(4) === 0) {
        // Without inner braces.
        const all = scalars(s);
        const some = 1 + r(all);
        for (let i = 0; i < some; i++) items.push(String(r(100)));
        return `{ ${items.join(", ")} }`;
      }
      const count = s.k === "array" ? s.len : s.fields.length;
      for (let i = 0; i < count; i++) {
        if (r(5) === 0) continue;
        const inner = s.k === "array" ? s.of : (s.fields[i] ?? s);
        if (s.k === "array" && r(4) === 0 && i + 1 < count) items.push(`[${i} ... ${i + 1}] = ${init(inner)}`);
        else items.push(`${s.k === "array" ? `[${i}]` : `.f${i}`} = ${init(inner)}`);
      }
      return `{ ${items.join(", ")} }`;
    };
    const top = /** @type {Shape} */ ({ k: "struct", fields: [shape(0), shape(0), shape(0)] });
    let text = `${HEAD}`;
    let main = "";
    for (let v = 0; v < 6; v++) {
      const value = init(top);
      text += `static ${declare(top, `t${v}`)} = ${value};\n`;
      main += `\t{ __typeof__(t${v}) a = ${value}; bytes(&t${v}, sizeof(t${v})); unsigned long want = hash; hash = 0; struct { char c; __typeof__(a) in; } w = { 1, ${value} };\n\tmemset(&a, 0xaa, sizeof(a)); a = (__typeof__(a))${value}; bytes(&w.in, 0); printf("%016lx\\n", want); hash = 0; (void)a; }\n`;
      // Arrays whose length comes from the initialiser.
      const elements = Array.from({ length: 1 + r(3) }, (_, i) => (r(3) === 0 ? `[${i + r(3)}] = ` : "") + (r(4) === 0 ? "{ }" : init(top)));
      const flat = Array.from({ length: 1 + r(20) }, () => r(100)).join(", ");
      text += `static ${declare(top, `u${v}[]`)} = { ${elements.join(", ")} };\nstatic __typeof__(u${v}[0]) w${v}[] = { ${flat} };\n`;
      main += `\t{ __typeof__(u${v}[0]) a[] = { ${elements.join(", ")} }; bytes(&u${v}, sizeof(u${v})); printf("%zu %zu %zu\\n", sizeof(u${v}), sizeof(w${v}), sizeof(a)); bytes(&w${v}, sizeof(w${v})); say("lengths"); }\n`;
    }
    yield { name: `initialisers-${n}`, text: `${text}int main(void)\n{\n${main}\treturn 0;\n}\n` };
  }
}

/** Labels and cases in unusual places that any statement may jump to; a counter bounds the run. */
function* flows() {
  for (let n = 0; n < 80; n++) {
    const r = random(n * 313 + 17);
    const labels = 4 + r(6);
    let next = 0;
    const label = () => (next < labels ? `L${next++}: ` : "");
    /** @returns {string} */
    const statement = (/** @type {number} */ depth) => {
      const go = `if (++steps > 400) goto end; if (x % ${2 + r(5)} == ${r(2)}) goto L${r(labels)};`;
      const work = `x = x * ${3 + 2 * r(5)} + ${r(9)}; add(x);`;
      const k = depth > 3 ? r(2) : r(9);
      switch (k) {
        case 0:
          return `${label()}${work}`;
        case 1:
          return `${label()}{ ${go} }`;
        case 2:
          return `if (x & ${1 << r(5)}) { ${block(depth)} } else { ${block(depth)} }`;
        case 3:
          return `for (i${depth} = 0; i${depth} < ${1 + r(4)}; i${depth}++) { if (++steps > 400) goto end; ${block(depth)} ${r(2) === 0 ? "if (x % 3 == 0) continue;" : ""} ${work} }`;
        case 4:
          return `while (x % ${3 + r(4)}) { if (++steps > 400) goto end; ${work} ${block(depth)} ${r(2) === 0 ? "break;" : ""} }`;
        case 5:
          return `do { if (++steps > 400) goto end; ${block(depth)} ${work} } while (x % ${2 + r(3)});`;
        case 6:
          return `switch (x % 7) { ${block(depth)} case 0: ${block(depth)} case ${1 + r(2)}: ${work} break; case 3 ... 4: if (x & 1) { case 5: ${block(depth)} } ${r(2) === 0 ? `default: ${work}` : ""} }`;
        case 7:
          return `switch (x % 5) { case 0: do { if (++steps > 400) goto end; ${work} case 1: ${block(depth)} case 2: ${work} } while (x % 3); break; case 3: ${block(depth)} }`;
        default:
          return `x += ({ long t = x & 15; ${r(2) === 0 ? "if (t > 12) goto end;" : ""} for (int j = 0; j < t; j++) { if (j == 5) break; add(j); } t; });`;
      }
    };
    const block = (/** @type {number} */ depth) => Array.from({ length: 1 + r(2) }, () => statement(depth + 1)).join(" ");
    let body = "";
    for (let i = 0; i < 6; i++) body += `\t${statement(0)}\n`;
    while (next < labels) body += `\t${label()}x ^= ${r(100)};\n`;
    const computed =
      n % 3 === 0
        ? `static void *const table[] = { ${Array.from({ length: labels }, (_, i) => `&&L${i}`).join(", ")} }; if (first) { first = 0; goto *table[x % ${labels}]; }`
        : "";
    yield {
      name: `flow-${n}`,
      text: `${HEAD}static unsigned long run(unsigned long x)\n{\n\tint steps = 0, first = 1, i0 = 0, i1 = 0, i2 = 0, i3 = 0, i4 = 0;\n\t(void)first, (void)i0, (void)i1, (void)i2, (void)i3, (void)i4;\n\t${computed}\n${body}end:\n\tadd(steps);\n\treturn x;\n}\nint main(void)\n{\n\tfor (unsigned long x = 1; x < 40; x++) { add(run(x)); say("run"); }\n\treturn 0;\n}\n`,
    };
  }
}

export function* matrixPrograms() {
  yield* operators();
  yield* overflows();
  yield* floats();
  yield* bitFields();
  yield* structs();
  yield* initialisers();
  yield* flows();
}
