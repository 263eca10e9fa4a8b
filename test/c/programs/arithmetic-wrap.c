/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <limits.h>
volatile int imax = INT_MAX, imin = INT_MIN, m1 = -1;
volatile long lmax = LONG_MAX, lmin = LONG_MIN;
volatile unsigned umax = UINT_MAX;
volatile short smax = SHRT_MAX;
volatile signed char cmax = 127;
int main(void)
{
	printf("%d %d %d %d\n", imax + 1, imin - 1, -imin, imax * 2);
	printf("%ld %ld %ld\n", lmax + 1, lmin - 1, -lmin);
	printf("%u %u\n", umax + 1, 0 - umax);
	smax++;
	cmax += 1;
	printf("%d %d\n", smax, cmax);
	printf("%d %d %d %d\n", 7 / -2, 7 % -2, -7 / 2, -7 % 2);
	printf("%d %u %d\n", m1 / 2, (unsigned)m1 / 2, m1 % 3);
	printf("%ld %lu\n", lmin / 3, (unsigned long)lmin / 3);
	printf("%lld\n", (long long)imax * imax);
	printf("%d\n", imax + 1 < imax);
	printf("%d\n", imin / 1);
	printf("%d %d\n", imax / m1, imax % m1);
	imin *= imin;
	printf("%d\n", imin);
	return 0;
}
