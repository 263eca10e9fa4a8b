/* SPDX-License-Identifier: MIT */
/* expect 0: stack-before\.c.*Read of 1 byte 1 byte before text on the stack of main */
static int last(const char *end)
{
	while (*end == ' ')
		end--;
	return *end;
}

int main(void)
{
	char text[4] = "    ";

	last(text + 3);
	return 0;
}
