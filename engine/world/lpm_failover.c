/* SPDX-License-Identifier: MIT */
/*
 * The scenario "lpm-failover": live partition migration with an SR-IOV function under a bond. The management console
 * makes the bond fail over to virtual Ethernet, the function is closed and removed by DLPAR, memory is copied, the
 * partition resumes at its destination, and a function is added there. Throughout, the application holds pages that the
 * first function received.
 */
#include "all.c"
#include "pool-driver.c"

/* Nominal durations of the phases other than removal and addition. */
#define LPM_VALIDATE_NS 200000000
#define LPM_FAILOVER_NS 100000000
#define LPM_COPY_NS 4000000000
#define LPM_SUSPEND_NS 300000000
#define LPM_SETTLE_NS 100000000

#define BOND_PACKETS_NS 20000000 /* between two bursts of packets on the bond */

/* The bond: the link that carries the traffic, and how many bursts each has carried. */
enum bond_link { BOND_NONE, BOND_SRIOV, BOND_VETH };
static struct {
	enum bond_link active;
	struct world_slot *slot; /* of the function */
	unsigned long sriov, veth;
	int over;
} bond;

/*
 * Traffic arrives on the active link. The function's packets pass through its queues and their pools; virtual Ethernet copies
 * packets into its own buffers, which stay mapped in a window that the removal does not touch.
 */
static void bond_traffic(void *unused)
{
	__tcs_phase("bond: traffic", 1);
	while (!bond.over) {
		if (bond.active == BOND_SRIOV) {
			rx_round(&rx_drivers[bond.slot - slots].queue[0]);
			bond.sriov++;
		} else if (bond.active == BOND_VETH)
			bond.veth++;
		world_nap(BOND_PACKETS_NS);
	}
	__tcs_phase("bond: traffic", 0);
	pr_info("bond0: %lu bursts by the SR-IOV function, %lu by virtual Ethernet\n", bond.sriov, bond.veth);
}

static void bond_use(enum bond_link link, struct world_slot *slot)
{
	bond.active = link;
	bond.slot = slot;
	pr_info("bond0: %s is the active link\n", link == BOND_VETH ? "virtual Ethernet" : "the SR-IOV function");
}

static void lpm_phase(const char *name, unsigned long ns)
{
	__tcs_phase(name, 1);
	world_nap(ns);
	__tcs_phase(name, 0);
}

static void migration(void *unused)
{
	lpm_phase("LPM: validate", LPM_VALIDATE_NS);
	__tcs_phase("LPM: bond fails over to virtual Ethernet", 1);
	bond_use(BOND_VETH, NULL);
	world_nap(LPM_FAILOVER_NS);
	__tcs_phase("LPM: bond fails over to virtual Ethernet", 0);
	__tcs_phase("LPM: remove the SR-IOV function", 1);
	dlpar_remove(&slots[0]);
	__tcs_phase("LPM: remove the SR-IOV function", 0);
	lpm_phase("LPM: copy memory", LPM_COPY_NS);
	lpm_phase("LPM: suspend, go on at the destination", LPM_SUSPEND_NS);
	__tcs_phase("LPM: add an SR-IOV function", 1);
	slot_add(&slots[1], 0);
	world_driver.probe(&slots[1]);
	__tcs_phase("LPM: add an SR-IOV function", 0);
	__tcs_phase("LPM: bond fails back", 1);
	bond_use(BOND_SRIOV, &slots[1]);
	world_nap(LPM_SETTLE_NS);
	bond.over = 1;
	__tcs_phase("LPM: bond fails back", 0);
}

void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	bond_use(BOND_SRIOV, &slots[0]);
	svc_thread("bond0", bond_traffic, NULL, __tcs_ncpus() > 1 ? 1 : 0, 0);
	svc_thread("drmgr", migration, NULL, 0, 0);
}
