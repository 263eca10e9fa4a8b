// Indentation restored to added lines: by the kernel's style, and by the lines around them.

import { describe, expect, it } from "vitest";
import { restoreIndent } from "../../engine/patch/indent.js";

/** Lines that begin with + have lost their indentation. */
function restored(text: string): string {
  const lines = text.replace(/^\n/, "").split("\n");
  const bare = lines.map((line) => (line.startsWith("+") ? { text: line.slice(1).trim(), fresh: true } : { text: line, fresh: false }));
  return restoreIndent(bare, () => undefined).join("\n");
}

/** Checks that the indentation of the lines with + is restored to that of the text. */
function expectRestored(text: string): void {
  const expected = text
    .replace(/^\n/, "")
    .split("\n")
    .map((line) => (line.startsWith("+") ? line.slice(1) : line))
    .join("\n");
  expect(restored(text)).toBe(expected);
}

describe("an added line", () => {
  it("is indented by one tab per brace", () => {
    expectRestored(`
int f(int a)
{
+	if (a) {
+		while (b) {
+			c();
+		}
+	}
	return 0;
}`);
  });

  it("that is the body of an if, for or else without braces is indented by one tab, and no other line is", () => {
    expectRestored(`
int f(int a)
{
	g();
+	if (a)
+		for (i = 0; i < 3; i++)
+			h(i);
+	else
+		k();
+	return 0;
}`);
  });

  it("of a switch is indented in kernel style: case like switch, statements one tab deeper", () => {
    expectRestored(`
int f(int a)
{
+	switch (a) {
+	case 'x':
+	case B ... C:
+		g();
+		fallthrough;
+	default:
+		break;
+	}
	return 0;
}`);
  });

  it("that is a label or a directive begins in the first column", () => {
    expectRestored(`
int f(int a)
{
	if (a)
+		goto out;
+#ifdef CONFIG_X
+	g();
+#endif
+out:
+	return 0;
}`);
  });

  it("that continues a call is aligned with its parenthesis", () => {
    expectRestored(`
int f(int a)
{
+	ret = call(a,
+		   b);
+	if (a &&
+	    (b ||
+	     c)) {
+		g();
+	}
+	x = a +
+		b;
+	return a ||
+	       b;
	return 0;
}`);
  });

  it("of a comment has a blank before its star", () => {
    expectRestored(`
int f(int a)
{
	if (a) {
+		/* one
+		 * two
+		 */
+		g(); /* not { open */
+		// nor { this
+		h("{ nor this");
		k();
	}
+	return '{';
}`);
  });

  it("of a struct, an enum or an initializer is indented by one tab", () => {
    expectRestored(`
+struct s {
+	int a;
+	struct {
+		int b;
+	} c;
+};
+
+enum e {
+	A,
+	B = 2,
+};
+
+static const struct s list[] = {
+	{
+		.a = 1,
+		.c = { 2 },
+	},
+	{ .a = 3 },
+};
+
+static int f(void)
+{
+	const long shift[] = {
+		(A), (B),
+		(C)
+	};
+}`);
  });

  it("follows the tree if its style differs", () => {
    expectRestored(`
int f(int a)
{
    if (a) {
        g();
+        h();
    }
    k();
+    l();
}`);
  });

  it("after #else is indented like the first branch", () => {
    expectRestored(`
int f(int a)
{
#ifdef X
	if (a) {
#else
	if (b) {
#endif
+		g();
	}
+	h();
}`);
  });

  it("after an else-if chain returns to the level of the chain", () => {
    expectRestored(`
int f(int a)
{
	if (a) {
		g();
+	} else if (b) {
+		h();
+	} else {
+		k();
	}
+	do {
+		l();
+	} while (m);
+	n();
}`);
  });

  it("of a macro is indented by one tab", () => {
    expectRestored(`
+#define X(a) \\
+	do_it(a)
int f;`);
  });
});

it("lines of the tree stay unchanged, however odd", () => {
  const odd = "int f()\n  {\n if (a) {{{ ((\n\t\t\t/* ' */ }\n\t\"\n'}\n}}}}\n#else\n#endif\n#endif\n)";
  expect(restored(odd)).toBe(odd);
});
