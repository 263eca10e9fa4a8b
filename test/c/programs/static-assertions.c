/* SPDX-License-Identifier: MIT */
/* _Static_assert in every position of a declaration, with and without a message. */
#include <assert.h>
#include <stddef.h>
#include <stdio.h>
_Static_assert(sizeof(long) == 8, "long");
static_assert(1);
struct s {
	_Static_assert(sizeof(int) == 4, "in a struct");
	int a;
	union { _Static_assert(1); int b; };
};
static int f(int n)
{
	_Static_assert(offsetof(struct s, b) == 4, "first");
	switch (n) {
	default: ;
		_Static_assert(1, "in a switch");
	case 1:
		n++;
	}
	for (int i = 0; i < 2; i++) {
		n += i;
		_Static_assert(sizeof(i) == 4, "in a loop");
	}
	return n + ({ _Static_assert(2 > 1, "in a statement expression"); n; });
	_Static_assert(__builtin_types_compatible_p(int, typeof(n)), "last");
}
int main(void)
{
	printf("%d %d\n", f(1), f(5));
	return 0;
}
_Static_assert((char)-1 == 255, "char is unsigned");
