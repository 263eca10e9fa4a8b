/* SPDX-License-Identifier: MIT */
void __c_assert_failed(const char *text, const char *file, int line, const char *function) __attribute__((noreturn));
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : __c_assert_failed(#condition, __FILE__, __LINE__, __func__))
#endif
#ifndef static_assert
#define static_assert _Static_assert
#endif
