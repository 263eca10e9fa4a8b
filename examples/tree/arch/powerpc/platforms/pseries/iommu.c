// SPDX-License-Identifier: MIT
/*
 * A slot's DMA window: created when a device is added, removed with the device.
 */
#include <linux/kernel.h>
#include <asm/dlpar.h>

int slot_attach(struct slot *slot, u64 liobn, u64 entries, u64 page_shift)
{
	if (h_create_window(liobn, entries, page_shift))
		return -1;
	slot->table = iommu_table_new(liobn, entries, page_shift);
	if (!slot->table) {
		h_remove_window(liobn);
		return -1;
	}
	slot->liobn = liobn;
	pr_info("slot: window 0x%lx with %lu entries\n", liobn, entries);
	return 0;
}

void slot_detach(struct slot *slot)
{
	h_remove_window(slot->liobn);
	iommu_table_free(slot->table);
	slot->table = NULL;
	pr_info("slot: window 0x%lx is gone\n", slot->liobn);
}
