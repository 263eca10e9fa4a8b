/* SPDX-License-Identifier: MIT */
/* kzalloc() for small objects, vzalloc() for large objects; both may return NULL. */
#ifndef EXAMPLE_SLAB_H
#define EXAMPLE_SLAB_H

#include <linux/types.h>

void *kzalloc(size_t size);
void kfree(const void *p);
void *vzalloc(size_t size);
void vfree(const void *p);

#endif
