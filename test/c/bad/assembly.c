/* SPDX-License-Identifier: MIT */
/* expect 2: assembly\.c:6: error: .*inline assembly: mfspr */
static unsigned long pvr(void)
{
	unsigned long v;
	asm volatile("mfspr %0, 287" : "=r" (v));
	return v;
}
int main(void)
{
	return pvr() == 0;
}
