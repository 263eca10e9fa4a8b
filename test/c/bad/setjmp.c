/* SPDX-License-Identifier: MIT */
/* expect 2: setjmp\.h: no such file */
#include <setjmp.h>
int main(void) { return 0; }
