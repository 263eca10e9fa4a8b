/* SPDX-License-Identifier: MIT */
/* Literals of each encoding, their element types and sizes, concatenation, escapes, multi-character constants. */
#include <stddef.h>
#include <stdio.h>
int main(void)
{
	const wchar_t *w = L"h\u00e9\U0001F600";
	const unsigned short *u = (const void *)u"\U0001F600x\u20ac";
	const unsigned *U = (const void *)U"\U0001F600" U"z";
	const unsigned char *b = (const void *)u8"\u00e9\u20ac\U0001F600";
	int i;
	for (i = 0; w[i]; i++)
		printf("%x ", (unsigned)w[i]);
	for (i = 0; u[i]; i++)
		printf("%x ", u[i]);
	for (i = 0; U[i]; i++)
		printf("%x ", U[i]);
	for (i = 0; b[i]; i++)
		printf("%x ", b[i]);
	printf("\n%zu %zu %zu %zu %zu\n", sizeof(L"ab"), sizeof(u"\U0001F600x"), sizeof(U"a"), sizeof(u8"\u00e9"), sizeof("a\0b"));
	printf("%d %d %d %d\n", L'\u00e9', U'\U0001F600' == 0x1F600, u'\u20ac', (int)sizeof(u'a'));
	printf("%d %d %d %d\n", 'ab', '\xff', '\377', '\0');
	printf("%d %d\n", (int)sizeof(L'a'), (int)sizeof('a'));
	printf("%s|%s|%s\n", "\x41" "1", "a" "\60" "7", "tab\tquote\"back\\slash\a\b" + 3);
	printf("%zu %zu\n", sizeof("abc" "def"), sizeof(L"abc" "def"));
	static const char exact[3] = "abc";
	static const wchar_t array[] = { L"xy" };
	printf("%.3s %zu %c\n", exact, sizeof(array), "hello"[1]);
	printf("%s\n", (const char[]){ "compound" });
	printf("%s\n", &"pointer"[2]);
	return 0;
}
