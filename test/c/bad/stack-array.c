/* SPDX-License-Identifier: MIT */
/* expect 0: stack-array\.c.*Write of 4 bytes 0 bytes past the end of row on the stack of sum */
static void put(int *at, int value)
{
	*at = value;
}

static int sum(int n)
{
	int before = 0;
	int row[5];
	int after = 0;

	for (int i = 0; i < n; i++)
		put(&row[i], i);
	return before + row[n - 1] + after;
}

int main(void)
{
	sum(5);
	sum(6);
	return 0;
}
