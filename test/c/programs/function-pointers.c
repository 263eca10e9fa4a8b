/* SPDX-License-Identifier: MIT */
#include <stdio.h>
typedef int (*binop)(int, int);
typedef void handler(int *);
static int add(int a, int b) { return a + b; }
static int mul(int a, int b) { return a * b; }
static void inc(int *p) { ++*p; }
static void dbl(int *p) { *p *= 2; }
static binop pick(char c) { return c == '+' ? add : mul; }
static int (*pick2(int n))(int, int) { return n ? &add : &mul; }
static int apply(int f(int, int), int a, int b) { return f(a, b); }
static void each(int *a, int n, handler *h) { while (n--) h(a++); }
struct obj { int v; int (*get)(struct obj *); void (*set)(struct obj *, int); };
static int get(struct obj *o) { return o->v; }
static void set(struct obj *o, int v) { o->v = v; }
static long fact(int n) { return n < 2 ? 1 : n * fact(n - 1); }
static int even(unsigned n);
static int odd(unsigned n) { return n ? even(n - 1) : 0; }
static int even(unsigned n) { return n ? odd(n - 1) : 1; }
static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
static int ack(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
int main(void)
{
	printf("%d %d\n", pick('+')(3, 4), pick('*')(3, 4));
	printf("%d %d\n", pick2(1)(3, 4), (*pick2(0))(3, 4));
	printf("%d %d\n", apply(add, 1, 2), apply(&mul, 5, 6));
	int a[3] = { 1, 2, 3 };
	each(a, 3, inc);
	each(a, 2, &dbl);
	printf("%d %d %d\n", a[0], a[1], a[2]);
	struct obj o = { 5, get, set };
	o.set(&o, o.get(&o) + 1);
	printf("%d %d\n", o.v, o.get == get);
	binop t[] = { add, mul, add }, *p = t;
	printf("%d ", (*p++)(1, 2));
	printf("%d %d\n", p[0](3, 4), (***t)(5, 6));
	printf("%ld %d %d %d %d\n", fact(15), odd(7), even(10), fib(15), ack(2, 3));
	void *v = (void *)add;
	printf("%d\n", ((binop)v)(8, 9));
	printf("%d %d\n", add != mul, !add);
	binop n = 0;
	printf("%d\n", n ? n(1, 1) : -1);
	return 0;
}
