/* SPDX-License-Identifier: MIT */
#include <stdio.h>
volatile int one = 1, big = 31;
volatile unsigned u1 = 0x80000001u;
volatile long l1 = -0x123456789abcdefL;
volatile unsigned long ul1 = 0xfedcba9876543210UL;
volatile unsigned char c = 0xf1;
volatile signed char sc = -7;
volatile unsigned short us = 0x8001;
int main(void)
{
	for (int n = 0; n < 32; n += 5)
		printf("%d: %d %u %d %x %x\n", n, one << n, u1 >> n, (int)u1 >> n, c << (n & 15), us >> (n & 15));
	for (long n = 0; n < 64; n += 7)
		printf("%ld: %lx %ld %lx %lx\n", n, 1UL << n, l1 >> n, ul1 >> n, ul1 << n);
	printf("%d %d %d\n", sc << 2, sc >> 1, (unsigned char)sc >> 1);
	unsigned x = 1;
	x <<= big;
	printf("%x\n", x);
	x >>= 1UL;
	printf("%x\n", x);
	c <<= 3;
	printf("%x\n", c);
	sc >>= 1;
	printf("%d\n", sc);
	us <<= 1;
	printf("%x\n", us);
	long y = 1;
	y <<= (char)40;
	printf("%lx\n", y);
	printf("%x %x\n", (u1 << 7) | (u1 >> 25), (u1 >> 7) | (u1 << 25));
	return 0;
}
