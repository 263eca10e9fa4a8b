/* SPDX-License-Identifier: MIT */
/*
 * What the actors share: the machine they act on (host bridge, device, windows) and the scenario's parameters. Actors
 * call the kernel as their real counterparts do and never look into the code under review's own data, except to count.
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

#define WORLD_DEFAULT_LIOBN 0x80000100U /* of the first slot; the next ones follow */
#define WORLD_DEFAULT_SHIFT 12
#define WORLD_DEFAULT_SIZE 0x40000000UL /* 1 GiB, as QEMU's pseries gives */
#define WORLD_DDW_SIZE 0x10000000UL     /* 256 MiB: too small to map all RAM directly, so TCEs are managed one by one */
#define WORLD_DIRECT_SIZE 0x80000000UL  /* 2 GiB: all RAM and what hot-add can bring */
#define WORLD_PMEM_SIZE 0x10000000UL    /* 256 MiB of persistent memory */
#define WORLD_HYBRID_SIZE 0x100000000UL /* 4 GiB: the same, and as much again for persistent memory */

/* The layouts of DMA windows, values of the parameter "window". */
#define WORLD_WINDOW_DYNAMIC 0 /* one window a function: the dynamic one replaces the default one, tables[0] */
#define WORLD_WINDOW_BESIDE 1  /* two windows: the dynamic one stands beside the default one, tables[1] */
#define WORLD_WINDOW_DEFAULT 2 /* firmware offers no dynamic windows */
#define WORLD_WINDOW_DIRECT 3  /* the dynamic window is large enough to map all RAM once and for all */
#define WORLD_WINDOW_HYBRID 4  /* all RAM and more, and there is persistent memory, which is not mapped at once */

/* Which node owns the windows, values of the parameter "windownode". */
#define WORLD_NODE_PHB 0
#define WORLD_NODE_PARENT 1 /* a bridge between the host bridge and the function, as on PowerVM */

/* RTAS tokens, as the properties of the host bridge's node give them. */
#define WORLD_RTAS_QUERY 0x2026
#define WORLD_RTAS_CREATE 0x2027
#define WORLD_RTAS_REMOVE 0x2028
#define WORLD_RTAS_RESET 0x2029

/* Nominal costs in ns. Assumptions: an hcall takes a microsecond and 40 ns for each TCE, an RTAS call a millisecond. */
#define WORLD_HCALL_NS 1000
#define WORLD_TCE_NS 40
#define WORLD_RTAS_NS 1000000

/* One slot: a host bridge with one function behind it, as DLPAR adds and removes it. */
struct world_slot {
	unsigned int unit; /* which slot of the system: part of its names and numbers */
	int live;          /* the firmware knows it */
	int removed;       /* a removal ran to its end */
	int phb_refs, dev_refs; /* references to its nodes before the tree's code saw them */
	struct pci_controller phb;
	struct pci_bus root, bus; /* of the host bridge, and the function's: the same but where there is a bridge between */
	struct pci_dn phb_dn, bridge_dn, dev_dn;
	struct device_node *phb_node, *bridge_node, *dev_node;
	struct device_node *window_node; /* the one that owns the DMA windows */
	struct pci_dev *pdev;
	unsigned long reserved; /* bits that the kernel set in the table before anything was mapped */
};

#define WORLD_SLOTS 2
extern struct world_slot slots[WORLD_SLOTS];
extern int world_probing;   /* a driver is setting up: failures that the scenario asks for happen from here on */
extern int world_detaching; /* the detach of a window's node has begun */

/* hypervisor.c: windows, called by RTAS. 0 or an RTAS status. */
u32 hv_default_liobn(unsigned int unit);
u32 hv_dynamic_liobn(unsigned int unit);
/* The default window alone, as a slot has it when it is added or its windows are reset. */
void hv_slot_reset(unsigned int unit);
int hv_window_create(unsigned int unit, unsigned int page_shift, unsigned int window_shift);
/* `mapped` becomes the number of TCEs that were still valid. */
int hv_window_remove(u32 liobn, unsigned long *mapped);
int hv_windows_free(unsigned int unit);
/* Valid TCEs in the slot's windows; `liobn` is that of one that has some. */
unsigned long hv_mapped(unsigned int unit, u32 *liobn);

/* platform.c */
/* Boot with the first `n` slots. */
void platform_setup(unsigned int n);
/* What DLPAR add does in the kernel: nodes, host bridge, device. `slot` must be unused. */
void slot_add(struct world_slot *slot, unsigned int unit);
struct world_slot *slot_of_buid(u64 buid);
/* Tells the timeline how many bits are set in the maps of the tables the devices use, besides the reserved ones. */
void platform_count(void);
/* The bits set now in the slot's table are the reserved ones. */
void platform_count_from_here(struct world_slot *slot);
/* Sleeps, without the rounding of the kernel's timers. */
void world_nap(unsigned long ns);
/* A page of persistent memory, which a window that maps all RAM leaves out; `i` counts them from 0. */
struct page *world_pmem_page(unsigned int i);
/* From here on the n-th allocation fails, where the scenario says so. */
void world_fail_allocation(void);

/* A driver as the rest of the world sees it. The scenario's file says which one the device has. */
struct world_driver {
	struct pci_driver pci;
	void (*probe)(struct world_slot *slot);
	void (*remove)(struct world_slot *slot);
	/* What somebody still holds comes back at time `t`, or never where that is TCS_NEVER. */
	void (*release_at)(struct world_slot *slot, unsigned long t);
};
extern struct world_driver world_driver;

/* dlpar.c */
/* Starts drmgr, which removes the slot, on `cpu`. */
void dlpar_start(struct world_slot *slot, int cpu);
/* The steps of a removal, in the thread that calls. */
void dlpar_remove(struct world_slot *slot);

#endif
