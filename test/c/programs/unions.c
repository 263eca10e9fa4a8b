/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdint.h>
union u { uint32_t w; uint16_t h[2]; uint8_t b[4]; float f; };
union nest { struct { int a; union { long b; struct { short c, d; }; }; }; char raw[24]; };
struct tagged { int kind; union { int i; double d; const char *s; } u; };
typedef union { int i; unsigned u; } __attribute__((transparent_union)) tu;
static int take(tu x) { return x.i; }
static void show(struct tagged t)
{
	switch (t.kind) {
	case 0: printf("i %d\n", t.u.i); break;
	case 1: printf("d %g\n", t.u.d); break;
	default: printf("s %s\n", t.u.s);
	}
}
int main(void)
{
	union u u = { 0x12345678 };
	printf("%x %x %x %x %x %x\n", u.h[0], u.h[1], u.b[0], u.b[1], u.b[2], u.b[3]);
	u.f = 1.0f;
	printf("%x\n", u.w);
	u.b[3] = 0xc0;
	printf("%g\n", u.f);
	union nest n = { .a = 1, .c = 2, .d = 3 };
	printf("%d %lx %d %d\n", n.a, n.b & 0xffffffff, n.c, n.d);
	printf("%zu\n", sizeof(n));
	show((struct tagged){ 0, { 5 } });
	show((struct tagged){ 1, { .d = 2.5 } });
	show((struct tagged){ .kind = 2, .u.s = "str" });
	union u v = u, *p = &v;
	p->h[1]++;
	printf("%x %x\n", u.w, v.w);
	printf("%d %d\n", take(5), take(7u));
	printf("%x\n", ((union u){ .f = -2.0f }).w);
	union { char c[8]; long l; } x = { "abcdefg" };
	printf("%lx\n", x.l);
	return 0;
}
