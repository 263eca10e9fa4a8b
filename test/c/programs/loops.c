/* SPDX-License-Identifier: MIT */
#include <stdio.h>
int main(void)
{
	int n = 0;
	for (;;) { if (++n > 5) break; if (n & 1) continue; printf("%d ", n); }
	do n--; while (n > 2);
	printf("%d\n", n);
	while (n++ < 5) ;
	printf("%d\n", n);
	do { if (n == 8) break; n++; continue; } while (1);
	printf("%d\n", n);
	for (unsigned i = 3; i-- > 0;) printf("%u ", i);
	for (long i = 10, *p = &i; *p > 7; --*p) printf("%ld ", i);
	printf("\n");
	int primes = 0;
	static char sieve[1000];
	for (int i = 2; i < 1000; i++) { if (sieve[i]) continue; primes++; for (int j = i * i; j < 1000; j += i) sieve[j] = 1; }
	printf("%d\n", primes);
	for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) { if (j == 2) break; if (i == 1) goto next; printf("%d%d ", i, j); next: ; }
	printf("\n");
	do ; while (0);
	int k = 0;
	while (1) { switch (k++) { case 3: goto done; case 1: continue; default: printf("k%d ", k); } }
done:
	printf("%d\n", k);
	for (int i = 0; i < 2; i++) { static int s = 5; int t; t = s++; printf("%d ", t); }
	printf("\n");
	unsigned char c = 250;
	while (c) c++;
	printf("%d\n", c);
	return n - 8;
}
