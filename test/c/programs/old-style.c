/* SPDX-License-Identifier: MIT */
/* Definitions with an identifier list, their promotions, and calls without a prototype. */
#include <stdio.h>
struct pair { int a, b; };
static int kinds(c, s, f, p, x) char c; short s; float f; struct pair p; { return c + s + (int)(f * 2) + p.a * p.b + x; }
static int (*chosen(n))() int n; { int one(); int two(); return n ? two : one; }
int one(a) { return a + 1; }
int two(a, b) int a, b; { return a * b; }
static double mean(n, v) double v[]; int n; { double s = 0; int i; for (i = 0; i < n; i++) s += v[i]; return s / n; }
int main()
{
	struct pair p = { 3, 4 };
	double v[] = { 1, 2, 6 };
	printf("%d\n", kinds(300, 70000, 1.5, p, 5));
	printf("%d %d\n", chosen(0)(6), chosen(1)(6, 7));
	printf("%g\n", mean(3, v));
	return 0;
}
