/* SPDX-License-Identifier: MIT */
/* Function pointers in all declarator forms, structs as arguments and results, recursion through pointers. */
#include <stdio.h>
struct vec { long x, y, z; };
typedef int op(int, int);
typedef op *chooser(char);
static int add(int a, int b) { return a + b; }
static int sub(int a, int b) { return a - b; }
static op *choose(char c) { return c == '+' ? add : sub; }
static int (*(*choosers[2])(char))(int, int) = { choose, choose };
static struct vec scale(struct vec v, int by) { v.x *= by; v.y *= by; v.z *= by; return v; }
static struct vec (*scaler(void))(struct vec, int) { return scale; }
static int (*rows(int n))[3]
{
	static int table[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
	return &table[n];
}
static int apply(op f, int a, int b) { return f(a, b) + (*f)(a, b) + (**f)(a, b); }
struct ops { op *f; chooser *c; void (*done)(struct ops *); int count; };
static void done(struct ops *o) { if (o->count-- > 0) o->done(o); else printf("done %d\n", o->f(1, 2)); }
static int later(int);
static int depth(int n) { return n ? later(n - 1) + 1 : 0; }
static int later(int n) { return n ? depth(n - 1) + 1 : 0; }
int main(void)
{
	struct ops o = { .f = sub, .c = choose, .done = done, .count = 3 };
	struct vec v = scaler()((struct vec){ 1, 2, 3 }, 4);
	op *local[] = { add, &sub, *add };
	printf("%d %d\n", choosers[0]('+')(3, 4), (*choosers[1])('-')(3, 4));
	printf("%ld %ld %ld\n", v.x, scale(scale(v, 2), 2).y, scale(v, -1).z);
	printf("%d %d\n", (*rows(1))[2], rows(0)[1][0]);
	printf("%d %d %d\n", apply(add, 1, 2), apply(o.c('-'), 9, 4), local[2](5, 5));
	done(&o);
	printf("%d %d %d\n", depth(20), add == *add, (void *)local[0] == (void *)add);
	printf("%d\n", (1 ? add : sub)(1, 1) + (0 ?: sub)(5, 1));
	return 0;
}
