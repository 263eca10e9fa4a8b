/* SPDX-License-Identifier: MIT */
/* Output through the host, formatted as C11 7.21.6.1 specifies. Doubles are printed exactly. */
#include "decimal.h"
#include "host.h"
#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static FILE files[3] = { { 0 }, { 1 }, { 2 } };
FILE *(stdin) = &files[0], *(stdout) = &files[1], *(stderr) = &files[2];

/* The destination of output: a buffer of `size` bytes, or a file with a small buffer. */
struct sink {
	char *to;
	size_t size;
	size_t count;
	int fd; /* -1: memory */
	size_t used;
	char buffer[256];
};

static void flush(struct sink *s)
{
	if (s->used)
		__tcs_write(s->fd, s->buffer, s->used);
	s->used = 0;
}

static void put(struct sink *s, char c)
{
	if (s->fd >= 0) {
		s->buffer[s->used++] = c;
		if (s->used == sizeof(s->buffer))
			flush(s);
	} else if (s->count + 1 < s->size) {
		s->to[s->count] = c;
	}
	s->count++;
}

static void fill(struct sink *s, char c, int n)
{
	while (n-- > 0)
		put(s, c);
}

struct spec {
	unsigned left : 1, plus : 1, space : 1, alt : 1, zero : 1, upper : 1;
	int width;
	int precision; /* -1: none */
};

/* Sign or prefix, then zeros, then digits, in a field. */
static void field(struct sink *s, const struct spec *f, const char *prefix, int zeros, const char *text, int length)
{
	int prefixed = strlen(prefix);
	int pad = f->width - prefixed - zeros - length;

	if (!f->left && !f->zero)
		fill(s, ' ', pad);
	while (*prefix)
		put(s, *prefix++);
	if (!f->left && f->zero)
		fill(s, '0', pad);
	fill(s, '0', zeros);
	while (length--)
		put(s, *text++);
	if (f->left)
		fill(s, ' ', pad);
}

static void integer(struct sink *s, struct spec *f, unsigned long v, int base, int negative, int is_signed)
{
	char text[66];
	char *p = text + sizeof(text);
	const char *digits = f->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	const char *prefix = "";
	int length, zeros;
	unsigned long rest = v;

	for (; rest; rest /= base)
		*--p = digits[rest % base];
	length = text + sizeof(text) - p;
	if (f->precision < 0 && !length) {
		*--p = '0';
		length = 1;
	}
	zeros = f->precision > length ? f->precision - length : 0;
	if (is_signed)
		prefix = negative ? "-" : f->plus ? "+" : f->space ? " " : "";
	else if (f->alt && base == 16 && v)
		prefix = f->upper ? "0X" : "0x";
	else if (f->alt && base == 8 && !zeros && (!length || *p != '0'))
		zeros = 1;
	if (f->precision >= 0)
		f->zero = 0;
	field(s, f, prefix, zeros, p, length);
}

/* ---- floating point ---- */

static struct decimal dec;
static char float_text[1500];

static void floating(struct sink *s, struct spec *f, double v, char style)
{
	const char *prefix;
	char *p = float_text;
	int precision = f->precision < 0 ? 6 : f->precision;
	int negative = (union { double d; uint64_t u; }){ .d = v }.u >> 63;
	int exponent = 0, i, lead, strip = 0;

	prefix = negative ? "-" : f->plus ? "+" : f->space ? " " : "";
	if (v != v || v - v != 0) {
		f->zero = 0;
		field(s, f, prefix, 0, v != v ? (f->upper ? "NAN" : "nan") : (f->upper ? "INF" : "inf"), 3);
		return;
	}
	if (precision > 1000)
		precision = 1000;
	__lib_expand(v, &dec);
	if (style == 'g' || style == 'e') {
		for (lead = 0; lead < dec.count && !dec.digit[lead]; lead++)
			;
		if (lead == dec.count)
			lead = dec.point - 1; /* zero */
		memmove(dec.digit, dec.digit + lead, dec.count - lead);
		dec.count -= lead;
		dec.point -= lead;
		if (style == 'g') {
			if (precision == 0)
				precision = 1;
			strip = !f->alt;
			__lib_round_to(&dec, precision);
			exponent = dec.point - 1;
			if (exponent < -4 || exponent >= precision) {
				style = 'e';
				precision--;
			} else {
				style = 'f';
				precision -= exponent + 1;
			}
		} else {
			__lib_round_to(&dec, precision + 1);
			exponent = dec.point - 1;
		}
	} else
		__lib_round_to(&dec, dec.point + precision);
	if (style == 'e') {
		*p++ = '0' + __lib_digit_at(&dec, 0);
		if (precision || f->alt)
			*p++ = '.';
		for (i = 1; i <= precision; i++)
			*p++ = '0' + __lib_digit_at(&dec, i);
	} else {
		if (dec.point <= 0)
			*p++ = '0';
		for (i = 0; i < dec.point; i++)
			*p++ = '0' + __lib_digit_at(&dec, i);
		if (precision || f->alt)
			*p++ = '.';
		for (i = 0; i < precision; i++)
			*p++ = '0' + __lib_digit_at(&dec, dec.point + i);
	}
	if (strip && memchr(float_text, '.', p - float_text)) {
		while (p[-1] == '0')
			p--;
		if (p[-1] == '.')
			p--;
	}
	if (style == 'e') {
		int size = exponent < 0 ? -exponent : exponent;

		*p++ = f->upper ? 'E' : 'e';
		*p++ = exponent < 0 ? '-' : '+';
		if (size >= 100)
			*p++ = '0' + size / 100;
		*p++ = '0' + size / 10 % 10;
		*p++ = '0' + size % 10;
	}
	field(s, f, prefix, 0, float_text, p - float_text);
}

static void hex_float(struct sink *s, struct spec *f, double v)
{
	union {
		double d;
		uint64_t u;
	} bits = { .d = v };
	const char *digits = f->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[40], prefix[4], *p = text;
	int e = (bits.u >> 52) & 0x7ff, i, n = 13, size;
	uint64_t m = bits.u & 0xfffffffffffffUL;

	p = prefix;
	if (bits.u >> 63)
		*p++ = '-';
	*p++ = '0';
	*p++ = f->upper ? 'X' : 'x';
	*p = 0;
	p = text;
	*p++ = e ? '1' : '0';
	e = !e && !m ? 0 : (e ? e : 1) - 1023;
	while (n && !(m >> (52 - n * 4) & 15) && f->precision < 0)
		n--;
	if (f->precision >= 0 && f->precision < 13)
		n = f->precision;
	if (n)
		*p++ = '.';
	for (i = 0; i < n; i++)
		*p++ = digits[m >> (48 - i * 4) & 15];
	*p++ = f->upper ? 'P' : 'p';
	*p++ = e < 0 ? '-' : '+';
	size = e < 0 ? -e : e;
	if (size >= 1000)
		*p++ = '0' + size / 1000;
	if (size >= 100)
		*p++ = '0' + size / 100 % 10;
	if (size >= 10)
		*p++ = '0' + size / 10 % 10;
	*p++ = '0' + size % 10;
	field(s, f, prefix, 0, text, p - text);
}

enum length { INT, CHAR, SHORT, LONG };

static void format(struct sink *s, const char *t, va_list args)
{
	for (; *t; t++) {
		struct spec f = { .precision = -1 };
		enum length length = INT;
		unsigned long u;
		long v;

		if (*t != '%') {
			put(s, *t);
			continue;
		}
		for (t++;; t++) {
			if (*t == '-')
				f.left = 1;
			else if (*t == '+')
				f.plus = 1;
			else if (*t == ' ')
				f.space = 1;
			else if (*t == '#')
				f.alt = 1;
			else if (*t == '0')
				f.zero = 1;
			else
				break;
		}
		if (*t == '*') {
			f.width = va_arg(args, int);
			if (f.width < 0) {
				f.left = 1;
				f.width = -f.width;
			}
			t++;
		} else
			while (isdigit(*t))
				f.width = f.width * 10 + *t++ - '0';
		if (*t == '.') {
			t++;
			f.precision = 0;
			if (*t == '*') {
				f.precision = va_arg(args, int);
				t++;
			} else
				while (isdigit(*t))
					f.precision = f.precision * 10 + *t++ - '0';
		}
		for (;; t++) {
			if (*t == 'h')
				length = length == SHORT ? CHAR : SHORT;
			else if (*t == 'l' || *t == 'z' || *t == 'j' || *t == 't' || *t == 'q')
				length = LONG;
			else if (*t != 'L')
				break;
		}
		if (f.left)
			f.zero = 0;
		switch (*t) {
		case 'd':
		case 'i':
			v = length == LONG ? va_arg(args, long) : va_arg(args, int);
			v = length == SHORT ? (short)v : length == CHAR ? (signed char)v : v;
			integer(s, &f, v < 0 ? -(unsigned long)v : v, 10, v < 0, 1);
			break;
		case 'X':
			f.upper = 1;
			/* fall through */
		case 'x':
		case 'u':
		case 'o':
			u = length == LONG ? va_arg(args, unsigned long) : va_arg(args, unsigned int);
			u = length == SHORT ? (unsigned short)u : length == CHAR ? (unsigned char)u : u;
			integer(s, &f, u, *t == 'u' ? 10 : *t == 'o' ? 8 : 16, 0, 0);
			break;
		case 'p': {
			void *p = va_arg(args, void *);

			if (!p)
				field(s, &f, "", 0, "(nil)", 5);
			else {
				f.alt = 1;
				integer(s, &f, (unsigned long)p, 16, 0, 0);
			}
			break;
		}
		case 'c': {
			char c = va_arg(args, int);

			f.zero = 0;
			field(s, &f, "", 0, &c, 1);
			break;
		}
		case 's': {
			const char *text = va_arg(args, const char *);

			if (!text)
				text = "(null)";
			f.zero = 0;
			field(s, &f, "", 0, text, f.precision < 0 ? strlen(text) : strnlen(text, f.precision));
			break;
		}
		case 'E':
		case 'F':
		case 'G':
			f.upper = 1;
			/* fall through */
		case 'e':
		case 'f':
		case 'g':
			floating(s, &f, va_arg(args, double), *t | 32);
			break;
		case 'A':
			f.upper = 1;
			/* fall through */
		case 'a':
			hex_float(s, &f, va_arg(args, double));
			break;
		case 'n':
			if (length == LONG)
				*va_arg(args, long *) = s->count;
			else
				*va_arg(args, int *) = s->count;
			break;
		case '%':
			put(s, '%');
			break;
		case 0:
			return;
		default:
			put(s, '%');
			put(s, *t);
		}
	}
}

int vfprintf(FILE *f, const char *text, va_list args)
{
	struct sink s = { .fd = f->fd };

	format(&s, text, args);
	flush(&s);
	return s.count;
}

int vsnprintf(char *to, size_t n, const char *text, va_list args)
{
	struct sink s = { .to = to, .size = n, .fd = -1 };

	format(&s, text, args);
	if (n)
		to[s.count < n ? s.count : n - 1] = 0;
	return s.count;
}

int vprintf(const char *text, va_list args)
{
	return vfprintf(stdout, text, args);
}

int vsprintf(char *to, const char *text, va_list args)
{
	return vsnprintf(to, SIZE_MAX, text, args);
}

#define FORWARD(call) \
	({ \
		va_list args; \
		int done; \
		va_start(args, text); \
		done = (call); \
		va_end(args); \
		done; \
	})

int printf(const char *text, ...)
{
	return FORWARD(vfprintf(stdout, text, args));
}

int fprintf(FILE *f, const char *text, ...)
{
	return FORWARD(vfprintf(f, text, args));
}

int sprintf(char *to, const char *text, ...)
{
	return FORWARD(vsnprintf(to, SIZE_MAX, text, args));
}

int snprintf(char *to, size_t n, const char *text, ...)
{
	return FORWARD(vsnprintf(to, n, text, args));
}

size_t fwrite(const void *p, size_t size, size_t count, FILE *f)
{
	__tcs_write(f->fd, p, size * count);
	return count;
}

int fputs(const char *s, FILE *f)
{
	__tcs_write(f->fd, s, strlen(s));
	return 1;
}

int fputc(int c, FILE *f)
{
	char byte = c;

	__tcs_write(f->fd, &byte, 1);
	return (unsigned char)c;
}

int puts(const char *s)
{
	fputs(s, stdout);
	return fputc('\n', stdout);
}

int putc(int c, FILE *f) { return fputc(c, f); }
int putchar(int c) { return fputc(c, stdout); }
int fflush(FILE *f) { return 0; }
int setvbuf(FILE *f, char *buffer, int mode, size_t n) { return 0; }
int ferror(FILE *f) { return 0; }

static int at_end;

int feof(FILE *f)
{
	return at_end;
}

int fgetc(FILE *f)
{
	unsigned char c;

	if (__tcs_read(f->fd, &c, 1) == 1)
		return c;
	at_end = 1;
	return EOF;
}

int getc(FILE *f) { return fgetc(f); }
int getchar(void) { return fgetc(stdin); }

char *fgets(char *to, int n, FILE *f)
{
	int i = 0, c = 0;

	while (i < n - 1 && c != '\n' && (c = fgetc(f)) != EOF)
		to[i++] = c;
	if (!i)
		return NULL;
	to[i] = 0;
	return to;
}

size_t fread(void *p, size_t size, size_t count, FILE *f)
{
	char *to = p;
	size_t n = 0;
	int c;

	while (n < size * count && (c = fgetc(f)) != EOF)
		to[n++] = c;
	return size ? n / size : 0;
}

void perror(const char *s)
{
	fprintf(stderr, "%s: error\n", s);
}
