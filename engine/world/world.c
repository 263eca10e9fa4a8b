/* SPDX-License-Identifier: MIT */
/* What surrounds the kernel, one file an actor. The scenario's own file includes this and says in which order they act. */
#include "world.h"

#include "hypervisor.c"
#include "rtas.c"
#include "platform.c"
#include "driver.c"
#include "dlpar.c"
