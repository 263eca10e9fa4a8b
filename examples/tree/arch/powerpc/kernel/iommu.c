// SPDX-License-Identifier: MIT
/*
 * Tables of DMA windows: which entries are in use. The windows themselves are created and removed in pseries/iommu.c.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <asm/iommu.h>

#define BITS_PER_WORD 64
#define TCE_READ_WRITE 3

static u64 *word_of(struct iommu_table *tbl, u64 entry)
{
	return &tbl->it_map[entry / BITS_PER_WORD];
}

static u64 bit_of(u64 entry)
{
	return 1UL << (entry % BITS_PER_WORD);
}

struct iommu_table *iommu_table_new(u64 liobn, u64 entries, u64 page_shift)
{
	struct iommu_table *tbl = kzalloc(sizeof(*tbl));

	if (!tbl)
		return NULL;
	tbl->it_map = vzalloc((entries + BITS_PER_WORD - 1) / BITS_PER_WORD * sizeof(u64));
	if (!tbl->it_map) {
		kfree(tbl);
		return NULL;
	}
	tbl->it_index = liobn;
	tbl->it_size = entries;
	tbl->it_page_shift = page_shift;
	return tbl;
}

/* Entries in use. */
static u64 iommu_table_used(struct iommu_table *tbl)
{
	u64 entry, used = 0;

	spin_lock(&tbl->it_lock);
	for (entry = 0; entry < tbl->it_size; entry++)
		if (*word_of(tbl, entry) & bit_of(entry))
			used++;
	spin_unlock(&tbl->it_lock);
	return used;
}

void iommu_table_free(struct iommu_table *tbl)
{
	u64 used = iommu_table_used(tbl);

	if (used)
		pr_warn("iommu: freeing table 0x%lx with %lu entries in use\n", tbl->it_index, used);
	vfree(tbl->it_map);
	kfree(tbl);
}

static u64 entry_get(struct iommu_table *tbl)
{
	u64 entry;

	spin_lock(&tbl->it_lock);
	for (entry = 0; entry < tbl->it_size; entry++) {
		if (*word_of(tbl, entry) & bit_of(entry))
			continue;
		*word_of(tbl, entry) |= bit_of(entry);
		spin_unlock(&tbl->it_lock);
		return entry;
	}
	spin_unlock(&tbl->it_lock);
	return IOMMU_NO_ENTRY;
}

static void entry_put(struct iommu_table *tbl, u64 entry)
{
	spin_lock(&tbl->it_lock);
	*word_of(tbl, entry) &= ~bit_of(entry);
	spin_unlock(&tbl->it_lock);
}

u64 iommu_map_page(struct iommu_table *tbl, u64 page)
{
	u64 entry = entry_get(tbl);

	if (entry == IOMMU_NO_ENTRY)
		return IOMMU_NO_ENTRY;
	if (h_put_tce(tbl->it_index, entry << tbl->it_page_shift, page | TCE_READ_WRITE)) {
		entry_put(tbl, entry);
		return IOMMU_NO_ENTRY;
	}
	return entry << tbl->it_page_shift;
}

void iommu_unmap_page(struct iommu_table *tbl, u64 dma_addr)
{
	long rc = h_put_tce(tbl->it_index, dma_addr, 0);

	if (rc)
		pr_err("iommu: unmapping 0x%lx failed, rc = %ld\n", dma_addr, rc);
	entry_put(tbl, dma_addr >> tbl->it_page_shift);
}
