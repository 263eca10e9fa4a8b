/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#define swap(a, b) do { __auto_type _t = (a); (a) = (b); (b) = _t; } while (0)
#define T(x) _Generic((x), int: 1, unsigned: 2, long: 3, char *: 4, const char *: 5, int *: 6, const int *: 7, double: 8, struct s: 9, struct s *: 10, short: 11, int (*)(int): 12, default: 99)
struct s { int a; short b; };
static int fn(int x) { return x; }
typeof(fn) other;
int other(int x) { return x * 2; }
typeof(int *) gp;
typeof(int[3]) ga = { 1, 2, 3 };
int main(void)
{
	int i = 1;
	const int ci = 2;
	short sh = 3;
	typeof(i) j = 5;
	typeof(ci) k = 6;
	__typeof__(sh) l = 7;
	typeof(&i) pi = &i;
	typeof(*pi) m = *pi;
	typeof(i++) n = 9;
	printf("%d %d %d %d %d %d %d\n", i, j, k, l, m, n, *pi);
	double d1 = 1, d2 = 2;
	swap(d1, d2);
	printf("%g %g\n", d1, d2);
	__auto_type aa = ga;
	__auto_type f = fn;
	__auto_type u = (unsigned char)200;
	printf("%d %d %zu\n", aa[2], f(4), sizeof(u));
	struct s s = { 1, 2 };
	typeof(s) s2 = s;
	typeof(((struct s *)0)->b) bb = 70000;
	printf("%d %d\n", s2.b, bb);
	printf("%d %d %d %d %d %d\n", T(i), T(ci), T(1u), T(1L), T("x"), T((const char *)"x"));
	printf("%d %d %d %d %d %d\n", T(&i), T(&ci), T(1.0), T(s), T(&s), T(sh));
	printf("%d %d %d\n", T(sh + sh), T(fn), T(ga));
	printf("%d\n", T((const int)1));
	printf("%d\n", _Generic(i, default: 1, int: 2, char: 3));
	printf("%d\n", _Generic((char)1, signed char: 1, unsigned char: 2, char: 3));
	printf("%d\n", _Generic(1LL, long: 1, long long: 2));
	typeof(typeof(int)) t2 = 4;
	typeof(({ long q = 1; q; })) t3 = 5;
	printf("%d %zu\n", t2, sizeof(t3));
	printf("%d\n", __builtin_types_compatible_p(typeof(ga), int[]));
	printf("%d\n", __builtin_types_compatible_p(int, const int));
	printf("%d\n", __builtin_types_compatible_p(int *, const int *));
	printf("%d\n", __builtin_types_compatible_p(char, unsigned char));
	printf("%d\n", __builtin_types_compatible_p(typeof(&ga[0]), typeof(ga)));
	printf("%d\n", __builtin_types_compatible_p(enum { A }, unsigned));
	printf("%d\n", __builtin_types_compatible_p(long, long long));
	printf("%d\n", other(4));
	return 0;
}
