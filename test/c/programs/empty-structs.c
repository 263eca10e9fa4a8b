/* SPDX-License-Identifier: MIT */
/* Structs without members or of size zero, like locks that are configured out. */
#include <stddef.h>
#include <stdio.h>
struct none { };
union nothing { };
struct around { int a; struct none n; struct none m[3]; int b; struct { } anonymous; };
struct zero { int n; char data[0]; };
struct flexible { struct zero head; int tail[]; };
static struct none global;
static struct around table[2] = { { 1, { }, { }, 2 }, { .b = 4, .n = { } } };
static struct none pass(struct none n, int a, struct none m) { (void)m; printf("a %d\n", a); return n; }
static struct none *same(struct none *p) { return p; }
static int va(int n, ...) { return n; }
int main(void)
{
	struct none local, copy, array[4];
	struct around s = table[1];
	struct { struct none lock; int value; } *p = (void *)&s.b;
	copy = local = global;
	array[1] = pass(copy, 7, local);
	printf("%zu %zu %zu %zu\n", sizeof(struct none), sizeof(union nothing), sizeof(array), sizeof(struct around));
	printf("%zu %zu %zu %zu\n", offsetof(struct around, n), offsetof(struct around, m), offsetof(struct around, b), sizeof(struct flexible));
	printf("%d %d %d\n", s.a, s.b, p->value);
	printf("%d %d\n", same(&global) == &global, va(3));
	return 0;
}
