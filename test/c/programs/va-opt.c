/* SPDX-License-Identifier: MIT */
/* __VA_OPT__ with # and ##, nested calls, omitted and empty arguments. */
#include <stdio.h>
#define S_(...) #__VA_ARGS__
#define S(...) S_(__VA_ARGS__)
#define LIST(a, ...) [a __VA_OPT__(: __VA_ARGS__)]
#define CALL(f, ...) f(0 __VA_OPT__(,) __VA_ARGS__)
#define STRING(a, ...) #__VA_OPT__(a: __VA_ARGS__ "q")
#define PASTE(a, ...) a##__VA_OPT__(__VA_ARGS__)
#define PASTE2(a, ...) x##__VA_OPT__(a)##y
#define GNU(f, args...) f(1, ##args)
#define EMPTY
static int sum(int n, ...) { return n; }
static int three(int a, int b, int c) { return a * 100 + b * 10 + c; }
int main(void)
{
	puts(S(LIST(1)) S(LIST(1,)) S(LIST(1, 2, 3)) S(LIST(1, EMPTY)));
	puts(STRING(z) "|" STRING(z, 1, "s") "|" STRING(z, LIST(2)));
	puts(S(PASTE(ab)) S(PASTE(ab, cd)) S(PASTE2(k)) S(PASTE2(k, 1)));
	printf("%d %d\n", CALL(sum), CALL(three, 4, 5));
	printf("%d %d\n", GNU(sum), GNU(three, 2, 3));
	return 0;
}
