/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
struct s { int a : 3; unsigned b : 5; int c : 24; signed char d : 2; unsigned short e : 9; long f : 40; unsigned long g : 24; _Bool h : 1; int : 0; unsigned i : 32; int j : 1; };
struct p { int a : 7; unsigned long b : 33; int c : 11; char d; int e : 5; } __attribute__((packed));
struct q { unsigned a : 1, : 3, b : 4; char c; unsigned d : 12; unsigned char e : 4, f : 4; };
struct z { char a; int : 0; char b; };
union u { struct { unsigned lo : 4, mid : 20, hi : 8; }; unsigned all; };
#pragma pack(push, 1)
struct k { char a; int b : 17; int c : 20; long d : 50; };
#pragma pack(pop)
struct s gs = { 3, 31, -5, 1, 300, -123456789012L, 0xabcdef, 1, 0xdeadbeef, -1 };
static void dump(const void *p, size_t n)
{
	const unsigned char *c = p;
	while (n--)
		printf("%02x", *c++);
	printf("\n");
}
int main(void)
{
	struct s s;
	memset(&s, 0, sizeof(s));
	printf("%zu %zu %zu %zu %zu\n", sizeof(struct s), sizeof(struct p), sizeof(struct q), sizeof(struct z), sizeof(struct k));
	dump(&gs, sizeof(gs));
	s.a = 5; s.b = 77; s.c = 0x123456f; s.d = 3; s.e = 1023; s.f = 0x123456789abL; s.g = -1; s.h = 2; s.i = -1; s.j = 1;
	printf("%d %u %d %d %u %ld %lu %d %u %d\n", s.a, s.b, s.c, s.d, s.e, (long)s.f, (unsigned long)s.g, s.h, s.i, s.j);
	dump(&s, sizeof(s));
	printf("%d ", s.a = 4);
	printf("%d\n", s.b += 40);
	printf("%d ", s.a++);
	printf("%d ", ++s.a);
	printf("%d ", s.b--);
	printf("%d\n", --s.b);
	printf("%d\n", s.c <<= 3);
	printf("%ld\n", (long)(s.f *= 3));
	struct p p;
	memset(&p, 0xff, sizeof(p));
	p.a = -3; p.b = 0x1abcdef01UL; p.c = 1000; p.d = 'x'; p.e = 15;
	dump(&p, sizeof(p));
	printf("%d %lx %d %c %d\n", p.a, (unsigned long)p.b, p.c, p.d, p.e);
	struct q q = { 1, 9, 'c', 0xabc, 5, 10 };
	dump(&q, sizeof(q));
	union u u = { .all = 0x89abcdef };
	printf("%x %x %x\n", u.lo, u.mid, u.hi);
	u.mid = 0x54321;
	printf("%x\n", u.all);
	struct k k = { 1, -2, 3, -4 };
	dump(&k, sizeof(k));
	printf("%d %d %d %ld\n", k.a, k.b, k.c, (long)k.d);
	printf("%d\n", s.b - 100 < 0);
	printf("%d\n", -s.b < 0);
	printf("%zu\n", sizeof(s.b + 0));
	struct { unsigned long big : 63; unsigned u31 : 31; unsigned u32 : 32; } t = { -1, -1, -1 };
	printf("%d %d %lx\n", t.u31 > -1, t.u32 > -1, (unsigned long)t.big);
	struct s copy = s, *ps = &copy;
	ps->b = 1;
	printf("%d %d\n", copy.b, s.b);
	printf("%d\n", (ps->a = 7) == -1);
	return 0;
}
