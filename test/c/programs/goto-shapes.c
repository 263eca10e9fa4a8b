/* SPDX-License-Identifier: MIT */
#include <stdio.h>
static int into_loop(int n)
{
	int i = 0, r = 0;
	if (n)
		goto middle;
	for (i = 0; i < 5; i++) {
		r += 10;
middle:
		r += 1;
	}
	return r;
}
static int into_block(int n)
{
	int r = 0;
	if (n == 1)
		goto in;
	{
		int x = 5;
		r += x;
in:
		x = 7;
		r += x;
	}
	return r;
}
static int into_if(int n)
{
	int r = 0;
	if (n == 0) goto a;
	if (n == 1) goto b;
	if (n == 5) {
a:		r += 1;
	} else {
b:		r += 2;
	}
	return r;
}
static int backward(void)
{
	int n = 0;
again:
	if (++n < 10)
		goto again;
	return n;
}
static int irreducible(int n)
{
	int r = 0;
	if (n & 1)
		goto two;
one:
	r = r * 3 + 1;
	if (r > 1000)
		return r;
two:
	r = r * 2 + n;
	if (r & 4)
		goto one;
	r++;
	goto two_b;
two_b:
	if (r < 500)
		goto one;
	return -r;
}
static int nested_out(void)
{
	int n = 0;
	for (int i = 0; i < 10; i++)
		for (int j = 0; j < 10; j++)
			for (int k = 0; k < 10; k++) {
				n++;
				if (i == 2 && j == 3 && k == 4)
					goto done;
			}
done:
	return n;
}
static int two_loops(int n)
{
	int r = 0;
	while (n > 0) {
		n--;
		r += n;
		if (r > 20)
			goto second;
	}
	return r;
	do {
		r--;
second:		r -= 2;
	} while (r > 10);
	return -r;
}
static int into_while(int n)
{
	goto test;
	while (n > 0) {
		n -= 3;
test:
		n--;
	}
	return n;
}
static int dead(int n)
{
	if (0) {
in:
		return n + 100;
	}
	if (n > 3)
		goto in;
	while (0) {
in2:
		n++;
	}
	if (n < 2) goto in2;
	return n;
}
int main(void)
{
	printf("%d %d\n", into_loop(0), into_loop(1));
	printf("%d %d\n", into_block(0), into_block(1));
	printf("%d %d %d %d\n", into_if(0), into_if(1), into_if(5), into_if(6));
	printf("%d\n", backward());
	for (int i = 0; i < 8; i++)
		printf("%d ", irreducible(i));
	printf("\n%d\n", nested_out());
	printf("%d %d\n", two_loops(3), two_loops(10));
	printf("%d %d\n", into_while(10), into_while(0));
	printf("%d %d %d\n", dead(5), dead(1), dead(3));
	return 0;
}
