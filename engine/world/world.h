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

#define WORLD_DEFAULT_LIOBN 0x80000100U
#define WORLD_DEFAULT_SHIFT 12
#define WORLD_DEFAULT_SIZE 0x40000000UL /* 1 GiB, as QEMU's pseries gives */
#define WORLD_DDW_SIZE 0x10000000UL     /* 256 MiB: too small to map all RAM directly, so TCEs are managed one by one */

/* RTAS tokens, as the properties of the host bridge's node give them. */
#define WORLD_RTAS_QUERY 0x2026
#define WORLD_RTAS_CREATE 0x2027
#define WORLD_RTAS_REMOVE 0x2028
#define WORLD_RTAS_RESET 0x2029

/* Nominal costs in ns. Assumptions: an hcall takes a microsecond and 40 ns for each TCE, an RTAS call a millisecond. */
#define WORLD_HCALL_NS 1000
#define WORLD_TCE_NS 40
#define WORLD_RTAS_NS 1000000

/* hypervisor.c: windows, called by RTAS. 0 or an RTAS status. */
void hv_setup(void);
int hv_window_create(u32 liobn, unsigned int page_shift, unsigned int window_shift);
int hv_window_remove(u32 liobn);
int hv_windows_free(void);
unsigned long hv_mapped(u32 liobn);

/* platform.c */
struct world_platform {
	struct pci_controller phb;
	struct pci_bus bus;
	struct pci_dn phb_dn, dev_dn;
	struct device_node *phb_node, *dev_node;
	struct pci_dev *pdev;
	int detaching;          /* the detach of the window's node has begun */
	unsigned long reserved; /* bits that the kernel set in the table before anything was mapped */
};
extern struct world_platform platform;
void platform_setup(void);
/* Tells the timeline how many bits are set in the map of the table the device uses, besides the reserved ones. */
void platform_count(void);
/* The bits set now are the reserved ones. */
void platform_count_from_here(void);
/* Sleeps, without the rounding of the kernel's timers. */
void world_nap(unsigned long ns);

/* A driver as the rest of the world sees it. The scenario's file says which one the device has. */
struct world_driver {
	struct pci_driver pci;
	void (*probe)(void);
	void (*remove)(void);
	/* What somebody still holds comes back at time `t`. */
	void (*release_at)(unsigned long t);
};
extern struct world_driver world_driver;

/* dlpar.c */
void dlpar_start(void);

#endif
