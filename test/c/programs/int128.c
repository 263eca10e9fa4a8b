/* SPDX-License-Identifier: MIT */
#include <stdio.h>
typedef __int128 s128;
typedef unsigned __int128 u128;
static void show(const char *what, u128 v) { printf("%s %016lx%016lx\n", what, (unsigned long)(v >> 64), (unsigned long)v); }
static u128 mk(unsigned long hi, unsigned long lo) { return (u128)hi << 64 | lo; }
static s128 add(s128 a, s128 b) { return a + b; }
static unsigned long mulshr(unsigned long a, unsigned long b, unsigned n) { return (unsigned long)(((u128)a * b) >> n); }
static u128 g = 5, arr[3] = { 1, (u128)1 << 100, -1 };
struct s { char c; s128 v; };
static struct s gs = { 'x', -7 };
static u128 fact(int n) { return n < 2 ? 1 : n * fact(n - 1); }
int main(void)
{
	u128 a = mk(0x0123456789abcdef, 0xfedcba9876543210), b = mk(1, 0x8000000000000001);
	s128 n = -12345, m = (s128)mk(0x7fffffffffffffff, 0xffffffffffffffff);
	show("add", a + b); show("sub", a - b); show("sub2", b - a); show("mul", a * b); show("div", a / b); show("mod", a % b);
	show("div1", a / 10); show("mod1", a % 10); show("divbig", a / mk(0x0100000000000000, 0)); show("self", a / a);
	show("and", a & b); show("or", a | b); show("xor", a ^ b); show("not", ~a); show("neg", -a);
	for (int i = 0; i < 128; i += 21) { show("shl", a << i); show("shr", a >> i); show("sar", (s128)-a >> i); }
	show("sdiv", n / 7); show("smod", n % 7); show("sdiv2", n / -7); show("smod2", 12345 % (s128)-7); show("max", m + 1);
	printf("%d %d %d %d %d %d\n", a < b, a > b, a == a, a != b, n < 0, (u128)n < 5);
	printf("%d %d %d\n", n < m, n >= -12345, (s128)-1 > (s128)-2);
	printf("%d %d %d\n", !a, !!a, a && b);
	if (a) printf("true\n");
	if (!(a - a)) printf("zero\n");
	printf("%lx %d %x\n", (unsigned long)a, (int)n, (unsigned char)a);
	printf("%zu %zu %zu\n", sizeof(a), _Alignof(u128), sizeof(struct s));
	show("call", add(n, 100)); show("arr", arr[1] + arr[2]); show("g", g++); show("g", ++g); show("g", g--); show("g", g);
	show("gs", gs.v); gs.v *= 3; show("gs", gs.v);
	a += 1; show("+=", a); a -= b; show("-=", a); a *= 3u; show("*=", a); a /= 5; show("/=", a); a %= 1000007; show("%=", a);
	a <<= 77; show("<<=", a); a >>= 13; show(">>=", a); a |= 1; a ^= b; a &= ~(u128)0xff; show("bits", a);
	unsigned long u = 10; u += (u128)1 << 65 | 3; printf("%lu\n", u);
	int i = 5; i *= (s128)-3; printf("%d\n", i); i <<= (u128)2; printf("%d\n", i);
	printf("%lx %lx\n", mulshr(0xdeadbeefcafebabe, 0x123456789abcdef, 64), mulshr(-1UL, -1UL, 32));
	show("cond", u > 5 ? a : b); show("comma", (i++, b)); show("stmt", ({ u128 t = b; t + 1; }));
	show("fact", fact(30));
	printf("%.17g %.17g %.17g\n", (double)n, (double)mk(1, 0), (double)(s128)-mk(5, 0));
	show("fromd", (u128)1e30); show("fromd", (s128)-1e25); show("neg1", -1); show("u", 4000000000u); show("c", (signed char)-3);
	u128 *p = &arr[1]; *p += 5; p[1] = p[0] << 1; show("p", arr[2]); struct s c = gs; show("copy", c.v);
	u128 chain = b = a = 42; show("chain", chain + b);
	printf("%d\n", (int)(sizeof(a * 1)));
	_Bool t = mk(1, 0); printf("%d\n", t);
	u128 dec = fact(33); char buf[50], *e = buf + 49; *e = 0; while (dec) { *--e = '0' + (int)(dec % 10); dec /= 10; } printf("%s\n", e);
	return 0;
}
