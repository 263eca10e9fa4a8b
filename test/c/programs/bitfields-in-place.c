/* SPDX-License-Identifier: MIT */
/* Bit-fields next to other members, across units, packed, volatile, in unions, as conditions and in compound assignment. */
#include <stdio.h>
#include <string.h>
#define BYTES(x) do { const unsigned char *p_ = (const void *)&(x); for (unsigned i_ = 0; i_ < sizeof(x); i_++) printf("%02x", p_[i_]); printf("\n"); } while (0)
struct a { char c; int b : 5; short s; unsigned long l : 33; unsigned char e : 1; };
struct b { unsigned x : 31; unsigned y : 2; unsigned : 0; unsigned z : 1; } __attribute__((packed));
struct c { long v : 64; int w : 32; short u : 16; _Bool t : 1; signed char k : 8; };
struct d { volatile unsigned long f : 7, g : 57; };
union u { struct { unsigned lo : 4, mid : 8, hi : 20; }; unsigned all; };
struct e { unsigned char n; unsigned int m : 24; } __attribute__((packed, aligned(2)));
struct f { int a : 3; unsigned b : 3; long c : 40; unsigned long d : 40; };
int main(void)
{
	struct a a; struct b b; struct c c; struct d d; struct e e; struct f f;
	union u u = { .all = 0xdeadbeef };
	memset(&a, 0, sizeof(a)); memset(&b, 0, sizeof(b)); memset(&c, 0, sizeof(c)); memset(&d, 0, sizeof(d)); memset(&e, 0, sizeof(e)); memset(&f, 0, sizeof(f));
	a.b = -7; a.s = -2; a.l = 0x1ffffffff; a.e = 3; a.c = 1; BYTES(a);
	b.x = 0x7ffffffe; b.y = 2; b.z = 1; BYTES(b);
	c.v = -2; c.w = c.v; c.u = 0x12345; c.t = 4; c.k = 300; BYTES(c);
	d.f = 0x55; d.g = d.f * 3ul; d.f++; BYTES(d);
	e.n = 9; e.m = 0xabcdef; BYTES(e);
	printf("%x %x %x\n", u.lo, u.mid, u.hi);
	u.mid += 0x20; u.hi >>= 3; u.lo ^= 5; printf("%x\n", u.all);
	f.a = 3; f.a++; f.b = 7; f.b++; f.c = -1; f.d = -1;
	printf("%d %d %ld %lu\n", f.a, f.b, (long)f.c, (unsigned long)f.d);
	printf("%d %d %d\n", f.a < 0, f.b - 1 < 0, f.d + 1 == 0);
	printf("%d\n", (f.a = 9) == 1); printf("%d\n", (f.b -= 1) == 7);
	printf("%d %ld %lu\n", f.b << 30, (long)(f.c << 20), (unsigned long)(f.d << 20));
	printf("%zu %zu %zu %zu %zu %zu\n", sizeof(a), sizeof(b), sizeof(c), sizeof(d), sizeof(e), sizeof(f));
	f.c = 0; while (f.c++ < 5) ; printf("%ld %d\n", (long)f.c, !f.c ? 1 : f.a ? 2 : 3);
	f.b = f.a = 6; printf("%d %d\n", f.a, f.b); printf("%d\n", f.a-- + ++f.b);
	return 0;
}
