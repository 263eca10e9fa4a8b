/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#define T(x) _Generic((x), int: "int", unsigned: "unsigned", long: "long", unsigned long: "ulong", long long: "llong", unsigned long long: "ullong", \
	char: "char", signed char: "schar", unsigned char: "uchar", short: "short", unsigned short: "ushort", _Bool: "bool", float: "float", double: "double", default: "other")
#define SHOW(x) printf("%s: %s %llx\n", #x, T(x), (unsigned long long)(x))
int main(void)
{
	SHOW(2147483647);
	SHOW(2147483648);
	SHOW(0x7fffffff);
	SHOW(0x80000000);
	SHOW(0xffffffff);
	SHOW(0x100000000);
	SHOW(037777777777);
	SHOW(0x7fffffffffffffff);
	SHOW(0x8000000000000000);
	SHOW(4294967295u);
	SHOW(4294967296u);
	SHOW(1l);
	SHOW(1ul);
	SHOW(1lu);
	SHOW(1ll);
	SHOW(1LLU);
	SHOW(0b1011);
	SHOW(0B11u);
	SHOW('a');
	SHOW('\0');
	SHOW('\x41');
	SHOW('\101');
	SHOW('ab');
	SHOW('\e');
	SHOW(-2147483648);
	SHOW(-1 - 2147483647);
	SHOW(1.0);
	SHOW(1.0f);
	SHOW(1e3);
	SHOW(0x1p4);
	SHOW(0x1.8p1f);
	SHOW(.5e1);
	SHOW((char)1);
	SHOW((_Bool)0.5);
	SHOW((short)1 + (short)1);
	SHOW((char)1 + 1L);
	SHOW(1u - 2);
	SHOW(1 ? 1 : 1ul);
	SHOW(~0u);
	SHOW(~0ull);
	SHOW(!1ul);
	SHOW(1L << 40);
	SHOW(1 << 31);
	return 0;
}
