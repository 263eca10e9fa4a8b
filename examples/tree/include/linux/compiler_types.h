/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_COMPILER_TYPES_H
#define EXAMPLE_COMPILER_TYPES_H

#define __printf(fmt, first) __attribute__((format(printf, fmt, first)))

#endif
