/* SPDX-License-Identifier: MIT */
#include <stdio.h>
struct s { unsigned long a : 40; long b : 36; unsigned long c : 33; unsigned long d : 63; long e : 50; unsigned long f : 32; unsigned long g : 31; long h : 64; };
static struct s s = { -1, -1, -1, -1, -1, -1, -1, -1 };
static int x[5] = { 1, 2 };
extern int y[5] __attribute__((alias("x")));
int main(void)
{
	volatile int one = 1;
	printf("%lx %lx %lx\n", (long)(s.a << 4), (long)(s.a + one), (long)(s.a * s.a));
	printf("%lx %lx %lx\n", (long)(s.c + 1), (long)(s.c << 1), (long)~s.c);
	printf("%lx %lx\n", (long)-s.a, (long)(s.a - s.c));
	printf("%d %d %d\n", s.a > -1, s.c > -1, s.b < 0);
	printf("%lx %lx\n", (long)(s.b * 3), (long)(s.b << 34));
	printf("%d %d\n", s.f + 1 == 0, s.g + 1 > 0);
	printf("%lx %lx\n", (long)(s.d + 2), (long)(s.e << 20));
	s.a += 5; s.b -= 7; s.c *= 3; s.d <<= 5; s.e = s.e * 1000 + 1;
	printf("%lx %lx %lx %lx %lx\n", (long)s.a, (long)s.b, (long)s.c, (long)s.d, (long)s.e);
	printf("%lx %lx\n", (long)(s.a + 1L), (long)(s.a << 30 >> 30));
	printf("%lx\n", (long)(one ? s.a : s.b));
	s.a = 0x100; printf("%lx %d\n", (long)(s.a << 32), s.a << 32 == 0);
	s.a++; --s.c; printf("%lx %lx\n", (long)s.a++, (long)s.c);
	y[1] += 40; printf("%d %d\n", x[1], &y[1] == &x[1]);
	return 0;
}
