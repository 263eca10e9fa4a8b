/* SPDX-License-Identifier: MIT */
/* Objects with a stricter alignment than their type and than the stack, _Alignas and _Alignof. */
#include <stdio.h>
#define AT(p, n) ((int)((unsigned long)(p) % (n)))
_Alignas(256) static char global[3];
static struct { char c; _Alignas(32) int x; } member;
struct line { char c; } __attribute__((aligned(128)));
static int recursive(int n)
{
	int here __attribute__((aligned(64))) = n;
	_Alignas(128) char buffer[5] = "abc";
	volatile int *p = &here;
	int bad = AT(p, 64) + AT(buffer, 128);
	if (n == 0)
		return bad;
	bad += recursive(n - 1);
	return bad + (*p != n) + (buffer[1] != 'b');
}
int main(void)
{
	struct line a, b[2];
	char odd;
	long l __attribute__((aligned(32)));
	odd = 1;
	printf("%d %d %d\n", AT(global, 256), AT(&member.x, 32), AT(&a, 128) + AT(&b[1], 128));
	printf("%d %d\n", recursive(3), AT(&l, 32));
	printf("%zu %zu %zu %zu\n", _Alignof(struct line), sizeof(struct line), _Alignof(double), __alignof__(global));
	printf("%zu %zu %zu\n", __alignof__(l), _Alignof(int[3]), sizeof(member));
	return odd - 1;
}
