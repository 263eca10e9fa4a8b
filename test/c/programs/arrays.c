/* SPDX-License-Identifier: MIT */
#include <stdio.h>
int m[3][4] = { { 1, 2 }, { 5, 6, 7, 8 }, 9 };
char names[][6] = { "one", "two", "three" };
const char *ptrs[] = { "a", "bb", "ccc" };
static int sum2(int a[][4], int n) { int s = 0; for (int i = 0; i < n; i++) for (int j = 0; j < 4; j++) s += a[i][j]; return s; }
static int last(int a[static 2], int n) { return a[n - 1]; }
static int (*row(int i))[4] { return &m[i]; }
int main(void)
{
	for (int i = 0; i < 3; i++)
		printf("%d %d %d %d\n", m[i][0], m[i][1], m[i][2], m[i][3]);
	printf("%d %d\n", sum2(m, 3), sum2(m + 1, 1));
	printf("%zu %zu %zu\n", sizeof(m), sizeof(m[0]), sizeof(names));
	printf("%s %s %s\n", names[0], names[1], names[2]);
	printf("%c %c\n", ptrs[1][1], 2[ptrs][0]);
	int a[5] = { 1, 2, 3, 4, 5 }, *p = a + 1, *e = &a[4];
	printf("%ld %d %d ", e - p, p[-1], *(p + 2));
	printf("%d\n", *p++);
	printf("%d ", *++p);
	printf("%d ", --*p);
	printf("%d\n", *p--);
	printf("%d\n", last(a, 5));
	printf("%d %d\n", (*row(1))[2], row(2)[0][0]);
	int (*pa)[5] = &a;
	printf("%d %zu %ld\n", (*pa)[3], sizeof(*pa), (long)((char *)(pa + 1) - (char *)pa));
	int cube[2][3][2] = { { { 1, 2 }, { 3 } }, { [1] = { 5, 6 } } };
	int s = 0;
	for (int *q = &cube[0][0][0]; q < &cube[2][0][0]; q++)
		s = s * 7 + *q;
	printf("%d\n", s);
	char str[] = "hello", fixed[3] = "abc", pad[10] = "x";
	printf("%zu %zu %c %d\n", sizeof(str), sizeof(fixed), fixed[2], pad[9]);
	for (char *c = str; *c; c++)
		*c -= 32;
	printf("%s\n", str);
	printf("%d %d\n", &a[2] > &a[1], &a[2] == a + 2);
	printf("%ld\n", (short *)&a[3] - (short *)&a[1]);
	int i = 2;
	a[i] = 77;
	a[0] = a[1] = a[3] = 9;
	printf("%d %d %d\n", a[0], a[1], a[3]);
	long idx = -2;
	printf("%d\n", e[idx]);
	unsigned char uc = 1;
	printf("%d\n", a[uc + 3]);
	unsigned ui = -1;
	printf("%d\n", (e + 1)[(int)ui]);
	return 0;
}
