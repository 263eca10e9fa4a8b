/* SPDX-License-Identifier: MIT */
/* Variable arguments of every type: structs of each size, 128 bits, doubles, pointers; va_copy, va_list as an argument. */
#include <stdarg.h>
#include <stdio.h>
struct one { char c; };
struct eight { int a, b; };
struct mixed { char c; double d; short s[5]; };
struct large { long v[9]; };
static void all(const char *kinds, ...)
{
	va_list ap, again;
	va_start(ap, kinds);
	va_copy(again, ap);
	for (const char *k = kinds; *k; k++) {
		switch (*k) {
		case 'i': printf("%d ", va_arg(ap, int)); break;
		case 'l': printf("%ld ", va_arg(ap, long)); break;
		case 'd': printf("%g ", va_arg(ap, double)); break;
		case 's': printf("%s ", va_arg(ap, const char *)); break;
		case '1': printf("%c ", va_arg(ap, struct one).c); break;
		case '8': { struct eight e = va_arg(ap, struct eight); printf("%d.%d ", e.a, e.b); break; }
		case 'm': { struct mixed m = va_arg(ap, struct mixed); printf("%c.%g.%d ", m.c, m.d, m.s[4]); break; }
		case 'L': printf("%ld ", va_arg(ap, struct large).v[8]); break;
		case 'w': { __int128 w = va_arg(ap, __int128); printf("%lx:%lx ", (long)(w >> 64), (long)w); break; }
		}
	}
	printf("first %d\n", va_arg(again, int));
	va_end(again);
	va_end(ap);
}
static int sum(int n, va_list ap)
{
	int s = 0;
	while (n--)
		s += va_arg(ap, int);
	return s;
}
static int twice(int n, ...)
{
	va_list ap;
	int s;
	va_start(ap, n);
	s = sum(n / 2, ap);
	va_end(ap);
	va_start(ap, n);
	s = s * 1000 + sum(n, ap);
	va_end(ap);
	return s;
}
int main(void)
{
	struct mixed m = { 'm', 2.5, { 1, 2, 3, 4, 5 } };
	struct large l = { { 0, 1, 2, 3, 4, 5, 6, 7, 8 } };
	all("i1id8sLmwi", 7, (struct one){ 'x' }, (short)-3, 1.5f, (struct eight){ 4, 5 }, "text", l, m, ((__int128)5 << 64) + 6, 'A');
	all("iwL", 1, (__int128)-1, l);
	printf("%d\n", twice(4, 1, 2, 3, 4));
	return 0;
}
