/* SPDX-License-Identifier: MIT */
/* __attribute__((mode)), transparent unions, types of the size of long double. */
#include <stdio.h>
typedef int byte_int __attribute__((mode(QI)));
typedef unsigned int half_int __attribute__((__mode__(__HI__)));
typedef unsigned word_int __attribute__((mode(word)));
typedef int wide_int __attribute__((mode(TI)));
typedef float as_double __attribute__((mode(DF)));
typedef double as_single __attribute__((mode(SF)));
typedef union { int *i; float *f; const void *v; } any __attribute__((transparent_union));
static int first(any p) { return *p.i; }
static int __attribute__((mode(DI))) eight = -1;
struct modes { byte_int b; half_int h; int f __attribute__((mode(DI))); };
int main(void)
{
	byte_int b = 300;
	half_int h = 70000;
	int i = 42;
	float f = 0;
	wide_int w = (wide_int)1 << 70;
	printf("%d %u %zu %zu %zu\n", b, h, sizeof(word_int), sizeof(wide_int), sizeof(eight));
	printf("%zu %zu %zu\n", sizeof(as_double), sizeof(as_single), sizeof(struct modes));
	printf("%d %d %lx\n", first(&i), first(&f), (unsigned long)(w >> 64));
	printf("%ld %d\n", (long)eight, (as_double)0.1 == 0.1);
	return 0;
}
