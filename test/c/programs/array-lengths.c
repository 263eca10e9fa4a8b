/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#define LEN(a) (sizeof(a) / sizeof(*(a)))
struct id { const char *name; long data; };
struct pair { char a[4], b[4]; };
static const struct id ids[] = { { "one", 1 }, { .name = "two" }, { } };
static const struct id last[] = { { "one" }, { .data = 5 } };
static struct pair pairs[] = { { { 1, 2 }, { 3 } }, { { 9 } } };
static struct pair flat[] = { { 1, 2, 3, 4, 5, 6, 7, 8 }, 9, 10 };
static int rows[][3] = { { 1, 2, 3 }, { 4 }, { } };
static int loose[][3] = { 1, 2, 3, 4 };
static int at[] = { [5] = 1, [2] = 3 };
static struct id picked[] = { [3].name = "x" };
static char texts[][4] = { "a", "" };
static int one[] = { 0 };
int main(void)
{
	const struct id local[] = { { "l", 1 }, { } };
	struct pair lp[] = { { { 1 } }, { } };
	printf("%zu %zu %zu %zu\n", LEN(ids), LEN(last), LEN(pairs), LEN(flat));
	printf("%zu %zu %zu %zu %zu %zu\n", LEN(rows), LEN(loose), LEN(at), LEN(picked), LEN(texts), LEN(one));
	printf("%zu %zu %zu\n", LEN(local), LEN(lp), sizeof((struct id[]){ { "c" }, { } }));
	int n = 0;
	for (const struct id *i = ids; i->name; i++)
		n++;
	for (const struct id *i = local; i->name; i++)
		n += 10;
	printf("%d %d %d\n", n, lp[1].a[0], rows[2][2]);
	return 0;
}
