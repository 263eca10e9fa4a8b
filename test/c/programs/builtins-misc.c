/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stddef.h>
#include <string.h>
struct s { int a; struct { char b[10]; long c; } d[3]; };
static int two(void) { return 2; }
#define is_const(e) __builtin_constant_p(e)
#define pick(c, a, b) __builtin_choose_expr(c, a, b)
_Static_assert(sizeof(int) == 4, "int");
_Static_assert(__builtin_offsetof(struct s, d[1].c) == 48);
static int arr[is_const(5) ? 3 : 1];
enum { K = __builtin_choose_expr(1, 10, 20) };
int main(int argc, char **argv)
{
	printf("%d %d %d %d\n", is_const(3 + 4), is_const(sizeof(argc)), is_const("lit"), is_const(1.5));
	printf("%d %d\n", pick(1, 5, "str"), pick(sizeof(long) == 8, 1, 2));
	printf("%zu %zu\n", sizeof(pick(0, 1, "abc")), sizeof(arr));
	printf("%zu %zu %zu\n", offsetof(struct s, d), offsetof(struct s, d[2].b[3]), offsetof(struct s, d[argc].c));
	printf("%ld %d\n", __builtin_expect(two(), 2), __builtin_expect(argc > 5, 0) ? 1 : 2);
	printf("%zu %d\n", __builtin_strlen("four"), __builtin_memcmp("abc", "abd", 3) < 0);
	char buf[16];
	__builtin_memset(buf, 'x', 15);
	buf[15] = 0;
	__builtin_memcpy(buf + 2, "YY", 2);
	printf("%s %s\n", buf, __builtin_strchr(buf, 'Y'));
	printf("%d %d\n", K, __builtin_abs(-4));
	if (argc > 100)
		__builtin_unreachable();
	int *p = __builtin_assume_aligned(arr, 4);
	printf("%d\n", p == arr);
	printf("%d\n", __builtin_types_compatible_p(typeof(argv), char **));
	printf("%s %d\n", __func__, (int)sizeof(__func__));
	printf("%s\n", __PRETTY_FUNCTION__);
	__builtin_prefetch(buf);
	printf("%d\n", __builtin_constant_p(argc) ? 1 : 0);
	printf("%zu\n", __builtin_object_size(argv[0], 0) != 0);
	printf("%d %d\n", __builtin_isnan(0.0), (int)__builtin_fabs(-2));
	printf("%d\n", __alignof__(long) == _Alignof(long));
	printf("%d\n", (int)__extension__ 5);
	return 0;
}
