/* SPDX-License-Identifier: MIT */
/* Every byte of an object on the stack is accessible, whatever the stack held before: arrays, structs, escaping objects. */
#include <alloca.h>
#include <stdio.h>
#include <string.h>

struct odd {
	char tag;
	int numbers[3];
	char tail[5];
};

static unsigned total;

static void fill(void *at, int n, int value)
{
	unsigned char *bytes = at;

	for (int i = 0; i < n; i++)
		bytes[i] = value + i;
	for (int i = 0; i < n; i++)
		total += bytes[i];
}

static void one(int *out)
{
	*out = 7;
}

/* The same stack memory holds a different object each time. */
static int sizes(int depth)
{
	char a[1], b[7], c[8], d[9], e[200], f[600];
	struct odd odd[2];
	int n;

	fill(a, sizeof(a), depth);
	fill(b, sizeof(b), depth);
	fill(c, sizeof(c), depth);
	fill(d, sizeof(d), depth);
	fill(e, sizeof(e), depth);
	fill(f, sizeof(f), depth);
	fill(odd, sizeof(odd), depth);
	one(&n);
	return depth == 0 ? n : n + sizes(depth - 1);
}

static int shallow(int depth)
{
	char all[5000];

	fill(all, sizeof(all), depth);
	return all[depth];
}

static int lengths(int most)
{
	int seen = 0;

again:
	for (int n = 1; n <= most; n++) {
		char first[n], second[n * 3 + 1];

		if (n == 5)
			continue;
		fill(first, n, n);
		fill(second, n * 3 + 1, n);
		if (n == 9) {
			most = 8;
			goto again;
		}
		seen += first[0] + second[3 * n];
	}
	return seen;
}

static int taken(int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++) {
		char *p = alloca(i + 1);

		fill(p, i + 1, i);
		sum += p[i];
	}
	return sum;
}

static struct odd made(int value)
{
	struct odd odd;

	memset(&odd, value, sizeof(odd));
	return odd;
}

int main(void)
{
	struct odd odd = made(3);

	printf("%d %d\n", sizes(4), shallow(2));
	printf("%d %d %d\n", lengths(12), taken(40), shallow(3));
	printf("%d %d %u\n", odd.numbers[2], made(1).tail[4], total);
	return 0;
}
