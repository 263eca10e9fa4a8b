/* SPDX-License-Identifier: MIT */
/* expect 2: undeclared\.c:5:15: error: 'y' is not declared */
int main(void)
{
	int x = 1 + (y);
	return x;
}
