/* SPDX-License-Identifier: MIT */
/*
 * What the kernel believes of the machine's RAM: 1 GiB, more than the dynamic window of a scenario can map directly, so
 * that the window is managed TCE by TCE. The machine itself has less.
 */

#define SVC_RAM 0x40000000UL

phys_addr_t PROVIDE(memblock_end_of_DRAM)(void)
{
	return SVC_RAM;
}

phys_addr_t PROVIDE(memblock_start_of_DRAM)(void)
{
	return 0;
}

u64 PROVIDE(memory_hotplug_max)(void)
{
	return SVC_RAM;
}

u64 PROVIDE(hot_add_drconf_memory_max)(void)
{
	return SVC_RAM;
}
