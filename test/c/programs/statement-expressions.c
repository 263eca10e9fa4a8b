/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#define max(a, b) ({ typeof(a) _a = (a); typeof(b) _b = (b); _a > _b ? _a : _b; })
#define container_of(p, t, m) ({ const typeof(((t *)0)->m) *_m = (p); (t *)((char *)_m - __builtin_offsetof(t, m)); })
struct in { int v; };
struct out { long pad; struct in in; int tag; };
static int calls;
static int f(int x) { calls++; return x; }
static int early(int x)
{
	int y = ({ if (x > 5) return 100; x * 2; });
	return y + 1;
}
static int loop(void)
{
	int n = 0;
	for (int i = 0; i < 10; i++)
		n += ({ if (i == 3) continue; if (i == 6) break; i; });
	return n;
}
int main(void)
{
	printf("%d\n", max(f(3), f(4)));
	printf("%d\n", calls);
	printf("%d\n", max(max(1, 7), max(3, 2)));
	struct out o = { 1, { 2 }, 3 };
	struct in *p = &o.in;
	printf("%d\n", container_of(p, struct out, in)->tag);
	printf("%d %d\n", early(2), early(9));
	printf("%d\n", loop());
	int x = ({ int i = 0; while (i < 5) i++; i; }) + ({ 2; });
	printf("%d\n", x);
	printf("%d\n", ({ f(1); f(2); 5; }));
	printf("%d\n", calls);
	({ x = 3; });
	({ ; });
	printf("%d\n", x);
	struct in s = ({ struct in t = { 8 }; t; });
	printf("%d\n", s.v);
	printf("%s\n", ({ char *q = "ptr"; q + 1; }));
	int a = 1;
	int b = f(({ int c = f(6); c + 1; }));
	printf("%d %d %d\n", a, b, calls);
	if (({ int c = x; c == 3; }))
		printf("yes\n");
	switch (({ x + 1; })) { case 4: printf("four\n"); }
	int r = ({ __label__ out; int z = 1; if (x) goto out; z = 2; out: z; });
	printf("%d\n", r);
	printf("%d\n", ({ ({ ({ 9; }); }); }));
	printf("%d\n", x ? ({ f(20); }) : ({ f(30); }));
	void *v = ({ void *w = &x; w; });
	printf("%d\n", v == &x);
	return 0;
}
