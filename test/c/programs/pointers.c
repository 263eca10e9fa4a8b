/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
struct node { int key; struct node *l, *r; };
static struct node *insert(struct node *n, int key)
{
	if (!n) {
		n = malloc(sizeof(*n));
		*n = (struct node){ .key = key };
	} else if (key < n->key)
		n->l = insert(n->l, key);
	else
		n->r = insert(n->r, key);
	return n;
}
static int walk(struct node *n, int d) { return n ? walk(n->l, d + 1) * 3 + n->key * d + walk(n->r, d + 1) : 0; }
static void push(struct node **pp, int v) { struct node *n = calloc(1, sizeof(*n)); n->key = v; n->r = *pp; *pp = n; }
static void drop(struct node **pp, int v)
{
	while (*pp) {
		if ((*pp)->key == v) {
			struct node *d = *pp;
			*pp = d->r;
			free(d);
		} else
			pp = &(*pp)->r;
	}
}
static int cmp(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void)
{
	struct node *t = 0, *l = 0;
	for (int i = 0; i < 20; i++)
		t = insert(t, (i * 7) % 20);
	printf("%d\n", walk(t, 1));
	for (int i = 0; i < 6; i++)
		push(&l, i % 3);
	drop(&l, 1);
	for (struct node *n = l; n; n = n->r)
		printf("%d ", n->key);
	printf("\n");
	int a[8] = { 5, 2, 8, 1, 9, 3, 7, 4 };
	qsort(a, 8, sizeof(int), cmp);
	for (int i = 0; i < 8; i++)
		printf("%d ", a[i]);
	int key = 7, *f = bsearch(&key, a, 8, sizeof(int), cmp);
	printf("%ld\n", f - a);
	char *s = malloc(20), *s2;
	strcpy(s, "pointer");
	s2 = realloc(s, 40);
	strcat(s2, " text");
	printf("%s %zu\n", s2, strlen(s2));
	int **pp = malloc(3 * sizeof(*pp));
	for (int i = 0; i < 3; i++) {
		pp[i] = malloc(sizeof(int) * 2);
		pp[i][0] = i;
		pp[i][1] = i * i;
	}
	printf("%d %d\n", pp[2][1], **(pp + 1));
	void *v = &a[1];
	printf("%d %d\n", *(int *)v, *(int *)(v + 4));
	v += 8;
	printf("%d\n", *(int *)v);
	uintptr_t u = (uintptr_t)&a[2];
	printf("%d %d\n", *(int *)(u + 4), (int)(u & 3));
	char *c = (char *)a;
	printf("%d %d\n", c[0], c[4]);
	long x = 0x0102030405060708;
	unsigned char *b = (unsigned char *)&x;
	printf("%d %d\n", b[0], b[7]);
	int *null = 0;
	printf("%d %d %d\n", null == 0, !null, null ? 1 : 2);
	const char *const *pcc = (const char *const[]){ "x", "yy", 0 };
	while (*pcc)
		printf("%s ", *pcc++);
	printf("\n");
	short sh[4] = { 1, -2, 3, -4 };
	printf("%x\n", *(unsigned *)sh);
	printf("%d\n", (int)(intptr_t)((char *)0 + 5));
	free(s2);
	return 0;
}
