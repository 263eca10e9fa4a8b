/* SPDX-License-Identifier: MIT */
#include <stdio.h>
static int range(int c)
{
	switch (c) {
	case '0' ... '9': return 1;
	case 'a' ... 'z':
	case 'A' ... 'Z': return 2;
	case -10 ... -1: return 3;
	case 1000: return 4;
	default: return 0;
	}
}
static int fall(int n)
{
	int r = 0;
	switch (n) {
	default: r += 1000;
	case 1: r += 1;
	case 2: r += 10; break;
	case 3: { r += 100; case 4: r += 200; }
	}
	return r;
}
static int wide(unsigned long v)
{
	switch (v) {
	case 0xffffffffffffffffUL: return 1;
	case 0x8000000000000000UL: return 2;
	case 0x100000000UL: return 3;
	case 5 ... 0xffffffffUL: return 4;
	case 0: return 5;
	}
	return 0;
}
static int neg(long v) { switch (v) { case -0x8000000000000000L ... -5: return 1; case -4 ... 4: return 2; case 5 ... 0x7fffffffffffffffL: return 3; } return 0; }
static int ch(signed char c) { switch (c) { case -1: return 1; case 255: return 2; case 127: return 3; } return 0; }
static int uc(unsigned char c) { switch (c) { case 255: return 2; case 0: return 3; } return 0; }
static int un(unsigned u) { switch (u) { case -1: return 1; case 0x80000000: return 2; default: return 3; } }
static void duff(char *to, const char *from, int count)
{
	int n = (count + 7) / 8;
	switch (count % 8) {
	case 0: do { *to++ = *from++;
	case 7: *to++ = *from++;
	case 6: *to++ = *from++;
	case 5: *to++ = *from++;
	case 4: *to++ = *from++;
	case 3: *to++ = *from++;
	case 2: *to++ = *from++;
	case 1: *to++ = *from++;
		} while (--n > 0);
	}
}
static int nested(int a, int b)
{
	switch (a) {
	case 1:
		switch (b) {
		case 1: return 11;
		case 2: break;
		default: return 19;
		}
		return 12;
	case 2:
		for (;;) {
			switch (b) { case 5: goto out; case 6: b--; continue; }
			break;
		}
		return 20;
	out:	return 25;
	}
	return 0;
}
static int inside_if(int n)
{
	switch (n)
	case 3: case 5: return 35;
	switch (n) {
		int x;
		if (0) {
	case 7: x = 70; return x;
		} else
	case 8: return 80;
	}
	return 1;
}
static int loop_case(int n)
{
	int r = 0;
	switch (n) {
		while (r < 50) {
	case 1: r += 7;
	case 2: r += 11;
		}
	case 3: r++;
	}
	return r;
}
static int empty(int n) { switch (n) { } switch (n) { default: ; } switch (n++); return n; }
int main(void)
{
	const int cs[] = { '0', '9', 'a', 'Z', -10, -1, -11, 1000, ' ', 999 };
	for (int i = 0; i < 10; i++)
		printf("%d ", range(cs[i]));
	printf("\n");
	for (int i = 0; i < 6; i++)
		printf("%d ", fall(i));
	printf("\n%d %d %d %d %d %d\n", wide(-1), wide(1UL << 63), wide(1UL << 32), wide(6), wide(0), wide(1));
	printf("%d %d %d\n", neg(-100), neg(0), neg(1L << 40));
	printf("%d %d %d\n", ch(-1), ch((signed char)255), ch(127));
	printf("%d %d %d %d %d\n", uc(255), uc(0), un(-1), un(0x80000000), un(1));
	char buf[40] = { 0 };
	duff(buf, "the quick brown fox jumps over", 29);
	printf("%s\n", buf);
	printf("%d %d %d %d %d %d\n", nested(1, 1), nested(1, 2), nested(1, 3), nested(2, 5), nested(2, 6), nested(2, 7));
	printf("%d %d %d %d %d\n", inside_if(3), inside_if(5), inside_if(7), inside_if(8), inside_if(9));
	printf("%d %d %d %d\n", loop_case(1), loop_case(2), loop_case(3), loop_case(4));
	printf("%d\n", empty(4));
	return 0;
}
