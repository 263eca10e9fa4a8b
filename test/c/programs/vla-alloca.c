/* SPDX-License-Identifier: MIT */
#include <alloca.h>
#include <stdio.h>
#include <string.h>
static int sum(int n, int a[n]) { int s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }
static int sum2(int n, int m, int a[n][m]) { int s = 0; for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) s = s * 3 + a[i][j]; return s + sizeof(a[0]); }
static void fill(int n, int m, int (*a)[m]) { for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) a[i][j] = i * 10 + j; }
static int early(int n)
{
	for (int i = 0; i < 1000; i++) {
		char big[n * 100];
		big[0] = i;
		if (i == 500)
			return big[0] + sizeof(big);
		if (i & 1)
			continue;
		big[n] = 1;
	}
	return 0;
}
static int again(int n)
{
	int r = 0;
top:;
	int v[n];
	v[n - 1] = n;
	r += v[n - 1] + sizeof(v);
	if (n-- > 2)
		goto top;
	return r;
}
static char *rep(const char *s, int n) { static char out[100]; char *t = alloca(n * strlen(s) + 1); *t = 0; while (n--) strcat(t, s); strcpy(out, t); return out; }
static long deep(int n) { long a[n + 1]; a[n] = n; return n ? a[n] + deep(n - 1) : 0; }
int main(void)
{
	int n = 5, m = 3;
	int a[n];
	for (int i = 0; i < n; i++)
		a[i] = i * i;
	n = 100;
	printf("%zu %d %d\n", sizeof(a), sum(5, a), sizeof(a) / sizeof(a[0]) == 5);
	int b[m][m + 1];
	fill(m, m + 1, b);
	printf("%d %zu %zu\n", sum2(m, m + 1, b), sizeof(b), sizeof(b[1]));
	int (*p)[m + 1] = b;
	p++;
	printf("%d %d %ld\n", (*p)[2], p[1][3], (long)(p - b));
	printf("%d %d\n", *b[2], (int)(&b[2] - &b[0]));
	printf("%d %d\n", early(7), again(6));
	printf("%s\n", rep("ab", 5));
	printf("%ld\n", deep(40));
	char c[m * 2];
	memset(c, 'z', sizeof(c));
	printf("%.*s\n", (int)sizeof c, c);
	struct { int x; } s[m];
	s[m - 1].x = 9;
	printf("%d %zu\n", s[2].x, sizeof(s));
	for (int k = 1; k < 4; k++) {
		short t[k][2];
		t[k - 1][1] = k;
		printf("%d %zu ", t[k - 1][1], sizeof t);
	}
	int cube[2][m][2];
	cube[1][2][1] = 77;
	printf("\n%d %zu\n", cube[1][2][1], sizeof(cube));
	printf("%d\n", (int)sizeof(int[m++]) + m);
	typeof(a) copy;
	memcpy(copy, a, sizeof(copy));
	printf("%d %zu\n", copy[4], sizeof(copy));
	return 0;
}
