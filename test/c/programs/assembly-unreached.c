/* SPDX-License-Identifier: MIT */
/* All forms of assembly are parsed and have no effect in functions that do not run; barriers are honoured. */
#include <stdio.h>
static int never(int a, int *p)
{
	int r, s;
	asm("# nothing");
	asm volatile("# %0,%1" : "=r"(r) : "r"(a));
	__asm__ __volatile__("# %[out],%[in]\n\t# next" : [out] "=&r"(r), "+m"(*p) : [in] "i"(4), "0"(a) : "memory", "cc");
	asm goto("# %l[away]" : : "r"(a) : "memory" : away, back);
	asm inline("# short" : "=r"(s));
	asm volatile goto("# %l0" : : : : away);
back:
	return r + s;
away:
	return -1;
}
static int reads(int *p)
{
	int v = *p;
	asm volatile("" : : : "memory");
	asm("" : "+r"(v));
	__asm__("" : "=r"(v) : "0"(v + 1));
	return v;
}
extern int renamed asm("other_name");
int other_name = 9;
int main(int argc, char **argv)
{
	int x = 4;
	if (argc > 100)
		return never(x, &x);
	printf("%d %d %d\n", reads(&x), renamed, argv != 0);
	return 0;
}
