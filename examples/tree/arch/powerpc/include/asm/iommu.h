/* SPDX-License-Identifier: MIT */
/*
 * A table records which entries of a DMA window are in use. The entries themselves, the TCEs, belong to the hypervisor
 * and are changed by hypercalls.
 */
#ifndef EXAMPLE_IOMMU_H
#define EXAMPLE_IOMMU_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct iommu_table {
	u64 it_index;       /* the window's LIOBN */
	u64 it_size;        /* entries */
	u64 it_page_shift;  /* log2 of the bytes an entry maps */
	u64 *it_map;        /* one bit per entry in use */
	spinlock_t it_lock; /* protects it_map */
};

#define IOMMU_NO_ENTRY (~0UL)

struct iommu_table *iommu_table_new(u64 liobn, u64 entries, u64 page_shift);
void iommu_table_free(struct iommu_table *tbl);
/* Maps a page. Returns its DMA address or IOMMU_NO_ENTRY. */
u64 iommu_map_page(struct iommu_table *tbl, u64 page);
void iommu_unmap_page(struct iommu_table *tbl, u64 dma_addr);

/* Hypercalls. Return 0 or the hypervisor's error code. */
#define H_PARAMETER -4
long h_put_tce(u64 liobn, u64 offset, u64 tce);
long h_create_window(u64 liobn, u64 entries, u64 page_shift);
long h_remove_window(u64 liobn);

#endif
