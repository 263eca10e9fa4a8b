/* SPDX-License-Identifier: MIT */
/* expect 0: stack-alloca\.c.*past the end of a variable-length array on the stack */
static void clear(char *at, int n)
{
	while (n-- > 0)
		at[n] = 0;
}

int main(void)
{
	for (int n = 1; n < 9; n++) {
		char room[n];

		clear(room, n == 8 ? 9 : n);
	}
}
