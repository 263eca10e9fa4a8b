/* SPDX-License-Identifier: MIT */
#include <stdio.h>
int main(void)
{
	char b[64];
	printf("[%d][%5d][%-5d][%05d][%+d][% d][%.3d][%5.2d]\n", 42, 42, 42, 42, 42, 42, 7, 7);
	printf("[%x][%X][%#x][%#o][%08x][%-8x][%#X]\n", 255, 255, 255, 8, 0xbeef, 0xbeef, 0xab);
	printf("[%ld][%lu][%llx][%hhd][%hd][%zu]\n", -1L, -1UL, 0x123456789abcdefULL, 300, 70000, sizeof(int));
	printf("[%s][%10s][%-10s][%.2s][%c][%%]\n", "str", "str", "str", "str", 'c');
	printf("[%*d][%-*d][%.*s]\n", 6, 1, 6, 1, 2, "abc");
	printf("%d %d\n", snprintf(b, 5, "%s", "truncated"), snprintf(0, 0, "%d", 12345));
	printf("%s\n", b);
	printf("[%u][%i][%o]\n", 4000000000u, -5, 0777);
	printf("[%.0d][%d]\n", 0, 0);
	printf("[%f][%.2f][%10.1f][%e][%g][%g][%g]\n", 1.0, 3.14159, 2.55, 12345.678, 0.0001, 1e-5, 1e20);
	printf("[%g][%g][%g][%#g]\n", 100000.0, 1000000.0, 0.5, 1.0);
	printf("[%f][%f][%e]\n", 1e15, 0.1, 0.0);
	puts("puts");
	putchar('p');
	putchar('\n');
	sprintf(b, "%d-%s", 5, "x");
	fputs(b, stdout);
	fprintf(stdout, "%c\n", '!');
	return 0;
}
