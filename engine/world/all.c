/* SPDX-License-Identifier: MIT */
/* Services and world as one translation unit, so that the kernel's headers, which both need, are read once. */
#include "../kernel/services.c"
#include "world.c"
