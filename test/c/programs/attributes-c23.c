/* SPDX-License-Identifier: MIT */
/* C23 attributes in every position of declarations and statements. */
#include <stdio.h>
[[maybe_unused]] static int never = 3;
struct [[gnu::packed]] tight { char a; int b; };
struct aligned { char a; [[gnu::aligned(16)]] char b; char c [[gnu::aligned(4)]]; };
[[nodiscard]] static int five(void) { return 5; }
enum colour { RED [[deprecated]], GREEN [[maybe_unused]] = 7 };
[[gnu::noinline, gnu::unused]] static int twice([[maybe_unused]] int a, int b [[maybe_unused]]) { return a + b; }
typedef int wide [[gnu::aligned(32)]];
int main(void)
{
	int a[2][2] = { { 1, 2 }, { 3, 4 } }, n = 0;
	[[maybe_unused]] int unused = 4;
	switch (a[0][1]) {
	case 2:
		n += 2;
		[[fallthrough]];
	case 3:
		n += 3;
		break;
	default:
		n = -1;
	}
	[[gnu::unused]] again:
	printf("%d %d %d %d\n", five(), twice(2, 3), n, GREEN);
	printf("%zu %zu %zu\n", sizeof(struct tight), sizeof(struct aligned), _Alignof(wide));
	printf("%d\n", a[a[0][0]][a[0][0] - 1]);
	return never - 3;
}
