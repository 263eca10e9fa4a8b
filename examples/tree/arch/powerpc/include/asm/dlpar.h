/* SPDX-License-Identifier: MIT */
/* A slot for a device that can be added and removed while the system runs. */
#ifndef EXAMPLE_DLPAR_H
#define EXAMPLE_DLPAR_H

#include <asm/iommu.h>

struct slot {
	u64 liobn;
	struct iommu_table *table;
};

int slot_attach(struct slot *slot, u64 liobn, u64 entries, u64 page_shift);
void slot_detach(struct slot *slot);

#endif
