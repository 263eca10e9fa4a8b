/* SPDX-License-Identifier: MIT */
#ifndef DECIMAL_H
#define DECIMAL_H
#include <stdint.h>

#define BASE 1000000000U
#define WHOLE 36  /* base-10^9 digits before the point */
#define PART 124  /* base-10^9 digits after it */

/* Digits of a finite number, most significant first, without a point. */
struct decimal {
	char digit[(WHOLE + PART) * 9 + 1];
	int count;
	int point; /* digits before the decimal point */
};

void __lib_expand(double v, struct decimal *d);
/* Rounds to `keep` digits, half to even; may add a leading digit. */
void __lib_round_to(struct decimal *d, int keep);
int __lib_digit_at(const struct decimal *d, int i);
#endif
