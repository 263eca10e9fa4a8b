/* SPDX-License-Identifier: MIT */
/* Case ranges of each type, negative and beyond 32 bits; consecutive labels; Duff's device; nested switches. */
#include <stdio.h>
static int narrow(signed char c)
{
	switch (c) {
	case -128 ... -100: return 1;
	case -99 ... -1: return 2;
	case 0: return 3;
	case 1 ... 126: return 4;
	}
	return 5;
}
static int wide(unsigned long v)
{
	switch (v) {
	case 0 ... 0xffffffff: return 1;
	case 0x100000000 ... 0x7fffffffffffffff: return 2;
	case ~0ul: return 4;
	default: return 3;
	}
}
static int sign(long v)
{
	switch (v) {
	case -9223372036854775807L - 1 ... -1: return -1;
	case 0: return 0;
	}
	return 1;
}
static int rows(unsigned n)
{
	switch (n) {
	case 1: case 2: case 3: case 4: case 5: case 6: case 7: case 8: case 9: case 10:
	case 21: case 22: case 23: case 24: case 25: default: case 26: case 27: case 28:
		return (int)n;
	case 11:
	case 12:
		if (n == 11)
	case 13:
			return -1;
	case 14 ... 20:
		return -2;
	}
}
static void copy(char *to, const char *from, int count)
{
	int n = (count + 3) / 4;
	switch (count % 4) {
	case 0: do { *to++ = *from++;
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
		default: a = 0;
		}
		if (a) break;
	case 2:
		return b ? 2 : 20;
	}
	return a * 100 + b;
}
int main(void)
{
	static const unsigned long values[] = { 0, 5, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, ~0ul };
	char buffer[12] = "";
	for (int i = -128; i < 128; i += 15)
		printf("%d", narrow((signed char)i));
	printf("%d\n", narrow(127));
	for (int i = 0; i < 7; i++)
		printf("%d%d ", wide(values[i]), sign((long)values[i]));
	printf("\n");
	for (unsigned i = 0; i < 31; i++)
		printf("%d ", rows(i));
	copy(buffer, "hello world", 11);
	printf("\n%s\n", buffer);
	for (int a = 0; a < 4; a++)
		for (int b = 0; b < 4; b++)
			printf("%d ", nested(a, b));
	printf("\n");
	return 0;
}
