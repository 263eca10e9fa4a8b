/* SPDX-License-Identifier: MIT */
/* expect 2: in-macro\.c:8:9: error: 'missing' is not declared[^]*in-macro\.c:4:24: note: in expansion of macro 'OUTER'[^]*in-macro\.c:3:26: note: in expansion of macro 'INNER' */
#define INNER(x) ((x) + (missing))
#define OUTER(x) (1 + (INNER(x)))
int main(void)
{
	/* The notes name the places in both macro definitions. */
	return OUTER(2);
}
