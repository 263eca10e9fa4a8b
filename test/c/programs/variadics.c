/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdarg.h>
#include <string.h>
static int sum(int n, ...) { va_list ap; int s = 0; va_start(ap, n); while (n--) s += va_arg(ap, int); va_end(ap); return s; }
static double mix(const char *t, ...)
{
	va_list ap;
	double r = 0;
	va_start(ap, t);
	for (; *t; t++) {
		switch (*t) {
		case 'i': r += va_arg(ap, int); break;
		case 'u': r += va_arg(ap, unsigned); break;
		case 'l': r += va_arg(ap, long); break;
		case 'd': r += va_arg(ap, double); break;
		case 's': r += strlen(va_arg(ap, char *)); break;
		case 'p': r += *va_arg(ap, int *); break;
		}
	}
	va_end(ap);
	return r;
}
static int vsum(int n, va_list ap) { int s = 0; while (n--) s += va_arg(ap, int); return s; }
static int twice(int n, ...) { va_list a, b; va_start(a, n); va_copy(b, a); int s = vsum(n, a) * 1000 + vsum(n, b); va_end(a); va_end(b); return s; }
static int byptr(va_list *ap) { return va_arg(*ap, int); }
static int ptr(int n, ...) { va_list a; int s = 0; va_start(a, n); while (n--) s = s * 10 + byptr(&a); va_end(a); return s; }
struct pair { long a, b; };
struct tiny { char c; };
struct large { int v[9]; };
static long structs(int n, ...)
{
	va_list ap;
	long r = 0;
	va_start(ap, n);
	struct pair p = va_arg(ap, struct pair);
	struct tiny t = va_arg(ap, struct tiny);
	struct large l = va_arg(ap, struct large);
	r = p.a + p.b * 10 + t.c * 100 + l.v[8] * 1000 + va_arg(ap, int) * 10000L;
	va_end(ap);
	return r;
}
static int (*vp)(int, ...) = sum;
static struct pair ret(int n, ...) { va_list ap; va_start(ap, n); struct pair p = { n, va_arg(ap, int) }; va_end(ap); return p; }
int main(void)
{
	char c = 'c';
	short s = -3;
	float f = 1.5f;
	_Bool b = 1;
	int x = 4;
	printf("%d %d\n", sum(0), sum(5, 1, 2, 3, 4, 5));
	printf("%d\n", sum(4, c, s, b, (unsigned char)255));
	printf("%g\n", mix("iuldsp", -1, 4000000000u, -5000000000L, 2.5, "four", &x));
	printf("%g\n", mix("dd", f, f * 2));
	printf("%d\n", twice(3, 1, 2, 3));
	printf("%d\n", ptr(3, 7, 8, 9));
	printf("%d\n", vp(2, 10, 20));
	printf("%d\n", sum(2, sum(2, 1, 2), sum(1, 5)));
	printf("%ld\n", structs(5, (struct pair){ 1, 2 }, (struct tiny){ 3 }, (struct large){ { [8] = 4 } }, 5));
	printf("%ld\n", ret(3, 4).b);
	printf("%c %hd %d %s %p\n", c, s, b, "str", (void *)0);
	return 0;
}
