/* SPDX-License-Identifier: MIT */
/*
 * The string functions that powerpc implements in assembly; the others run from lib/string.c. Words are used where both
 * sides are aligned: a check of the shadow then covers eight bytes.
 */

#undef memcpy
#undef memset
#undef memmove

/* What other threads can observe of a copy: its two ranges. */
static void svc_copies(const void *dst, const void *src, size_t n)
{
	if (!n)
		return;
	__tcs_visible(src, n, TCS_READ);
	__tcs_visible(dst, n, TCS_WRITE);
}

void *PROVIDE(memcpy)(void *dst, const void *src, size_t n)
{
	char *d = dst;
	const char *s = src;

	svc_copies(dst, src, n);
	if (!(((unsigned long)d | (unsigned long)s) & 7))
		for (; n >= 8; n -= 8, d += 8, s += 8)
			*(u64 *)d = *(const u64 *)s;
	while (n--)
		*d++ = *s++;
	return dst;
}

void *PROVIDE(memmove)(void *dst, const void *src, size_t n)
{
	char *d = dst;
	const char *s = src;

	if (d <= s || d >= s + n)
		return PROVIDE(memcpy)(dst, src, n);
	svc_copies(dst, src, n);
	while (n--)
		d[n] = s[n];
	return dst;
}

void *PROVIDE(memset)(void *dst, int c, size_t n)
{
	char *d = dst;
	u64 word = (unsigned char)c * 0x0101010101010101UL;

	if (n)
		__tcs_visible(dst, n, TCS_WRITE);
	for (; n && ((unsigned long)d & 7); n--)
		*d++ = c;
	for (; n >= 8; n -= 8, d += 8)
		*(u64 *)d = word;
	while (n--)
		*d++ = c;
	return dst;
}

int PROVIDE(memcmp)(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x < *y ? -1 : 1;
	return 0;
}

void *PROVIDE(memchr)(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (; n; n--, p++)
		if (*p == (unsigned char)c)
			return (void *)p;
	return NULL;
}

int PROVIDE(strncmp)(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b)
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		if (!*a)
			break;
	}
	return 0;
}

char *PROVIDE(strncpy)(char *dst, const char *src, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		dst[i] = *src ? *src++ : 0;
	return dst;
}

/* The tree copies by words and may read past the end of the source, which the shadow would report as an overrun. */
static ssize_t svc_strscpy(char *dst, const char *src, size_t n)
{
	size_t i;

	if (!n)
		return -E2BIG;
	for (i = 0; i < n; i++) {
		dst[i] = src[i];
		if (!src[i])
			return i;
	}
	dst[n - 1] = 0;
	return -E2BIG;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
ssize_t PROVIDE(sized_strscpy)(char *dst, const char *src, size_t n)
{
	return svc_strscpy(dst, src, n);
}
#else
#undef strscpy
ssize_t PROVIDE(strscpy)(char *dst, const char *src, size_t n)
{
	return svc_strscpy(dst, src, n);
}
#endif
