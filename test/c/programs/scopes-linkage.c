/* SPDX-License-Identifier: MIT */
#include <stdio.h>
int x = 1;
static int y = 2;
extern int z;
int z = 3;
static int f(int x) { { int x = 50; { extern int x; printf("%d ", x); } printf("%d ", x); } return x; }
static inline int inl(int a) { static int count; return a + ++count; }
extern inline __attribute__((gnu_inline)) int gi(int a) { return a * 2; }
int gi(int a) { return a * 3 - a; }
int proto();
int proto(int a, int b) { return a - b; }
int knr(a, b, c) int a; char b; double c; { return a + b + c; }
typedef int T;
static T tfun(T T) { return T + 1; }
struct T { int T; };
static int shadow(void) { T a = 1; { int T = 5; a += T; } T b = 2; return a + b; }
static int tags(void) { struct q { int a; } o = { 1 }; { struct q { char a, b; }; struct q i = { 2, 3 }; o.a += i.b + sizeof(struct q); } return o.a + sizeof(struct q); }
static int for_scope(void) { int i = 100, s = 0; for (int i = 0; i < 3; i++) { int i = 7; s += i; } return s + i; }
static void *const constp = &x;
int main(void)
{
	printf("%d\n", f(10));
	printf("%d ", inl(10));
	printf("%d\n", inl(10));
	printf("%d %d %d\n", gi(5), proto(9, 4), knr(1, 'a', 2.5));
	printf("%d %d %d %d\n", tfun(3), shadow(), tags(), for_scope());
	struct T t = { .T = 4 };
	printf("%d %d %d %d %d\n", t.T, x, y, z, *(int *)constp);
	{ extern int y; printf("%d\n", y); }
	int fn(int);
	printf("%d\n", fn(4));
	goto x;
x:	printf("%d\n", x);
	return 0;
}
int fn(int a) { return a * a; }
