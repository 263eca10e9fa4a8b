/* SPDX-License-Identifier: MIT */
/* _Generic: qualifiers, decay, compatible types, default in any position, no evaluation of the operand. */
#include <stdio.h>
struct s { int a; };
typedef int number;
#define KIND(x) _Generic((x), default: "other", char: "char", signed char: "schar", unsigned char: "uchar", short: "short", int: "int", \
	unsigned: "unsigned", long: "long", unsigned long: "ulong", long long: "llong", float: "float", double: "double", char *: "char *", \
	const char *: "const char *", void *: "void *", struct s: "struct", int (*)(int): "function", int *: "int *", const int *: "const int *")
static int f(int x) { return x; }
int main(void)
{
	const int ci = 1;
	volatile short vs = 2;
	number n = 3;
	int a[3] = { 0 }, i = 0;
	const char ca[] = "x";
	struct s s = { 4 };
	struct { unsigned b : 3; unsigned long w : 40; } bits = { 0 };
	printf("%s %s %s %s\n", KIND(ci), KIND(vs), KIND(n), KIND('a'));
	printf("%s %s %s %s\n", KIND(a), KIND(ca), KIND("s"), KIND(s));
	printf("%s %s %s %s\n", KIND(f), KIND(&f), KIND(&ci), KIND((void *)0));
	printf("%s %s %s %s\n", KIND((char)1), KIND(vs + vs), KIND(1u - 2), KIND(1 ? 1 : 2l));
	printf("%s %s %s\n", KIND(1.f * 2), KIND(i++), KIND(bits.b + 0));
	printf("%d %d\n", i, _Generic(i, int: _Generic(1.0, double: 7, default: 8), default: 9));
	_Generic(i, int: i, default: n) = 6;
	printf("%d\n", i);
	return 0;
}
