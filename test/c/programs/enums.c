/* SPDX-License-Identifier: MIT */
#include <stdio.h>
enum a { A, B, C = 10, D, E = -5, F };
enum b { X = 0xffffffff, Y = 1 };
enum c { L = 0x100000000L, M };
enum d { N = 1, O = N << 4, P = O | 3, Q = sizeof(int), R = 'a', S = -1 } ;
enum fwd;
enum packed { PA, PB = 200 } __attribute__((packed));
static enum a next(enum a v) { return v == A ? B : v + 1; }
struct s { enum b b; enum packed p; enum a a : 5; };
int main(void)
{
	printf("%d %d %d %d %d %d\n", A, B, C, D, E, F);
	printf("%u %d\n", X, Y);
	printf("%lx %lx %zu %zu\n", (long)L, (long)M, sizeof(enum c), sizeof(L));
	printf("%d %d %d %d %d %d\n", N, O, P, Q, R, S);
	printf("%zu %zu %zu %zu\n", sizeof(enum a), sizeof(enum b), sizeof(enum packed), sizeof(struct s));
	enum a v = E;
	printf("%d %d %d\n", v, v < 0, next(v));
	enum b w = X;
	printf("%d %d\n", w > 0, w == 0xffffffff);
	struct s s = { X, PB, F };
	printf("%u %d %d\n", s.b, s.p, s.a);
	enum { LOCAL = 3, ARR = LOCAL * 2 };
	int arr[ARR];
	printf("%zu\n", sizeof(arr) / sizeof(*arr));
	switch (v) { case A: case B: printf("ab\n"); break; case E: printf("e\n"); break; default: ; }
	v |= 3;
	v++;
	printf("%d\n", v);
	printf("%d\n", (enum a)10 == C);
	return 0;
}
