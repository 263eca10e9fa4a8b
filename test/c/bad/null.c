/* SPDX-License-Identifier: MIT */
/* expect 139: null\.c:7: */
struct s { int a, b; };
static struct s *p;
int main(void)
{
	return p->b;
}
