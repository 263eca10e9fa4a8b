/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
static void bye(void) { printf("bye\n"); }
int main(int argc, char **argv) { atexit(bye); printf("%d\n", argc); if (argc) exit(300); return 1; }
