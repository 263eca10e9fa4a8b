/* SPDX-License-Identifier: MIT */
/* expect 2: stack */
static int f(int n) { volatile int a[100]; a[0] = n; return f(n + 1) + a[0]; }
int main(void) { return f(0); }
