/* SPDX-License-Identifier: MIT */
#include <stdio.h>
static int run(const unsigned char *code)
{
	static const void *const ops[] = { &&halt, &&push, &&add, &&mul, &&dup };
	int stack[16], *sp = stack;
	goto *ops[*code];
push:
	*sp++ = code[1];
	code += 2;
	goto *ops[*code];
add:
	sp--;
	sp[-1] += sp[0];
	goto *ops[*++code];
mul:
	sp--;
	sp[-1] *= sp[0];
	goto *ops[*++code];
dup:
	*sp = sp[-1];
	sp++;
	goto *ops[*++code];
halt:
	return sp[-1];
}
static int pick(int n)
{
	void *p = n == 0 ? &&zero : n == 1 ? &&one : &&many;
	int r = 0;
	goto *p;
zero:
	r += 1;
one:
	r += 10;
many:
	r += 100;
	return r;
}
static int offsets(int n)
{
	static const int off[] = { &&a - &&a, &&b - &&a, &&c - &&a };
	goto *(&&a + off[n]);
a:	return 1;
b:	return 2;
c:	return 3;
}
static int loop(void)
{
	void *next = &&start;
	int n = 0;
start:
	if (n++ < 5)
		goto *next;
	next = &&end;
	goto *next;
end:
	return n;
}
int main(void)
{
	static const unsigned char prog[] = { 1, 3, 1, 4, 2, 4, 3, 0 };
	printf("%d\n", run(prog));
	printf("%d %d %d\n", pick(0), pick(1), pick(2));
	printf("%d %d %d\n", offsets(0), offsets(1), offsets(2));
	printf("%d\n", loop());
	return 0;
}
