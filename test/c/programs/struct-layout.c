/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stddef.h>
struct a { char a; short b; char c; int d; char e; long f; char g; double h; char i; float j; void *k; char l[3]; };
struct b { char a; struct a b; char c; } __attribute__((packed));
struct c { char a; long b __attribute__((packed)); int c; };
struct d { char a; int b; } __attribute__((aligned(32)));
struct e { char a; int b __attribute__((aligned(16))); char c; };
union f { char a[5]; int b; short c; };
struct g { int n; char data[]; };
struct h { int n; char data[0]; long x; };
struct i { };
struct j { struct i a; int b; struct i c; };
struct k { _Bool a; char b : 3; int c : 5; long d : 7; short e; };
struct l { char a; struct { char b; union { long c; char d; }; }; char e; };
struct m { char a; long long b : 33; char c; };
struct n { short a; int b : 16; int c : 17; char d; };
struct o { char c; __attribute__((aligned(8))) struct { char x; } y; char z; };
struct q { char a; enum { A, B } b; char c; enum { C = -1, D } d; };
struct r { long a; char b; } __attribute__((packed, aligned(4)));
typedef int unaligned __attribute__((aligned(1)));
struct s { char a; unaligned b; };
typedef int al16 __attribute__((aligned(16)));
struct t { char a; al16 b; };
struct u { char a; int b[3]; char c[5]; short d; };
struct v { unsigned a : 4; unsigned char b; unsigned c : 4; };
struct w { unsigned char a : 4; unsigned b : 20; unsigned char c : 4; };
#define S(t) printf(#t " %zu %zu\n", sizeof(t), _Alignof(t))
#define O(t, m) printf(" " #m " %zu\n", offsetof(t, m))
int main(void)
{
	S(struct a); O(struct a, b); O(struct a, d); O(struct a, f); O(struct a, h); O(struct a, j); O(struct a, k); O(struct a, l); O(struct a, l[2]);
	S(struct b); O(struct b, b); O(struct b, b.f); O(struct b, c);
	S(struct c); O(struct c, b); O(struct c, c);
	S(struct d); O(struct d, b);
	S(struct e); O(struct e, b); O(struct e, c);
	S(union f);
	S(struct g); O(struct g, data);
	S(struct h); O(struct h, x);
	S(struct i); S(struct j); O(struct j, b); O(struct j, c);
	S(struct k); O(struct k, e);
	S(struct l); O(struct l, b); O(struct l, c); O(struct l, d); O(struct l, e);
	S(struct m); O(struct m, c);
	S(struct n); O(struct n, d);
	S(struct o); O(struct o, y); O(struct o, z);
	S(struct q); O(struct q, d);
	S(struct r); S(struct s); O(struct s, b); S(struct t); O(struct t, b); S(struct u); O(struct u, d);
	S(struct v); O(struct v, b); S(struct w);
	S(char[3]); S(long[2]); S(void *); S(int (*)(void)); S(_Bool); S(float); S(double);
	printf("%zu %zu %zu\n", sizeof("hello"), sizeof(struct a[3]), sizeof(((struct a *)0)->l));
	printf("%zu\n", sizeof(void));
	printf("%zu\n", (size_t)&((struct b *)0)->b.d);
	return 0;
}
