/* SPDX-License-Identifier: MIT */
/* expect 2: complex\.c:3:\d+: error: complex numbers are not supported */
static _Complex double c;
int main(void) { return c != 0; }
