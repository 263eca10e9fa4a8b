/* SPDX-License-Identifier: MIT */
#include <stdio.h>
static int calls;
static int f(int x) { calls++; return x; }
int main(void)
{
	printf("%d %d\n", f(0) ?: 5, f(7) ?: 5);
	printf("%d\n", calls);
	char *s = 0;
	printf("%s\n", s ?: "none");
	printf("%g\n", 0.0 ?: 2.5);
	printf("%ld\n", (long)(0 ?: 3u) - 4);
	printf("%d\n", (unsigned char)0 ?: -1);
	int x = 5;
	printf("%d\n", x > 3 ? x < 10 ? 1 : 2 : 3);
	x = x ? x == 5 ? 10 : 20 : 30;
	printf("%d\n", x);
	(x ? f : f)(3);
	int a = 1, b = 2;
	*(x > 5 ? &a : &b) = 9;
	printf("%d %d\n", a, b);
	x > 5 ? (a = 3) : (b = 4);
	printf("%d %d\n", a, b);
	x ? (void)(a = 7) : (void)0;
	printf("%d\n", a);
	const char *n = x ? "yes" : (void *)0;
	printf("%s\n", n);
	printf("%zu\n", sizeof(x ? (char)1 : (char)2));
	printf("%d\n", (f(1), f(2), f(3)) + calls);
	printf("%d\n", 1 ?: f(100));
	printf("%d\n", calls);
	return 0;
}
