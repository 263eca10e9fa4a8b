/* SPDX-License-Identifier: MIT */
/* expect 0: use-after-free\.c:8: */
#include <stdlib.h>
int main(void)
{
	int *p = malloc(8);
	free(p);
	return p[1];
}
