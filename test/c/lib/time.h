/* SPDX-License-Identifier: MIT */
#ifndef _TIME_H
#define _TIME_H
typedef long time_t;
typedef long clock_t;
#define CLOCKS_PER_SEC 1000000L
/* Virtual time since the start of the program. */
time_t time(time_t *to);
clock_t clock(void);
#endif
