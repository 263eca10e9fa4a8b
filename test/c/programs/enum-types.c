/* SPDX-License-Identifier: MIT */
/* The integer type of an enum, its constants' types, attributes, forward references, values not in its list. */
#include <limits.h>
#include <stdio.h>
enum plain { A, B = 5, C };
enum negative { N = -1, M = 3 };
enum big { BIG = 0x80000000u };
enum wide { W = 1, X = 0x100000000 };
enum deep { D = LLONG_MIN, E = 1 };
enum __attribute__((packed)) small { S1, S2 = 200 };
enum small_signed { T1 = -3, T2 = 100 } __attribute__((packed));
enum { LATER = sizeof(enum plain) + C, AGAIN = LATER << 2 };
struct holds { enum plain p : 3; enum negative n : 3; enum small s; enum wide w; };
static enum plain next(enum plain p) { return (enum plain)(p + 1); }
int main(void)
{
	struct holds h = { C, N, S2, X };
	enum plain p = (enum plain)77;
	enum negative n = (enum negative)-5;
	printf("%zu %zu %zu %zu %zu %zu %zu\n", sizeof(enum plain), sizeof(enum negative), sizeof(enum big), sizeof(enum wide), sizeof(enum deep), sizeof(enum small),
	       sizeof(enum small_signed));
	printf("%d %d %d\n", (enum plain)-1 > 0, (enum negative)-1 > 0, (enum wide)-1 > 0);
	printf("%d %d %zu %zu\n", LATER, AGAIN, sizeof(A), sizeof(X));
	printf("%d %d %d %lx %zu\n", h.p, h.n, h.s, (unsigned long)h.w, sizeof(h));
	printf("%d %d %d\n", p, n, next(B));
	printf("%d %d\n", A - 1 < 0, p - 78 < 0);
	printf("%lld %u\n", (long long)D, (unsigned)BIG);
	printf("%d %d\n", __builtin_types_compatible_p(enum plain, unsigned), __builtin_types_compatible_p(enum negative, int));
	return 0;
}
