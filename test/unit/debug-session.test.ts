// What the debugger shows of a stopped C program, and where its steps stop, forward and back.

import { describe, expect, it } from "vitest";
import { TestSession } from "./debug-fixture.js";

const shapes = `enum colour { RED = 1, GREEN = 5 };
struct inner { short a; unsigned b : 3; int c : 5; };
struct outer { struct inner in; union { int whole; char parts[4]; }; char name[8]; enum colour colour; struct outer *next; int (*call)(int); };
static int twice(int x) { return 2 * x; }
static struct outer first = { .in = { -2, 5, -3 }, .whole = 0x44434241, .name = "abc", .colour = GREEN, .call = twice };
int numbers[300];
int deep(struct outer *o, int n)
{
	unsigned char small = 250;
	int local = n * 3;
	int *at = &local;
	{
		long local = 7;
		numbers[0] = local;
	}
	small += 10;
	numbers[1] = *at + small;
	return numbers[1];
}
void test(void)
{
	first.next = &first;
	numbers[299] = 42;
	outcome(deep(&first, 4));
}
`;

describe("values", () => {
  const d = new TestSession(shapes);
  d.runTo(17);

  it("shows arguments and locals of the frame with the types of the source", () => {
    expect(d.stop.at).toEqual({ function: "deep", file: "test.c", line: 17 });
    expect(d.scope("arguments").map((v) => [v.name, v.type])).toEqual([
      ["o", "struct outer *"],
      ["n", "int"],
    ]);
    expect(d.scope("arguments").find((v) => v.name === "n")?.value).toBe("4");
    expect(d.scope("locals").map((v) => [v.name, v.value])).toEqual([
      ["small", "4"],
      ["local", "12"],
      ["at", d.value("at")],
    ]);
    expect(d.value("at")).toMatch(/^0xc0000000[0-9a-f]{8}$/);
  });

  it("reads members, bit-fields, unions, enums, text and functions", () => {
    const members = d.open("*o");
    expect(members.map(([name]) => name)).toEqual(["in", "whole", "parts", "name", "colour", "next", "call"]);
    expect(members[0]?.[1]).toMatch(/^struct inner at 0xc0000000/);
    expect(members[5]?.[1]).toContain("<first>");
    expect(members[6]?.[1]).toContain("<twice>");
    expect(members.slice(1, 5)).toEqual([
      ["whole", "1145258561 (0x44434241)"],
      ["parts", '"ABCD"'],
      ["name", '"abc"'],
      ["colour", "GREEN (5)"],
    ]);
    expect(d.open("o->in")).toEqual([
      ["a", "-2"],
      ["b", "5"],
      ["c", "-3"],
    ]);
    expect(d.value("o->next->next->in.c")).toBe("-3");
  });

  it("pages arrays", () => {
    expect(d.open("numbers", 298, 10)).toEqual([
      ["[298]", "0"],
      ["[299]", "42"],
    ]);
  });

  it.each([
    ["n * 2 + 1", "9"],
    ["(unsigned char)(n - 5)", "255"],
    ["-1 < 0u", "0"],
    ["o->in.a >> 1", "-1"],
    ["*at == local && &local == at", "1"],
    ["sizeof(struct inner)", "4"],
    ["((struct outer *)o)->name[1]", "98 'b'"],
    ["o ? numbers[299] : 0", "42"],
    ["(char)n", "4"],
    ["RED | GREEN", "5"],
    ["1 / 0", "division by zero"],
    ["n = 3", "assignment is not supported: a recorded run is read-only"],
    ["twice(2)", "function calls are not supported: a recorded run is read-only"],
    ["nothing", "'nothing' is not declared"],
    ["o->", /expected/],
    ["*(int *)8", /⚠ a null pointer$/],
  ])("evaluates %s", (expression, value) => {
    if (typeof value === "string") expect(d.value(expression)).toBe(value);
    else expect(d.value(expression)).toMatch(value);
  });

  it("distinguishes an inner variable from an outer one of the same name", () => {
    d.runTo(14);
    expect(d.value("local")).toBe("7");
    expect(d.value("*at")).toBe("12");
  });
});

describe("steps", () => {
  const source = `int x;
int inc(int by)
{
	x += by;
	return x;
}
void test(void)
{
	int i;
	for (i = 0; i < 3; i++)
		inc(i);
	x = 100;
	outcome(x);
}
`;

  it("steps over, into and out of calls, and back the same way", () => {
    const d = new TestSession(source);
    d.runTo(11);
    const start = d.stop.position;
    expect(d.value("i")).toBe("0");
    expect(d.move("over").at?.line).toBe(10);
    expect(d.move("over").at?.line).toBe(11);
    expect(d.value("i")).toBe("1");
    expect(d.move("into").at).toMatchObject({ function: "inc" });
    expect(d.value("by")).toBe("1");
    expect(d.move("out").at).toMatchObject({ function: "test", line: 10 });
    expect(d.move("back").at?.line).toBe(11);
    expect(d.value("i")).toBe("1");
    d.move("back");
    d.move("back");
    expect(d.stop.position).toBe(start);
    expect(d.value("x")).toBe("0");
  });

  it("shows the same at a place, however it was reached", () => {
    const d = new TestSession(source, 5);
    const seen = new Map<number, string>();
    d.move("begin");
    const look = (): string => `${String(d.stop.at?.line)} ${d.value("x")} ${String(d.stop.thread)}`;
    for (; d.stop.reason !== "end"; d.move("into")) seen.set(d.stop.position, look());
    for (d.move("back"); (d.stop.reason as string) !== "begin"; d.move("back")) {
      const before = seen.get(d.stop.position);
      if (before !== undefined) expect(look()).toBe(before);
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  it("stops at breakpoints with conditions and hit counts, both ways", () => {
    const d = new TestSession(source);
    const stopsOf = (breakpoint: { readonly condition?: string; readonly hits?: string }): readonly string[] => {
      d.move("begin");
      d.session.handle({ c: "breakpoints", file: "test.c", breakpoints: [{ line: 4, ...breakpoint }] });
      const found: string[] = [];
      for (d.move("continue"); d.stop.reason === "breakpoint"; d.move("continue")) found.push(d.value("by"));
      return found;
    };
    expect(stopsOf({})).toEqual(["0", "1", "2"]);
    expect(stopsOf({ condition: "by == 1" })).toEqual(["1"]);
    expect(stopsOf({ hits: "2" })).toEqual(["1"]);
    expect(stopsOf({ hits: ">= 2" })).toEqual(["1", "2"]);
    expect(stopsOf({ condition: "by > 0", hits: "2" })).toEqual(["2"]);
    expect(stopsOf({ condition: "no_such" })).toEqual([]);
    d.session.handle({ c: "breakpoints", file: "test.c", breakpoints: [{ line: 4 }] });
    d.move("end");
    expect(d.move("reverse-continue").reason).toBe("breakpoint");
    expect(d.value("by")).toBe("2");
  });

  it("reports a line without code, and a file that is not in the program", () => {
    const d = new TestSession(source);
    expect(d.session.handle({ c: "breakpoints", file: "other.c", breakpoints: [{ line: 1 }] })).toMatchObject({ breakpoints: [{ verified: false }] });
    expect(d.session.handle({ c: "breakpoints", file: "test.c", breakpoints: [{ line: 6 }] })).toMatchObject({ breakpoints: [{ verified: true, line: 7 }] });
    expect(d.session.handle({ c: "breakpoints", file: "test.c", breakpoints: [{ line: 400 }] })).toMatchObject({ breakpoints: [{ verified: false }] });
  });
});

describe("findings", () => {
  const source = `struct thing { long a, b; };
static struct thing *kept;
void drop(void *unused)
{
	kfree(kept);
}
void test(void)
{
	kept = kmalloc(sizeof(*kept));
	kept->a = 3;
	run(drop);
	join();
	outcome(kept->b);
}
`;

  it("moves to the allocation, the free and the use of the finding's object", () => {
    const d = new TestSession(source);
    expect(d.stop).toMatchObject({ reason: "entry", finding: "use after free", at: { function: "test", line: 13 } });
    expect(d.value("kept->a")).toMatch(/^3 {2}⚠ freed slab object, freed by thread in drop \(test\.c:5\)$/);
    expect(d.move("free").at).toMatchObject({ function: "drop", line: 5 });
    expect(d.value("kept->a")).toBe("3");
    const allocation = d.move("allocation");
    expect(allocation.at).toMatchObject({ function: "test", line: 9 });
    expect(d.value("kept")).toBe("NULL");
    expect(d.move("use").at?.line).toBe(13);
  });

  it("reads memory, including freed memory, and reports its state", () => {
    const d = new TestSession(source);
    const reply = d.session.handle({ c: "evaluate", expression: "kept", frame: d.frame() });
    const address = reply.k === "variables" ? (reply.variables[0]?.address ?? "") : "";
    const memory = d.session.handle({ c: "memory", address, offset: 0, count: 16 });
    expect(memory).toMatchObject({ k: "memory", unreadable: 0 });
    expect(memory.k === "memory" ? [...memory.bytes.slice(0, 8)] : []).toEqual([3, 0, 0, 0, 0, 0, 0, 0]);
    expect(memory.k === "memory" ? memory.note : "").toContain("freed");
  });
});
