/* SPDX-License-Identifier: MIT */
/* expect 2: static-not-constant\.c:4:12: error: .*not constant */
static int f(void) { return 1; }
static int x = f();
int main(void) { return x; }
