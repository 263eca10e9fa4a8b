/* SPDX-License-Identifier: MIT */
/* The exact decimal expansion of a double, in an array of base 10^9 digits, and its rounding. Prints nothing. */
#include "decimal.h"
#include <string.h>

void __lib_expand(double v, struct decimal *d)
{
	static uint32_t big[WHOLE + PART];
	union {
		double d;
		uint64_t u;
	} bits = { .d = v };
	int e = (bits.u >> 52) & 0x7ff;
	uint64_t m = bits.u & 0xfffffffffffffUL;
	int i, n = 0;

	if (e)
		m |= 1UL << 52;
	else
		e = 1;
	e -= 1075;
	memset(big, 0, sizeof(big));
	/* big[WHOLE - 1] holds the units. */
	big[WHOLE - 1] = m % BASE;
	big[WHOLE - 2] = m / BASE % BASE;
	big[WHOLE - 3] = m / BASE / BASE;
	for (; e > 0; e--) {
		uint32_t carry = 0;

		for (i = WHOLE - 1; i >= 0; i--) {
			uint32_t x = big[i] * 2 + carry;

			carry = x >= BASE;
			big[i] = carry ? x - BASE : x;
		}
	}
	for (; e < 0; e++) {
		uint32_t carry = 0;

		for (i = 0; i < WHOLE + PART; i++) {
			uint64_t x = big[i] + (uint64_t)carry * BASE;

			carry = x & 1;
			big[i] = x / 2;
		}
	}
	for (i = 0; i < WHOLE + PART; i++) {
		uint32_t x = big[i], unit;

		for (unit = BASE / 10; unit; unit /= 10)
			d->digit[n++] = x / unit % 10;
	}
	d->count = n;
	d->point = WHOLE * 9;
	for (i = 0; i < n - 1 && i < d->point - 1 && !d->digit[i]; i++)
		;
	memmove(d->digit, d->digit + i, n - i);
	d->count -= i;
	d->point -= i;
}

/* Rounds to `keep` digits, half to even; may add a leading digit. */
void __lib_round_to(struct decimal *d, int keep)
{
	int up = 0, i;

	if (keep < 0) {
		d->count = 1;
		d->digit[0] = 0;
		d->point = 1;
		return;
	}
	if (keep >= d->count)
		return;
	if (d->digit[keep] > 5)
		up = 1;
	else if (d->digit[keep] == 5) {
		for (i = keep + 1; i < d->count && !d->digit[i]; i++)
			;
		up = i < d->count || (keep > 0 && (d->digit[keep - 1] & 1));
	}
	d->count = keep;
	for (i = keep - 1; up && i >= 0; i--) {
		d->digit[i]++;
		up = d->digit[i] == 10;
		if (up)
			d->digit[i] = 0;
	}
	if (up) {
		memmove(d->digit + 1, d->digit, d->count);
		d->digit[0] = 1;
		d->count++;
		d->point++;
	}
}

int __lib_digit_at(const struct decimal *d, int i)
{
	return i >= 0 && i < d->count ? d->digit[i] : 0;
}
