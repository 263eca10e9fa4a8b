/* SPDX-License-Identifier: MIT */
#include <stdio.h>
struct small { char a; short b; };
struct mid { int a; long b; };
struct big { int v[20]; struct mid m; };
struct fl { float x, y; double z; };
static struct small mk(int a, int b) { return (struct small){ a, b }; }
static struct mid mid(struct mid m) { m.a++; m.b *= 2; return m; }
static struct big big(struct big b, int i) { b.v[i] = i; b.m = mid(b.m); return b; }
static int sum(struct big b) { int s = 0; for (int i = 0; i < 20; i++) s += b.v[i]; return s + b.m.a + b.m.b; }
static struct fl fl(struct fl a, struct fl b) { return (struct fl){ a.x + b.x, a.y * b.y, a.z - b.z }; }
struct node { struct node *next; int v; };
static struct mid (*fp)(struct mid) = mid;
static struct big garr[3];
int main(void)
{
	struct small s = mk(3, 400), t;
	t = s;
	t.a = 9;
	printf("%d %d %d %d\n", s.a, s.b, t.a, t.b);
	struct mid m = { 1, 2 };
	m = mid(mid(m));
	printf("%d %ld\n", m.a, m.b);
	struct big b = { .v = { [3] = 5, 6 }, .m = { 7, 8 } };
	struct big c = big(b, 2);
	printf("%d %d\n", sum(b), sum(c));
	printf("%d\n", sum(big(big(c, 10), 11)));
	printf("%d %d\n", mk(1, 2).b, big(b, 4).m.a);
	printf("%d\n", fp(m).a);
	struct fl f = fl((struct fl){ 1, 2, 3 }, (struct fl){ .z = 1, .y = 5 });
	printf("%g %g %g\n", f.x, f.y, f.z);
	garr[1] = c;
	garr[2] = garr[1];
	garr[2].v[0] = 100;
	printf("%d %d %d\n", sum(garr[0]), sum(garr[1]), sum(garr[2]));
	struct mid x = { 1, 1 }, y = { 2, 2 };
	struct mid z = m.a ? x : y;
	printf("%d\n", z.a);
	printf("%d\n", (m.a > 1000 ? x : y).a);
	(z = x).a;
	struct mid *pm = &z;
	*pm = y, pm->b += 5;
	printf("%d %ld\n", z.a, z.b);
	struct mid arr[2] = { { 1, 2 }, { 3, 4 } }, swap;
	swap = arr[0]; arr[0] = arr[1]; arr[1] = swap;
	printf("%d %ld %d %ld\n", arr[0].a, arr[0].b, arr[1].a, arr[1].b);
	printf("%d\n", ({ struct mid w = y; w.a = 42; w; }).a);
	struct node n3 = { 0, 3 }, n2 = { &n3, 2 }, n1 = { &n2, 1 };
	for (struct node *n = &n1; n; n = n->next)
		printf("%d ", n->v);
	printf("%d\n", n1.next->next->v);
	struct { int a[3]; } w1 = { { 1, 2, 3 } }, w2;
	w2 = w1;
	w2.a[1] = 20;
	printf("%d %d\n", w1.a[1], w2.a[1]);
	x = x;
	printf("%d\n", x.a);
	return 0;
}
