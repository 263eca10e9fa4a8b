/* SPDX-License-Identifier: MIT */
/*
 * The kernel's printf formats: flags, width, precision and the %p extensions that the reachable code uses (%pOF, %pV,
 * %pa, %pad, %pe, %pS). A plain %p prints as in the kernel before its hash is seeded, so that logs can be compared.
 */

struct svc_out {
	char *buf;
	unsigned long size, len;
};

struct svc_spec {
	int width, precision;
	char left, plus, space, alt, zero, upper;
};

static void svc_putc(struct svc_out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void svc_pad(struct svc_out *o, char c, int n)
{
	while (n-- > 0)
		svc_putc(o, c);
}

static void svc_put_string(struct svc_out *o, const char *s, const struct svc_spec *f)
{
	int n = 0, i;

	if ((unsigned long)s < PAGE_SIZE)
		s = s ? "(efault)" : "(null)";
	while ((f->precision < 0 || n < f->precision) && s[n])
		n++;
	if (!f->left)
		svc_pad(o, ' ', f->width - n);
	for (i = 0; i < n; i++)
		svc_putc(o, s[i]);
	if (f->left)
		svc_pad(o, ' ', f->width - n);
}

static void svc_put_number(struct svc_out *o, unsigned long v, int base, int negative, const struct svc_spec *f)
{
	const char *digits = f->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[68];
	const char *prefix = "";
	int n = 0, zeros, pad;
	char sign = negative ? '-' : f->plus ? '+' : f->space ? ' ' : 0;

	if (f->alt && base == 16)
		prefix = f->upper ? "0X" : "0x";
	else if (f->alt && base == 8)
		prefix = "0";
	while (v) {
		text[n++] = digits[v % base];
		v /= base;
	}
	if (!n && f->precision)
		text[n++] = '0';
	zeros = f->precision > n ? f->precision - n : 0;
	pad = f->width - n - zeros - (sign ? 1 : 0) - (prefix[0] ? prefix[1] ? 2 : 1 : 0);
	if (f->zero && !f->left && f->precision < 0 && pad > 0) {
		zeros += pad;
		pad = 0;
	}
	if (!f->left)
		svc_pad(o, ' ', pad);
	if (sign)
		svc_putc(o, sign);
	while (*prefix)
		svc_putc(o, *prefix++);
	svc_pad(o, '0', zeros);
	while (n)
		svc_putc(o, text[--n]);
	if (f->left)
		svc_pad(o, ' ', pad);
}

static void svc_put_hex(struct svc_out *o, unsigned long v, int digits, int alt)
{
	struct svc_spec f = { .width = digits + (alt ? 2 : 0), .precision = -1, .alt = alt, .zero = 1 };

	svc_put_number(o, v, 16, 0, &f);
}

static int svc_format(struct svc_out *o, const char *fmt, va_list args);

static void svc_put_node(struct svc_out *o, const struct device_node *np, const char *ext, const struct svc_spec *f)
{
	const struct device_node *chain[32];
	struct svc_spec bare = { .precision = -1 };
	int depth = 0;

	if ((unsigned long)np < PAGE_SIZE) {
		svc_put_string(o, np ? "(efault)" : "(null)", f);
		return;
	}
	if (ext[2] == 'n') { /* %pOFn: the name without the path */
		svc_put_string(o, kbasename(np->full_name), f);
		return;
	}
	if (!np->parent) {
		svc_put_string(o, "/", f);
		return;
	}
	for (; np && np->parent && depth < 32; np = np->parent)
		chain[depth++] = np;
	while (depth) {
		svc_putc(o, '/');
		svc_put_string(o, kbasename(chain[--depth]->full_name), &bare);
	}
}

/* `ext` follows the p of %p; returns how many of its characters belong to the format. */
static int svc_put_pointer(struct svc_out *o, const void *p, const char *ext, const struct svc_spec *f)
{
	char symbol[80];

	switch (ext[0]) {
	case 'O':
		if (ext[1] != 'F')
			break;
		svc_put_node(o, p, ext, f);
		return ext[2] == 'f' || ext[2] == 'n' || ext[2] == 'p' || ext[2] == 'P' || ext[2] == 'c' || ext[2] == 'C' ||
				       ext[2] == 'F' ?
			       3 :
			       2;
	case 'V': {
		const struct va_format *vf = p;
		va_list copy;

		va_copy(copy, *vf->va);
		svc_format(o, vf->fmt, copy);
		va_end(copy);
		return 1;
	}
	case 'a':
		svc_put_hex(o, *(const u64 *)p, 16, 1);
		return ext[1] == 'd' || ext[1] == 'p' ? 2 : 1;
	case 'e':
		if ((unsigned long)p >= (unsigned long)-MAX_ERRNO) {
			struct svc_spec n = { .precision = -1 };

			svc_put_number(o, -(unsigned long)p, 10, 1, &n);
			return 1;
		}
		svc_put_hex(o, (unsigned long)p, 16, 0);
		return 1;
	case 's':
	case 'S':
	case 'B':
		if (__tcs_symbol(p, symbol, sizeof(symbol), ext[0] != 's'))
			svc_put_string(o, symbol, f);
		else
			svc_put_hex(o, (unsigned long)p, 0, 1);
		return ext[0] != 's' && (ext[1] == 'R' || ext[1] == 'b') ? 2 : 1;
	case 'x':
	case 'K':
		svc_put_hex(o, (unsigned long)p, 16, 0);
		return 1;
	default:
		break;
	}
	svc_put_string(o, p ? "(____ptrval____)" : "(null)", f);
	return 0;
}

static int svc_format(struct svc_out *o, const char *fmt, va_list args)
{
	while (*fmt) {
		struct svc_spec f = { .precision = -1 };
		int longs = 0, shorts = 0, more = 1;
		unsigned long v;
		char c = *fmt++;

		if (c != '%') {
			svc_putc(o, c);
			continue;
		}
		for (; more; fmt += more) {
			more = 1;
			switch (*fmt) {
			case '-': f.left = 1; break;
			case '+': f.plus = 1; break;
			case ' ': f.space = 1; break;
			case '#': f.alt = 1; break;
			case '0': f.zero = 1; break;
			default: more = 0;
			}
		}
		if (*fmt == '*') {
			f.width = va_arg(args, int);
			if (f.width < 0) {
				f.left = 1;
				f.width = -f.width;
			}
			fmt++;
		}
		while (*fmt >= '0' && *fmt <= '9')
			f.width = f.width * 10 + *fmt++ - '0';
		if (*fmt == '.') {
			f.precision = 0;
			fmt++;
			if (*fmt == '*') {
				f.precision = va_arg(args, int);
				fmt++;
			}
			while (*fmt >= '0' && *fmt <= '9')
				f.precision = f.precision * 10 + *fmt++ - '0';
		}
		for (; *fmt == 'l' || *fmt == 'h' || *fmt == 'z' || *fmt == 'L' || *fmt == 't'; fmt++) {
			if (*fmt == 'h')
				shorts++;
			else
				longs++;
		}
		c = *fmt;
		if (c)
			fmt++;
		switch (c) {
		case 'd':
		case 'i': {
			long n = longs ? va_arg(args, long) : va_arg(args, int);

			n = shorts == 1 ? (short)n : shorts ? (signed char)n : n;
			svc_put_number(o, n < 0 ? -(unsigned long)n : (unsigned long)n, 10, n < 0, &f);
			break;
		}
		case 'u':
		case 'x':
		case 'X':
		case 'o':
			v = longs ? va_arg(args, unsigned long) : va_arg(args, unsigned int);
			v = shorts == 1 ? (unsigned short)v : shorts ? (unsigned char)v : v;
			f.upper = c == 'X';
			svc_put_number(o, v, c == 'u' ? 10 : c == 'o' ? 8 : 16, 0, &f);
			break;
		case 'c': {
			char text[2] = { (char)va_arg(args, int), 0 };

			svc_put_string(o, text, &f);
			break;
		}
		case 's':
			svc_put_string(o, va_arg(args, const char *), &f);
			break;
		case 'p':
			fmt += svc_put_pointer(o, va_arg(args, const void *), fmt, &f);
			break;
		case '%':
			svc_putc(o, '%');
			break;
		default:
			return 0;
		}
	}
	return 0;
}

int svc_vsnprintf(char *buf, unsigned long size, const char *fmt, va_list args)
{
	struct svc_out o = { .buf = buf, .size = size };

	svc_format(&o, fmt, args);
	if (size)
		buf[o.len < size ? o.len : size - 1] = 0;
	return o.len;
}

int svc_snprintf(char *buf, unsigned long size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = svc_vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}

int PROVIDE(vsnprintf)(char *buf, size_t size, const char *fmt, va_list args)
{
	return svc_vsnprintf(buf, size, fmt, args);
}

int PROVIDE(vscnprintf)(char *buf, size_t size, const char *fmt, va_list args)
{
	int n = svc_vsnprintf(buf, size, fmt, args);

	return n < (int)size ? n : size ? (int)size - 1 : 0;
}

int PROVIDE(snprintf)(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = svc_vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}

int PROVIDE(scnprintf)(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = PROVIDE(vscnprintf)(buf, size, fmt, args);
	va_end(args);
	return n;
}

int PROVIDE(sprintf)(char *buf, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = svc_vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return n;
}
