/* SPDX-License-Identifier: MIT */
#include <stdio.h>
struct p { int x, y; };
static int sum(const int *a, int n) { int s = 0; while (n--) s += *a++; return s; }
static int dist(struct p a) { return a.x * 10 + a.y; }
static int distp(const struct p *a) { return a->x * 10 + a->y; }
static int *gp = (int[]){ 4, 5, 6 };
static struct p *gs = &(struct p){ .y = 8 };
static struct { const char *name; const struct p *at; } table[] = { { "one", &(const struct p){ 1, 1 } }, { "two", &(struct p){ 2, 2 } } };
int main(void)
{
	printf("%d\n", sum((int[]){ 1, 2, 3 }, 3));
	printf("%d %d\n", dist((struct p){ 3, 4 }), distp(&(struct p){ .x = 5 }));
	printf("%d %d %s %d\n", gp[1], gs->y, table[1].name, table[1].at->x);
	int total = 0;
	for (int i = 0; i < 3; i++) {
		struct p *q = &(struct p){ i, i };
		q->x++;
		total = total * 10 + q->x;
	}
	printf("%d\n", total);
	(struct p){ 1, 2 }.x;
	int *w = &(int){ 7 };
	++*w;
	printf("%d %d\n", *w, (int){ 9 });
	printf("%s\n", (char[]){ "text" });
	printf("%c\n", ((char[]){ 'a', 'b', 'c' })[1]);
	printf("%zu\n", sizeof((int[]){ 1, 2, 3, 4 }));
	struct p arr[] = { (struct p){ 1, 2 }, { 3, 4 } };
	arr[0] = (struct p){ arr[1].y, arr[1].x };
	printf("%d %d\n", arr[0].x, arr[0].y);
	struct p s = { 1, 2 };
	s = (struct p){ s.y, s.x };
	printf("%d %d\n", s.x, s.y);
	return 0;
}
