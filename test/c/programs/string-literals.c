/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
static const char esc[] = "\a\b\f\n\r\t\v\\\'\"\?\0\x7f\177\x41g\1012";
static const unsigned short u16[] = u"a\u00e9\u20ac";
static const unsigned u32[] = U"a\U0001f600";
static const int wide[] = L"w\x1234";
static const char u8[] = u8"\u00e9\u20ac\U0001f600";
#define STR(x) #x
#define XSTR(x) STR(x)
#define CAT(a, b) a##b
#define N 12
int main(void)
{
	for (unsigned i = 0; i < sizeof(esc); i++)
		printf("%02x ", esc[i]);
	printf("\n");
	for (unsigned i = 0; i < sizeof(u16) / 2; i++)
		printf("%x ", u16[i]);
	for (unsigned i = 0; i < sizeof(u32) / 4; i++)
		printf("%x ", u32[i]);
	for (unsigned i = 0; i < sizeof(wide) / 4; i++)
		printf("%x ", wide[i]);
	for (unsigned i = 0; i < sizeof(u8); i++)
		printf("%02x ", (unsigned char)u8[i]);
	printf("\n%s %s %d\n", STR(N + "x\n"), XSTR(N), CAT(1, 2));
	printf("%zu %zu\n", sizeof("a" "b" "c"), strlen("\x31" "2"));
	printf("%c%c\n", "index"[2], *("deref" + 1));
	printf("%x %x %x\n", L'\x123', u'\xffff', U'x');
	printf("%s\n", "multi" /* comment */ "part"
	       " lines");
	printf("%d\n", sizeof(L"ab") == 3 * sizeof(int));
	printf("%s\n", "a\
b");
	printf("%d\n", '\'' + '"');
	return 0;
}
