/* SPDX-License-Identifier: MIT */
/* expect 2: no function main */
int f(void) { return 1; }
