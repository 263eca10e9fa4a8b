/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_TYPES_H
#define EXAMPLE_TYPES_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;
typedef unsigned long size_t;
typedef _Bool bool;

#define NULL ((void *)0)
#define true 1
#define false 0

#endif
