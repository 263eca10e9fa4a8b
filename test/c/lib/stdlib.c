/* SPDX-License-Identifier: MIT */
/* Memory allocation, program termination, number parsing, sorting. */
#include "host.h"
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int errno;

void *malloc(size_t n)
{
	return __tcs_alloc(n ? n : 1, 16, PRIVATE_MEMORY);
}

void *aligned_alloc(size_t align, size_t n)
{
	return __tcs_alloc(n ? n : 1, align, PRIVATE_MEMORY);
}

void *calloc(size_t count, size_t n)
{
	size_t bytes;

	return __builtin_mul_overflow(count, n, &bytes) ? NULL : malloc(bytes);
}

void free(void *p)
{
	if (p)
		__tcs_free(p, PRIVATE_MEMORY);
}

void *realloc(void *old, size_t n)
{
	void *p = malloc(n);

	if (old && p) {
		size_t had = __tcs_size(old);

		memcpy(p, old, had < n ? had : n);
		free(old);
	}
	return p;
}

static void (*at_exit[32])(void);
static int at_exit_count;

int atexit(void (*fn)(void))
{
	if (at_exit_count == 32)
		return 1;
	at_exit[at_exit_count++] = fn;
	return 0;
}

void _Exit(int status)
{
	__tcs_exit(status & 0xff);
	__builtin_unreachable();
}

void exit(int status)
{
	while (at_exit_count)
		at_exit[--at_exit_count]();
	_Exit(status);
}

void abort(void)
{
	_Exit(STATUS_ABORT);
}

void __c_assert_failed(const char *text, const char *file, int line, const char *function)
{
	fprintf(stderr, "%s:%d: %s: Assertion `%s' failed.\n", file, line, function, text);
	abort();
}

char *getenv(const char *name)
{
	return NULL;
}

time_t time(time_t *to)
{
	time_t now = __tcs_now() / 1000000000;

	if (to)
		*to = now;
	return now;
}

clock_t clock(void)
{
	return __tcs_now() / 1000;
}

int abs(int v) { return v < 0 ? -v : v; }
long labs(long v) { return v < 0 ? -v : v; }
long long llabs(long long v) { return v < 0 ? -v : v; }
div_t div(int a, int b) { return (div_t){ a / b, a % b }; }
ldiv_t ldiv(long a, long b) { return (ldiv_t){ a / b, a % b }; }
lldiv_t lldiv(long long a, long long b) { return (lldiv_t){ a / b, a % b }; }

static int digit_of(int c)
{
	if (isdigit(c))
		return c - '0';
	if (isalpha(c))
		return tolower(c) - 'a' + 10;
	return 99;
}

/* Magnitude of a number; sets *overflow if it does not fit in 64 bits. */
static unsigned long scan(const char *s, char **end, int base, int *negative, int *overflow)
{
	const char *start = s;
	unsigned long v = 0;

	*negative = *overflow = 0;
	while (isspace((unsigned char)*s))
		s++;
	if (*s == '+' || *s == '-')
		*negative = *s++ == '-';
	if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 32) == 'x' && digit_of((unsigned char)s[2]) < 16) {
		s += 2;
		base = 16;
	}
	if (base == 0)
		base = *s == '0' ? 8 : 10;
	if (digit_of((unsigned char)*s) >= base) {
		if (end)
			*end = (char *)start;
		return 0;
	}
	for (; digit_of((unsigned char)*s) < base; s++) {
		if (__builtin_mul_overflow(v, (unsigned long)base, &v) || __builtin_add_overflow(v, (unsigned long)digit_of((unsigned char)*s), &v))
			*overflow = 1;
	}
	if (end)
		*end = (char *)s;
	return v;
}

unsigned long strtoul(const char *s, char **end, int base)
{
	int negative, overflow;
	unsigned long v = scan(s, end, base, &negative, &overflow);

	if (overflow) {
		errno = ERANGE;
		return ULONG_MAX;
	}
	return negative ? -v : v;
}

long strtol(const char *s, char **end, int base)
{
	int negative, overflow;
	unsigned long v = scan(s, end, base, &negative, &overflow);

	if (overflow || v > (unsigned long)LONG_MAX + negative) {
		errno = ERANGE;
		return negative ? LONG_MIN : LONG_MAX;
	}
	return negative ? -v : v;
}

long long strtoll(const char *s, char **end, int base) { return strtol(s, end, base); }
unsigned long long strtoull(const char *s, char **end, int base) { return strtoul(s, end, base); }
intmax_t strtoimax(const char *s, char **end, int base) { return strtol(s, end, base); }
uintmax_t strtoumax(const char *s, char **end, int base) { return strtoul(s, end, base); }
int atoi(const char *s) { return strtol(s, NULL, 10); }
long atol(const char *s) { return strtol(s, NULL, 10); }
long long atoll(const char *s) { return strtol(s, NULL, 10); }

/* Exact for up to 15 digits and small exponents, else within a few units in the last place. */
double strtod(const char *s, char **end)
{
	const char *start = s, *mantissa;
	double v = 0;
	int negative = 0, scale = 0, digits = 0;

	while (isspace((unsigned char)*s))
		s++;
	if (*s == '+' || *s == '-')
		negative = *s++ == '-';
	mantissa = s;
	for (; isdigit((unsigned char)*s); s++, digits++)
		v = v * 10 + (*s - '0');
	if (*s == '.')
		for (s++; isdigit((unsigned char)*s); s++, digits++, scale--)
			v = v * 10 + (*s - '0');
	if (!digits) {
		if (end)
			*end = (char *)start;
		(void)mantissa;
		return 0;
	}
	if (*s == 'e' || *s == 'E') {
		char *after;
		long e = strtol(s + 1, &after, 10);

		if (after != s + 1) {
			scale += e;
			s = after;
		}
	}
	if (end)
		*end = (char *)s;
	if (scale < 0) {
		double p = 1;

		while (scale++ < 0 && p < 1e300)
			p *= 10;
		v /= p;
	} else {
		while (scale-- > 0 && v < 1e308)
			v *= 10;
	}
	return negative ? -v : v;
}

float strtof(const char *s, char **end) { return strtod(s, end); }
double atof(const char *s) { return strtod(s, NULL); }

static unsigned long seed = 1;

void srand(unsigned s)
{
	seed = s;
}

int rand(void)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return seed >> 33;
}

static void swap(char *a, char *b, size_t size)
{
	while (size--) {
		char c = *a;

		*a++ = *b;
		*b++ = c;
	}
}

/* Heap sort: bounded recursion, bounded time. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	char *a = base;

	for (size_t start = count / 2, end = count; end > 1;) {
		size_t root;

		if (start > 0)
			start--;
		else
			swap(a, a + --end * size, size);
		for (root = start; root * 2 + 1 < end;) {
			size_t child = root * 2 + 1;

			if (child + 1 < end && compare(a + child * size, a + (child + 1) * size) < 0)
				child++;
			if (compare(a + root * size, a + child * size) >= 0)
				break;
			swap(a + root * size, a + child * size, size);
			root = child;
		}
	}
}

void *bsearch(const void *key, const void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *p = (const char *)base + middle * size;
		int order = compare(key, p);

		if (order == 0)
			return (void *)p;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
