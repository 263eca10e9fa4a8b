/* SPDX-License-Identifier: MIT */
/* Accesses to a bit-field of a packed struct do not touch bytes past the struct. */
#include <stdio.h>
#include <stdlib.h>
struct a { unsigned long x : 7; } __attribute__((packed));
struct b { unsigned long x : 20; } __attribute__((packed));
struct c { char n; unsigned long x : 61; unsigned y : 3; } __attribute__((packed));
int main(void)
{
	struct a *a = malloc(sizeof(*a));
	struct b *b = malloc(sizeof(*b));
	struct c *c = malloc(sizeof(*c));
	a->x = 99;
	b->x = 0xabcde;
	c->x = 0x1234567890abcdef;
	c->y = 5;
	a->x++;
	b->x <<= 1;
	c->x -= 1;
	printf("%zu %zu %zu\n", sizeof(*a), sizeof(*b), sizeof(*c));
	printf("%d %x %lx %d\n", a->x, b->x, (unsigned long)c->x, c->y);
	return 0;
}
