/* SPDX-License-Identifier: MIT */
/* NaN, infinities, rounding of constants and conversions, hexadecimal floats. */
#include <float.h>
#include <math.h>
#include <stdio.h>
static volatile double zero;
#define COMPARE(a, b) printf("%d%d%d%d%d%d %d%d ", (a) < (b), (a) > (b), (a) <= (b), (a) >= (b), (a) == (b), (a) != (b), !((a) < (b)), (a) < (b) ? 1 : 0)
int main(void)
{
	double nan = zero / zero, inf = 1 / zero, d;
	float f;
	int i, n = 0;
	COMPARE(nan, nan);
	COMPARE(nan, 1.0);
	COMPARE(1.0f, nan);
	COMPARE(inf, nan);
	COMPARE(inf, inf);
	COMPARE(-inf, inf);
	COMPARE(0.0, -0.0);
	printf("\n%d %d %d %d\n", !nan, nan ? 1 : 0, nan && 1, nan || 0);
	if (nan)
		n = 1;
	while (!(nan == nan) && n < 5)
		n++;
	printf("%d\n", n);
	printf("%a %a %a %a\n", 0x1.8p3, 0x.8p1, 0x1p-1074, 0x1.fffffep127f);
	printf("%g %g %g\n", 0x10p0, 0xA.Bp4, 1e-320);
	printf("%.17g %.9g %.17g\n", 0.1, 0.1f, (double)0.1f);
	printf("%d %d\n", 0.1f == 0.1, (float)0.1 == 0.1f);
	/* Constants next to the midpoint between two floats: rounded once, not twice. */
	f = 1.00000017881393432617187499f;
	printf("%.9g ", f);
	f = 1.00000017881393432617187500f;
	printf("%.9g ", f);
	f = 1.00000017881393432617187501f;
	printf("%.9g\n", f);
	for (i = 0; i < 4; i++) {
		unsigned long u = 0x20000000000001ul + (unsigned long)i * 2;
		printf("%.0f %.0f ", (double)u, (float)u);
	}
	printf("\n%.0f %.0f %.0f\n", (double)~0ul, (float)~0ul, (double)(1ul << 63));
	printf("%.0f %.0f\n", (double)(-9223372036854775807L - 1), (float)-16777217);
	printf("%d %d %d %d\n", (int)3.99, (int)-3.99, (int)2147483647.5, (int)-2147483648.9);
	printf("%u %lu %ld\n", (unsigned)4294967295.9, (unsigned long)1.8e19, (long)-9.2e18);
	printf("%d %d %d\n", (unsigned char)255.9, (signed char)-128.9, (short)32767.9);
	printf("%d %d %d\n", (_Bool)0.1, (_Bool)-0.0, (_Bool)nan);
	d = 5;
	d /= 2;
	i = 7;
	i /= 2.0;
	i += 0.9;
	printf("%g %d\n", d, i);
	i = 10;
	i *= 1.55;
	f = 3;
	f++;
	--d;
	printf("%d %g %g\n", i, f, d);
	printf("%g %g %g\n", (double)FLT_MAX, DBL_MIN, DBL_EPSILON);
	printf("%d %d %d\n", __builtin_isnan(nan), __builtin_isinf(-inf) != 0, __builtin_isfinite(1.0));
	printf("%d %d %d\n", __builtin_signbit(-0.0) != 0, __builtin_signbit(1.0) != 0, __builtin_isless(nan, 1.0));
	printf("%g %g %g\n", fmod(7.5, -2), floor(-1.5), ceil(-1.5));
	printf("%zu %d\n", sizeof(1.0L), (int)(1.5L * 2));
	return 0;
}
