/* SPDX-License-Identifier: MIT */
#include <stdio.h>
static int log_(int x) { printf("%d ", x); return x; }
static int zero(int x) { printf("z%d ", x); return 0; }
int g;
static int setg(int v) { g = v; return v; }
struct s { int a[4]; } ss;
static struct s *gets(void) { printf("gets "); return &ss; }
int main(void)
{
	log_(1) && zero(2) && log_(3);
	printf("\n");
	zero(1) || log_(2) || log_(3);
	printf("\n");
	(zero(1) && log_(2)) || (log_(3) && log_(4));
	printf("\n");
	if (!(log_(0) || !zero(1)))
		printf("no");
	printf("\n");
	int x = (log_(1), log_(2), log_(3));
	printf("%d\n", x);
	g = 5;
	int y = g + 0 * x;
	y = (g = 1, g + 1) + 10;
	printf("%d %d\n", y, g);
	int a[3] = { 0 }, i = 0;
	a[i] = 5, i++;
	a[i++] = 7;
	printf("%d %d %d %d\n", a[0], a[1], a[2], i);
	i = 1;
	gets()->a[1]++;
	gets()->a[log_(2)] += 5;
	printf("%d %d\n", ss.a[1], ss.a[2]);
	int *p = a;
	*p++ += 100;
	printf("%d %ld\n", a[0], (long)(p - a));
	g = 3;
	int k = setg(4) ? g : -1;
	printf("%d\n", k);
	k = g++ && g++ && 0 || g++;
	printf("%d %d\n", k, g);
	int v = 1;
	int b = 5;
	int c = (b += 2) > 6 && (b -= 1) < 7;
	printf("%d %d\n", b, c);
	unsigned char u = 255;
	printf("%d ", u++); printf("%d ", u); printf("%d\n", --u);
	for (int m = 0, n = 10; m < n; m++, n -= 2)
		printf("%d,%d ", m, n);
	printf("\n%d\n", (1 && 2) + (0 || 3) + !5 + !!7);
	return 0;
}
