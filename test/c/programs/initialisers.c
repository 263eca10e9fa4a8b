/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
struct in { int a, b[3]; struct { char c; short d; } s; };
struct out { int n; struct in i[2]; char name[8]; const struct in *p; union { int x; char y[4]; } u; };
struct in g1 = { .b[1] = 5, .a = 2, .s = { .d = 9 } };
struct out g2 = { 1, { { 2, { 3, 4, 5 }, { 6, 7 } }, { .b = { [2] = 8 } } }, "name", &g1, { .y = "ab" } };
struct out g3 = { .i[1].s.c = 4, .i[0].b[0 ... 1] = 7, .n = 3, .name = { 'x', [3] = 'y' }, .u.x = 0x41424344 };
struct out g4 = { 9, 1, 2, 3, 4, 5, 6, 7, 8 };
int r[] = { [0 ... 3] = 1, [2] = 5, 6, [10] = 7, 8 };
int over[4] = { 1, 2, [0] = 9, [1] 8, [2 ... 3] = 3 };
struct old { int a, b; } o = { a: 3, b: 4 };
char s1[] = { "braced" }, s2[2][4] = { "abc", { 'd', 'e' } };
int nested[2][2][2] = { { { 1 }, 2, 3 }, { 4, 5, { 6 } } };
struct { int a; struct { int b, c; }; int d; } an = { 1, { 2, 3 }, 4 }, an2 = { .c = 7, 8, .a = 1 };
struct flex { int n; int d[]; } fx = { 3, { 10, 20, 30 } };
int scalar = { 5 };
enum { RED = 2, BLUE };
static const char *const colours[] = { [RED] = "red", [BLUE] = "blue" };
static void show(const struct out *o)
{
	printf("%d:", o->n);
	for (int i = 0; i < 2; i++)
		printf(" %d %d %d %d %d %d", o->i[i].a, o->i[i].b[0], o->i[i].b[1], o->i[i].b[2], o->i[i].s.c, o->i[i].s.d);
	printf(" '%.8s' %x\n", o->name, o->u.x);
}
int main(void)
{
	printf("%d %d %d\n", g1.a, g1.b[1], g1.s.d);
	show(&g2); show(&g3); show(&g4);
	printf("%d\n", g2.p->a);
	for (unsigned i = 0; i < sizeof(r) / sizeof(*r); i++)
		printf("%d ", r[i]);
	printf("\n%d %d %d %d\n", over[0], over[1], over[2], over[3]);
	printf("%d %d %s %s %c\n", o.a, o.b, s1, s2[0], s2[1][1]);
	for (int i = 0; i < 8; i++)
		printf("%d ", (&nested[0][0][0])[i]);
	printf("\n%d %d %d %d\n", an.a, an.b, an.c, an.d);
	printf("%d %d %d %d\n", an2.a, an2.b, an2.c, an2.d);
	printf("%d %d %zu\n", fx.n, fx.d[2], sizeof(fx));
	printf("%d %s %d\n", scalar, colours[BLUE], colours[0] == 0);
	int k = 3;
	struct out l1 = { k, { { k + 1 }, { .b[1] = k } }, "loc" , .u = { k } };
	show(&l1);
	struct out l2 = { .i[1] = g1, .i[0].b[2] = 99, .name = "abcdefgh" };
	show(&l2);
	struct in l3[3] = { [1] = { .a = k++ }, [2].a = k++, };
	printf("%d %d %d %d\n", l3[0].a, l3[1].a, l3[2].a, k);
	int la[6] = { [1 ... 4] = k, [3] = 0 };
	for (int i = 0; i < 6; i++)
		printf("%d ", la[i]);
	printf("\n");
	char lc[] = "ab" "cd\0ef";
	printf("%zu %s\n", sizeof(lc), lc + 5);
	struct in e = { };
	printf("%d\n", e.b[2]);
	struct in cp = *g2.p;
	printf("%d\n", cp.b[1]);
	int self = sizeof(self);
	printf("%d\n", self);
	const struct in *lit = (const struct in[]){ { 1 }, { 2, { 3 } } };
	printf("%d %d\n", lit[0].a, lit[1].b[0]);
	return 0;
}
