/* SPDX-License-Identifier: MIT */
/* Cleanups run once however a scope is left: end, goto, break, continue, return, statement expressions, guards. */
#include <stdio.h>
static int depth;
static void lock(const char *who) { printf("%*slock %s\n", depth++, "", who); }
static void unlock(const char **who) { if (*who) printf("%*sunlock %s\n", --depth, "", *who); }
static void tell(int *p) { printf("end %d\n", *p); }
#define TELL __attribute__((cleanup(tell)))
#define GUARD(name, who) const char *name __attribute__((__cleanup__(unlock))) = ({ lock(who); who; })
#define SCOPED(who) for (GUARD(scope_, who), *done_ = (void *)0; !done_; done_ = (void *)1)

static int loops(int n)
{
	for (int i TELL = n, k = 0; k < 4; k++) {
		int inner TELL = k * 10;
		if (k == 0)
			continue;
		if (k == 1)
			goto in;
		if (k == 3)
			break;
in:
		if (k == 2)
			inner++;
		printf("k %d\n", k);
	}
	return depth;
}
static int expressions(int n)
{
	int r = ({
		int c TELL = n;
		if (n == 3)
			goto skip;
		c++;
skip:
		c * 2;
	});
	return r + ({ int d TELL = r; d; });
}
static int returned(int n)
{
	int c TELL = n;
	return c++ + n;
}
static int out_of(int n)
{
	int outer TELL = 1;
	{
		int inner TELL = 2;
		if (n == 0)
			goto end;
		{
			int deep TELL = 3;
			if (n == 1)
				goto middle;
			if (n == 2)
				return 20;
		}
	}
middle:
	printf("middle\n");
end:
	return outer;
}
static int back(int n)
{
again: ;
	int turn TELL = n;
	if (n-- > 0)
		goto again;
	return turn;
}
static int guarded(int n)
{
	GUARD(a, "outer");
	SCOPED("loop") {
		if (n == 1)
			return 1;
		if (n == 2)
			break;
		printf("%*sbody\n", depth, "");
	}
	switch (n) {
	case 0: {
		GUARD(b, "case");
		break;
	}
	default:
		printf("default\n");
	}
	return 0;
}
static void sizes(int n)
{
	for (int i = 1; i < n; i++) {
		int *p;
		int a[i];
		int t TELL = i;
		p = a;
		for (int k = 0; k < i; k++)
			p[k] = k;
		if (i == 2)
			continue;
		printf("last %d\n", p[i - 1]);
	}
}
int main(void)
{
	printf("%d\n", loops(7));
	printf("%d\n", expressions(3));
	printf("%d\n", expressions(4));
	printf("%d\n", returned(10));
	for (int i = 0; i < 4; i++)
		printf("%d\n", out_of(i));
	printf("%d\n", back(2));
	for (int i = 0; i < 4; i++)
		printf("%d\n", guarded(i));
	sizes(4);
	return 0;
}
