/* SPDX-License-Identifier: MIT */
#include <stdio.h>
static void done(int *p) { printf("[%d]", *p); }
static void freep(char **p) { printf("<%s>", *p); }
#define __cleanup(f) __attribute__((cleanup(f)))
static int ret(int n)
{
	int a __cleanup(done) = 1;
	if (n == 1)
		return a + 10;
	int b __cleanup(done) = 2;
	if (n == 2)
		return b + 20;
	{
		int c __cleanup(done) = 3;
		if (n == 3)
			return c + 30;
		c = 33;
	}
	return ({ int d __cleanup(done) = 4; d + 40; });
}
static void loops(void)
{
	for (int i = 0; i < 4; i++) {
		int x __cleanup(done) = i;
		if (i == 1)
			continue;
		if (i == 3)
			break;
		printf("body%d", i);
	}
	printf("\n");
	for (int i __cleanup(done) = 0; i < 2; i++)
		printf("i%d", i);
	printf("\n");
	int n = 0;
	while (n < 2) {
		int y __cleanup(done) = n++;
		int z __cleanup(done) = y + 100;
	}
	printf("\n");
}
static void gotos(int n)
{
	int a __cleanup(done) = 1;
again:;
	int b __cleanup(done) = 2;
	{
		int c __cleanup(done) = 3;
		if (n-- > 0)
			goto again;
		if (n < -5)
			goto out;
	}
	printf("end");
out:
	printf("out");
}
static void sw(int n)
{
	switch (n) {
	case 1: {
		int a __cleanup(done) = 11;
		break;
	}
	case 2: {
		int b __cleanup(done) = 12;
	}
	/* fall through */
	default: {
		int c __cleanup(done) = 13;
		printf("d");
	}
	}
	printf("\n");
}
static int scoped(void)
{
	char *s __cleanup(freep) = "outer";
	for (char *once __cleanup(freep) = "guard", *go = "x"; go; go = 0) {
		char *t __cleanup(freep) = "inner";
		if (s)
			return 5;
	}
	return 6;
}
static int value(void) { int v __cleanup(done) = 5; return v = 6, v; }
static int counter;
static void bump(int *p) { counter += *p; }
static int order(void) { int v __cleanup(bump) = 7; return counter; }
int main(void)
{
	for (int i = 0; i < 4; i++)
		printf(" %d\n", ret(i));
	loops();
	gotos(2);
	printf("\n");
	for (int i = 0; i < 3; i++)
		sw(i);
	printf("%d\n", scoped());
	printf("%d\n", value());
	printf("%d ", order());
	printf("%d\n", counter);
	return 0;
}
