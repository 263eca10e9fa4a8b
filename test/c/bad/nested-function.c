/* SPDX-License-Identifier: MIT */
/* expect 2: nested-function\.c:6:19: error: a function within a function is not supported */
int main(void)
{
	int n = 2;
	int twice(int a) { return a * n; }
	return twice(3);
}
