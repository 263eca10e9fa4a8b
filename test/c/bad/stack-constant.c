/* SPDX-License-Identifier: MIT */
/* expect 0: stack-constant\.c.*Write of 2 bytes 0 bytes past the end of a on the stack of main */
int main(void)
{
	short a[3] = { 1, 2, 3 };
	short b[3] = { 1, 2, 3 };

	a[3] = b[0];
	return a[1] - 2;
}
