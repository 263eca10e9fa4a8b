/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#define SHOW(e) printf("%s = %lld size %zu\n", #e, (long long)(e), sizeof(e))
int main(void)
{
	unsigned char uc = 200, ud = 100;
	signed char sc = -100;
	short s = -30000;
	unsigned short us = 60000;
	int i = -1;
	unsigned u = 1;
	long l = -1;
	unsigned long ul = 1;
	long long ll = -5;
	_Bool b = 7;

	SHOW(uc + ud);
	SHOW(uc * ud);
	SHOW(sc - 100);
	SHOW(s * 2);
	SHOW(us * us);
	SHOW(i < u);
	SHOW(l < u);
	SHOW(l < ul);
	SHOW(i + u);
	SHOW(l + u);
	SHOW(-uc);
	SHOW(~uc);
	SHOW(~us);
	SHOW(!uc);
	SHOW(b + b);
	SHOW(b);
	SHOW(-b);
	SHOW((unsigned char)(uc + ud));
	SHOW((signed char)uc);
	SHOW((short)us);
	SHOW((int)4000000000u);
	SHOW((unsigned)-1);
	SHOW((unsigned long)-1 > 0);
	SHOW((unsigned char)-1 == -1);
	SHOW((char)-1);
	SHOW('\xff');
	SHOW('\377' < 0);
	SHOW(ll / 2);
	SHOW(ll % 2);
	SHOW(ll >> 1);
	SHOW((unsigned)ll >> 28);
	SHOW(uc ? sc : u);
	SHOW(1 ? -1 : 1u);
	SHOW(1 ? (unsigned char)1 : (signed char)-1);
	SHOW(i ? l : ul);
	SHOW(sizeof(uc + uc));
	SHOW(sizeof(1 ? 1L : 1));
	SHOW(sizeof 'a');
	SHOW(sizeof +uc);
	SHOW(sizeof -l);
	SHOW((us << 16) >> 16);
	SHOW(us >> 3);
	SHOW(s >> 3);
	SHOW((unsigned short)s >> 3);
	return 0;
}
