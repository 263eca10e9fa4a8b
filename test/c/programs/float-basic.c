/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <float.h>
#include <math.h>
volatile double a = 1.5, b = -2.25, z = 0.0;
volatile float f = 0.1f, g = 16777217;
int main(void)
{
	printf("%g %g %g %g\n", a + b, a - b, a * b, a / b);
	printf("%.9g %.9g %.17g\n", f, g, (double)f);
	printf("%.17g %.17g\n", f + 0.2, f + 0.2f);
	printf("%d %d %d %d %d %d\n", a < b, a > b, a <= b, a >= b, a == b, a != b);
	printf("%g %g %g\n", a / z, -a / z, z * -1);
	double nan = z / z;
	printf("%d %d %d %d %d\n", nan == nan, nan != nan, nan < 1, nan > 1, !nan);
	printf("%d %d %d\n", (int)a, (int)b, (int)-1.999);
	printf("%u %lu %ld\n", (unsigned)3000000000.7, (unsigned long)1.8e19, (long)-9e18);
	printf("%d %d\n", (signed char)-5.7, (unsigned char)200.9);
	printf("%g %g\n", (double)0xffffffffffffffffUL, (double)(long)-1);
	printf("%.9g\n", (float)123456789);
	a++;
	--b;
	f += 1;
	printf("%g %g %.9g\n", a, b, f);
	int i = 7;
	i *= 1.5;
	printf("%d\n", i);
	i /= 0.3;
	printf("%d\n", i);
	unsigned char c = 250;
	c += 3.7;
	printf("%d\n", c);
	printf("%g %g %g\n", DBL_MAX, DBL_MIN, DBL_EPSILON);
	printf("%g %g %g\n", FLT_MAX, FLT_MIN, FLT_EPSILON);
	printf("%f %e %G %a\n", 3.14159, 31415.9, 1e-10, 0.15625);
	printf("%10.3f|%-10.2e|%+g|% g|%010.2f\n", 2.71828, 27182.8, 1.0, 1.0, -3.14159);
	printf("%.0f %.0f %.0f %.0f\n", 0.5, 1.5, 2.5, 3.5);
	printf("%.20g %.3g %g %g\n", 0.1, 123456.0, 1e15, 1e16);
	printf("%g %g\n", fabs(-3.5), sqrt(2));
	printf("%s %s\n", z ? "yes" : "no", a ? "yes" : "no");
	printf("%d\n", a && !z);
	printf("%zu %zu %zu\n", sizeof(f + 1), sizeof(f + 1.0), sizeof(f * f));
	_Bool t = 0.5;
	printf("%d\n", t);
	float h = 1e30f;
	h *= 1e30f;
	printf("%g\n", h);
	printf("%g\n", (0.1f + 0.2f == 0.3f) + 0.5);
	printf("%.10g\n", 1.0f / 3);
	return 0;
}
