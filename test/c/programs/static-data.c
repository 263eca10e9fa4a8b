/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stddef.h>
struct ops { int (*add)(int, int); const char *name; void *arg; };
struct list { struct list *next, *prev; };
static int add(int a, int b) { return a + b; }
static int sub(int a, int b) { return a - b; }
static int arr[10] = { 1, 2, 3, 4, 5 };
static int *mid = &arr[4], *end = arr + 10, *one = &arr[3] - 2;
static struct list head = { &head, &head };
static struct ops ops[] = { { add, "add", arr }, { .add = &sub, .name = "sub" + 1, .arg = &ops[0].name } };
static const char *msgs[] = { "zero", [2] = "two" };
static char *strp = "abc" "def" + 2;
static long diff = (char *)&((struct ops *)0)->arg - (char *)0;
static unsigned long asint = (unsigned long)&arr[1];
static void *self = &self;
extern int later[];
static int *pl = later + 1;
int later[] = { 5, 6, 7 };
static struct { char c; int *p; } __attribute__((packed)) pk = { 'c', &arr[2] };
static int tentative;
static int tentative;
int weak_one __attribute__((weak)) = 3;
static double dd = 1.5 + 2, neg = -0.0;
static float ff = 1 / 3.0;
static long sh = 1L << 40 | sizeof(arr) / sizeof(*arr);
static int cond = sizeof(long) == 8 ? 8 : 4;
static int counter(void) { static int n = 10; return n++; }
static int counter2(void) { static int n; static int *p = &n; return ++*p; }
static int (*const fns[2])(int, int) = { add, sub };
static const struct { int a; union { void *p; long l; }; } un = { .a = 1, .p = arr };
int main(void)
{
	printf("%d %ld %d\n", *mid, end - arr, *one);
	printf("%d %d\n", head.next == &head, head.next->next->prev == &head);
	printf("%d %s %d\n", ops[0].add(1, 2), ops[1].name, ops[1].add(5, 3));
	printf("%d %s\n", ((int *)ops[0].arg)[2], *(const char **)ops[1].arg);
	printf("%s %d %s\n", msgs[0], msgs[1] == NULL, msgs[2]);
	printf("%s %ld %d %d\n", strp, diff, asint == (unsigned long)(arr + 1), self == &self);
	printf("%d %d %d\n", *pl, *pk.p, pk.c);
	printf("%d %d %g %g %.6f\n", tentative, weak_one, dd, neg, ff);
	printf("%lx %d\n", sh, cond);
	counter(); counter();
	printf("%d\n", counter());
	counter2();
	printf("%d\n", counter2());
	printf("%d %d\n", fns[0](4, 5), (*fns[1])(4, 5));
	printf("%d\n", un.p == (void *)arr);
	return 0;
}
