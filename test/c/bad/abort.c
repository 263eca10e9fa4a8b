/* SPDX-License-Identifier: MIT */
/* expect 134: abort\.c.*Assertion .* failed */
#include <assert.h>
int main(int argc, char **argv)
{
	assert(argc == 100);
}
