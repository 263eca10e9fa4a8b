/* SPDX-License-Identifier: MIT */
#include <stdio.h>
volatile unsigned u[] = { 1, 2, 0x80000000, 0xffffffff, 0x00f0f000, 12345 };
volatile unsigned long l[] = { 1, 0x8000000000000000, 0xffffffffffffffff, 0x00f0f00000000, 1234567890123UL };
volatile unsigned short us = 0x1234;
int main(void)
{
	for (int i = 0; i < 6; i++) {
		unsigned v = u[i];
		printf("%x: %d %d %d %d %d %d %x\n", v, __builtin_clz(v), __builtin_ctz(v), __builtin_popcount(v), __builtin_parity(v), __builtin_ffs(v), __builtin_clrsb(v), __builtin_bswap32(v));
	}
	for (int i = 0; i < 5; i++) {
		unsigned long v = l[i];
		printf("%lx: %d %d %d %d %d %d %lx\n", v, __builtin_clzl(v), __builtin_ctzl(v), __builtin_popcountl(v), __builtin_parityl(v), __builtin_ffsl(v), __builtin_clrsbl(v), __builtin_bswap64(v));
		printf("%d %d %d %d %d\n", __builtin_clzll(v), __builtin_ctzll(v), __builtin_popcountll(v), __builtin_parityll(v), __builtin_ffsll(v));
	}
	printf("%x %d %d\n", __builtin_bswap16(us), __builtin_ffs(0), __builtin_ffsll(0));
	printf("%d %d %d %d\n", __builtin_clz(1), __builtin_ctz(8), __builtin_popcount(0xff), __builtin_ffs(16));
	printf("%d %d %d %d\n", __builtin_clrsb(0), __builtin_clrsb(-1), __builtin_clrsb(1), __builtin_clrsbll(-2));
	printf("%d\n", __builtin_clz((unsigned char)u[5]));
	static const int n = __builtin_ctzl(0x100), m = __builtin_bswap16(0x1122);
	printf("%d %x\n", n, m);
	return 0;
}
