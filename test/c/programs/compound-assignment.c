/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#define OPS(T, init) do { T v = init; \
	v += 100; printf("%lld ", (long long)v); v -= 3; printf("%lld ", (long long)v); v *= 7; printf("%lld ", (long long)v); \
	v /= 3; printf("%lld ", (long long)v); v %= 50; printf("%lld ", (long long)v); v <<= 3; printf("%lld ", (long long)v); \
	v >>= 1; printf("%lld ", (long long)v); v &= 0x5c; printf("%lld ", (long long)v); v |= 0x101; printf("%lld ", (long long)v); \
	v ^= 0xff; printf("%lld ", (long long)v); v -= 1000; printf("%lld ", (long long)v); v++; ++v; v--; printf("%lld ", (long long)v); printf("%lld ", (long long)(v += 1L << 33)); printf("%lld\n", (long long)(v -= 0.5)); } while (0)
int main(void)
{
	OPS(signed char, 100); OPS(unsigned char, 200); OPS(char, 90); OPS(short, -30000); OPS(unsigned short, 65000);
	OPS(int, -5); OPS(unsigned, -5); OPS(long, -5); OPS(unsigned long, 5);
	int a = 10; (void)a;
	_Bool b = 0;
	b += 5; printf("%d ", b);
	b -= 1; printf("%d ", b);
	b |= 4; printf("%d ", b);
	b ^= 1; printf("%d ", b);
	b++; b++; printf("%d ", b);
	b--; printf("%d ", b);
	b--; printf("%d\n", b);
	unsigned char c = 10;
	c -= 20u;
	printf("%d\n", c);
	c = 200;
	c = c + c >> 1;
	printf("%d\n", c);
	int i = -8;
	i >>= 1u;
	i /= 3u;
	printf("%d\n", i);
	i = -8;
	i %= 3L;
	printf("%d\n", i);
	i = 5;
	i <<= 2L;
	printf("%d\n", i);
	char *p = "abcdef";
	p += 3;
	p -= 1;
	printf("%s\n", p);
	int arr[4] = { 1, 2, 3, 4 }, *q = arr;
	*q++ *= 10;
	*++q -= 1;
	q[-1] <<= 4;
	printf("%d %d %d %d\n", arr[0], arr[1], arr[2], arr[3]);
	unsigned long ul = 1;
	ul -= 2;
	printf("%lx\n", ul);
	ul = 5;
	ul += -6;
	printf("%lx\n", ul);
	return 0;
}
