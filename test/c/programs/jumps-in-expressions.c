/* SPDX-License-Identifier: MIT */
/* goto, break, continue and return out of statement expressions; switch and loops in them; computed goto in both. */
#include <stdio.h>
static int leave(int n)
{
	int total = 0;
	for (int i = 0; i < 6; i++) {
		int y = ({
			if (i == 1)
				continue;
			if (i == n)
				break;
			if (i + n == 9)
				goto out;
			if (i * n == 16)
				return -1;
			i * 2;
		});
		total += y + ({ int z; switch (y) { case 0: z = 5; break; case 4: z = 6; break; default: z = 7; } z; });
	}
	return total;
out:
	return total + 1000;
}
static int threaded(const unsigned char *code)
{
	static const void *const table[] = { &&add, &&twice, &&jump, &&stop };
	int value = 1;
	goto *table[*code++];
add:
	value += *code++;
	goto *table[*code++];
twice:
	value *= 2;
	goto *table[*code++];
jump:
	code += ({ int by = *code; if (value > 50) goto stop; by - 3; });
	goto *table[*code++];
stop:
	return value;
}
static int offsets(int n)
{
	static const int by[] = { &&a - &&a, &&b - &&a, &&c - &&a };
	int r = 0;
	goto *(&&a + by[n]);
a:
	r += 1;
b:
	r += 10;
c:
	return r + 100;
}
int main(void)
{
	static const unsigned char code[] = { 0, 3, 1, 1, 2, 0, 3 };
	for (int n = 2; n < 9; n++)
		printf("%d ", leave(n));
	printf("\n%d\n", threaded(code));
	printf("%d %d %d\n", offsets(0), offsets(1), offsets(2));
	printf("%d\n", ({ int i = 0; do { if (i == 3) break; } while (++i < 10); i; }) + ({ int k = 4; while (k) { if (k == 2) break; k--; } k; }));
	return 0;
}
