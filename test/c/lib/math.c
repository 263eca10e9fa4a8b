/* SPDX-License-Identifier: MIT */
/* The op numbers match the table in engine/node/c-runner.ts. */
#include "host.h"
#include <math.h>

double fabs(double x) { return __builtin_fabs(x); }
float fabsf(float x) { return __builtin_fabsf(x); }
double sqrt(double x) { return __builtin_sqrt(x); }
float sqrtf(float x) { return __builtin_sqrtf(x); }
double floor(double x) { return __tcs_math(0, x, 0); }
double ceil(double x) { return __tcs_math(1, x, 0); }
double trunc(double x) { return __tcs_math(2, x, 0); }
double round(double x) { return x < 0 ? ceil(x - 0.5) : floor(x + 0.5); }
double fmod(double x, double y) { return __tcs_math(3, x, y); }
double pow(double x, double y) { return __tcs_math(4, x, y); }
double exp(double x) { return __tcs_math(5, x, 0); }
double log(double x) { return __tcs_math(6, x, 0); }
double log2(double x) { return __tcs_math(7, x, 0); }
double log10(double x) { return __tcs_math(8, x, 0); }
double sin(double x) { return __tcs_math(9, x, 0); }
double cos(double x) { return __tcs_math(10, x, 0); }
double tan(double x) { return __tcs_math(11, x, 0); }
double atan(double x) { return __tcs_math(12, x, 0); }
double atan2(double y, double x) { return __tcs_math(13, y, x); }
double fmin(double x, double y) { return x < y || y != y ? x : y; }
double fmax(double x, double y) { return x > y || y != y ? x : y; }

union bits {
	double d;
	unsigned long u;
};

int __c_signbit(double x)
{
	return ((union bits){ .d = x }).u >> 63;
}

double copysign(double x, double y)
{
	union bits b = { .d = x };

	b.u = (b.u & ~(1UL << 63)) | (unsigned long)__c_signbit(y) << 63;
	return b.d;
}

double ldexp(double x, int e)
{
	for (; e > 0 && x == x && x - x == 0; e--)
		x *= 2;
	for (; e < 0 && x != 0; e++)
		x /= 2;
	return x;
}

double frexp(double x, int *e)
{
	*e = 0;
	if (x == 0 || x - x != 0)
		return x;
	for (; fabs(x) >= 1; ++*e)
		x /= 2;
	for (; fabs(x) < 0.5; --*e)
		x *= 2;
	return x;
}

double modf(double x, double *whole)
{
	*whole = trunc(x);
	return copysign(x - x == 0 ? x - *whole : 0, x);
}
