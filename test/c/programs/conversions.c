/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdint.h>
#define CONV(T, F) printf(#T " %lld\n", (long long)(T)(v))
static void all(long long v)
{
	CONV(_Bool, 0);
	CONV(char, 0);
	CONV(signed char, 0);
	CONV(unsigned char, 0);
	CONV(short, 0);
	CONV(unsigned short, 0);
	CONV(int, 0);
	CONV(unsigned, 0);
	CONV(long, 0);
	CONV(unsigned long, 0);
	printf("%lld %lld %lld\n", (long long)(signed char)(unsigned short)v, (long long)(unsigned short)(signed char)v, (long long)(unsigned)(signed char)v);
	printf("%lld %lld\n", (long long)(int)(unsigned char)v, (long long)(long)(unsigned)(short)v);
	printf("%g %g\n", (double)v, (double)(float)v);
	printf("%g %g\n", (double)(unsigned long)v, (double)(unsigned)v);
}
static signed char r8(int v) { return v; }
static unsigned char ru8(int v) { return v; }
static short r16(long v) { return v; }
static _Bool rb(double v) { return v; }
static int pc(signed char a, unsigned char b, short c, unsigned short d, _Bool e) { return a + b * 2 + c * 3 + d * 5 + e * 7; }
int main(void)
{
	static const long long values[] = { 0, 1, -1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2147483647, 2147483648, 4294967295, 4294967296, -128, -129, -32769, 0x123456789abcdefLL, (-9223372036854775807LL - 1) };
	for (unsigned i = 0; i < sizeof(values) / sizeof(*values); i++)
		all(values[i]);
	printf("%d %d %d %d %d\n", r8(300), ru8(300), r16(0x18000), rb(0.1), rb(0));
	printf("%d\n", pc(200, 300, 70000, 70000, 5));
	printf("%d %d\n", pc(-1, -1, -1, -1, -1), pc(1.9, 2.9, 3.9, 4.9, .1));
	void *p = (void *)0x123456789aUL;
	printf("%lx %x %d\n", (unsigned long)p, (unsigned)(uintptr_t)p, p != 0);
	_Bool b = p;
	printf("%d\n", b);
	return 0;
}
