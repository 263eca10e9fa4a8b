/* SPDX-License-Identifier: MIT */
#include <stdio.h>
volatile int v = 1;
volatile struct { int a; volatile short b; unsigned c : 4; } vs = { 1, 2, 3 };
static int f(volatile int *p) { *p = *p + 1; return *p; }
#define READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val) do { *(volatile typeof(x) *)&(x) = (val); } while (0)
int main(void)
{
	volatile int local = 5;
	const volatile int cv = 7;
	volatile char buf[4] = "abc";
	local++;
	local += local;
	v = v * 2 + cv;
	printf("%d %d ", local, v);
	printf("%d\n", f(&local));
	vs.a++; vs.b = vs.b << 4; vs.c = 17;
	printf("%d %d %d\n", vs.a, vs.b, vs.c);
	int x = 3;
	WRITE_ONCE(x, READ_ONCE(x) + 4);
	printf("%d\n", x);
	buf[1] = 'X';
	printf("%c%c%c\n", buf[0], buf[1], buf[2]);
	int *volatile p = &x;
	*p = 8;
	printf("%d\n", *p);
	v;
	(void)v;
	volatile double d = 1.5;
	d *= 2;
	printf("%g\n", d);
	volatile _Bool b = 5;
	printf("%d\n", b);
	return 0;
}
