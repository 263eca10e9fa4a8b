/* SPDX-License-Identifier: MIT */
/*
 * What the actors share: the machine (host bridge, device, windows) and the scenario's parameters. Actors call the kernel as
 * their real counterparts do and never read data of the code under review, except to count.
 */
#ifndef TCS_WORLD_H
#define TCS_WORLD_H

#include "../kernel/services.h"
#include <linux/dma-mapping.h>
#include <linux/dma-map-ops.h>
#include <asm/hvcall.h>
#include <asm/iommu.h>
#include <asm/pci-bridge.h>
#include <asm/ppc-pci.h>
#include <asm/rtas.h>

#define WORLD_DEFAULT_LIOBN 0x80000100U /* of the first slot; further slots have the next numbers */
#define WORLD_DEFAULT_SHIFT 12
#define WORLD_DEFAULT_SIZE 0x40000000UL /* 1 GiB, as on QEMU's pseries */
#define WORLD_DDW_SIZE 0x10000000UL     /* 256 MiB: too small to map all RAM directly, so TCEs are managed one by one */
#define WORLD_DIRECT_SIZE 0x80000000UL  /* 2 GiB: all RAM, including what hot-add can add */
#define WORLD_PMEM_SIZE 0x10000000UL    /* 256 MiB of persistent memory */
#define WORLD_HYBRID_SIZE 0x100000000UL /* 4 GiB: the same, and as much again for persistent memory */

/* The layouts of DMA windows, values of the parameter "window". */
#define WORLD_WINDOW_DYNAMIC 0 /* one window per function: the dynamic one replaces the default one, tables[0] */
#define WORLD_WINDOW_BESIDE 1  /* two windows: the dynamic one next to the default one, tables[1] */
#define WORLD_WINDOW_DEFAULT 2 /* firmware offers no dynamic windows */
#define WORLD_WINDOW_DIRECT 3  /* the dynamic window is large enough to map all RAM permanently */
#define WORLD_WINDOW_HYBRID 4  /* larger than all RAM, with persistent memory, which is not mapped at boot */

/* Which node owns the windows, values of the parameter "windownode". */
#define WORLD_NODE_PHB 0
#define WORLD_NODE_PARENT 1 /* a bridge between the host bridge and the function, as on PowerVM */

/* RTAS tokens, from the properties of the host bridge's node. */
#define WORLD_RTAS_QUERY 0x2026
#define WORLD_RTAS_CREATE 0x2027
#define WORLD_RTAS_REMOVE 0x2028
#define WORLD_RTAS_RESET 0x2029

/* Nominal costs in ns. Assumptions: an hcall takes 1 us and 40 ns per TCE, an RTAS call 1 ms. */
#define WORLD_HCALL_NS 1000
#define WORLD_TCE_NS 40
#define WORLD_RTAS_NS 1000000

/* One slot: a host bridge with one function behind it, as DLPAR adds and removes it. */
struct world_slot {
	unsigned int unit; /* number of the slot: part of its names and numbers */
	int live;          /* present in the firmware */
	int removed;       /* a removal has completed */
	int phb_refs, dev_refs; /* references to its nodes before the tree's code used them */
	struct pci_controller phb;
	struct pci_bus root, bus; /* the host bridge's and the function's: the same unless a bridge is between them */
	struct pci_dn phb_dn, bridge_dn, dev_dn;
	struct device_node *phb_node, *bridge_node, *dev_node;
	struct device_node *window_node; /* the node that owns the DMA windows */
	struct pci_dev *pdev;
	unsigned long reserved; /* bits that the kernel set in the table before the first mapping */
};

#define WORLD_SLOTS 2
extern struct world_slot slots[WORLD_SLOTS];
extern int world_probing;   /* a driver is starting: the scenario's failures happen from here on */
extern int world_detaching; /* the detach of a window's node has started */

/* hypervisor.c: windows, called by RTAS. 0 or an RTAS status. */
u32 hv_default_liobn(unsigned int unit);
u32 hv_dynamic_liobn(unsigned int unit);
/* The default window only, as when a slot is added or its windows are reset. */
void hv_slot_reset(unsigned int unit);
int hv_window_create(unsigned int unit, unsigned int page_shift, unsigned int window_shift);
/* Sets `mapped` to the number of TCEs that were still valid. */
int hv_window_remove(u32 liobn, unsigned long *mapped);
int hv_windows_free(unsigned int unit);
/* Number of valid TCEs in the slot's windows; sets `liobn` to that of a window that has some. */
unsigned long hv_mapped(unsigned int unit, u32 *liobn);

/* platform.c */
/* Boots with the first `n` slots. */
void platform_setup(unsigned int n);
/* What DLPAR add does in the kernel: nodes, host bridge, device. `slot` must be unused. */
void slot_add(struct world_slot *slot, unsigned int unit);
struct world_slot *slot_of_buid(u64 buid);
/* Reports the number of bits set in the maps of the devices' tables, without the reserved bits, to the timeline. */
void platform_count(void);
/* Takes the bits that are set in the slot's table as the reserved bits. */
void platform_count_from_here(struct world_slot *slot);
/* Sleeps, without the rounding of the kernel's timers. */
void world_nap(unsigned long ns);
/* Page `i`, from 0, of persistent memory, which a window that maps all RAM does not cover. */
struct page *world_pmem_page(unsigned int i);
/* From here on the n-th allocation fails if the scenario says so. */
void world_fail_allocation(void);

/* The world's interface to a driver. The scenario's file decides which driver the device has. */
struct world_driver {
	struct pci_driver pci;
	void (*probe)(struct world_slot *slot);
	void (*remove)(struct world_slot *slot);
	/* Buffers that are still held are returned at time `t`; never if it is TCS_NEVER. */
	void (*release_at)(struct world_slot *slot, unsigned long t);
};
extern struct world_driver world_driver;

/* dlpar.c */
/* Starts drmgr, which removes the slot, on `cpu`. */
void dlpar_start(struct world_slot *slot, int cpu);
/* The steps of a removal, in the calling thread. */
void dlpar_remove(struct world_slot *slot);

#endif
