/* SPDX-License-Identifier: MIT */
/* What surrounds the kernel, one file an actor. */
#include "world.h"

#include "hypervisor.c"
#include "rtas.c"
#include "platform.c"
#include "driver.c"
#include "dlpar.c"
#include "late_unmap.c"
