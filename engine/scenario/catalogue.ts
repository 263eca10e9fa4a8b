// The built-in scenarios, one idea each: a removal of a device under circumstances that the mail's discussion, or a
// system in the field, knows. What is expected of known trees stands beside each, with the reason; tests run them all.

import { pagePoolFiles } from "../kernel/index.js";
import { type ScenarioSpec, withDefaults } from "./spec.js";

const LATE = "world/late_unmap.c";
const FREED = "the detach frees the table while TCEs are still mapped; the late unmap clears bits in its vfree'd map";
const WAITED = "the patch's wait loop keeps the table until the last unmap";

export const lateUnmap: ScenarioSpec = {
  name: "late-unmap",
  purpose: "A driver maps buffers. The device is removed and the node that owns the DMA window is detached; some buffers are held and unmapped later.",
  source: LATE,
  parameters: withDefaults(),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
    "6.12": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
  },
};

const quietRemove: ScenarioSpec = {
  name: "quiet-remove",
  purpose: "All buffers are unmapped before the device is removed.",
  source: LATE,
  parameters: withDefaults({ late: "0" }),
  expected: {
    "6.1": { tree: "clean", mail: "clean", why: "the table is empty when it is freed" },
    "6.12": { tree: "clean", mail: "clean", why: "the table is empty when it is freed" },
  },
};

/** A page of the pool is 64 KiB, and the machine has 64 MiB for everything. */
const POOL_BUFFERS = 384;

export const pagePool: ScenarioSpec = {
  name: "page-pool",
  purpose: "The driver takes receive pages from the tree's page pool and destroys the pool on removal while the network stack still holds some pages.",
  source: "world/page_pool.c",
  treeFiles: pagePoolFiles,
  parameters: withDefaults({}, POOL_BUFFERS),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `this pool unmaps a page when it is returned: ${FREED}; ${WAITED}` },
    "6.12": { tree: "clean", mail: "clean", why: "this pool tracks its mapped pages and unmaps them all when it is destroyed" },
  },
};

const pagePoolStalled: ScenarioSpec = {
  ...pagePool,
  name: "page-pool-stalled",
  purpose: "Like page-pool, but the network stack holds the pages for 135 s, longer than a 120 s wait loop.",
  parameters: withDefaults({ hold: "135s" }, POOL_BUFFERS),
  expected: {
    "6.1": { tree: "oops", mail: "oops", why: "the patch's wait loop gives up after 120 s and frees the table anyway" },
    "6.12": { tree: "clean", mail: "clean", why: "nothing is mapped at the detach; the pool only reports that it is stalled" },
  },
};

const lpmFailover: ScenarioSpec = {
  ...pagePool,
  name: "lpm-failover",
  purpose:
    "Live partition migration: the bond fails over to virtual Ethernet, the SR-IOV function with a page pool is removed, memory is copied, and a function is added at the destination.",
  source: "world/lpm_failover.c",
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `the pages outlive the function: ${FREED}; ${WAITED}` },
    "6.12": { tree: "clean", mail: "clean", why: "the pool unmapped its pages when the function was closed" },
  },
};

const defaultWindow: ScenarioSpec = {
  name: "default-window",
  purpose: "Like late-unmap, but with only the 32-bit default window: the firmware offers no dynamic windows.",
  source: LATE,
  parameters: withDefaults({ window: "default" }),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `${FREED}; the window itself still exists, so no hypercall fails; ${WAITED}` },
    "6.12": { tree: "oops", mail: "clean", why: `${FREED}; the window itself still exists, so no hypercall fails; ${WAITED}` },
  },
};

const ddwBesideDefault: ScenarioSpec = {
  name: "ddw-beside-default",
  purpose: "Like late-unmap, with a dynamic window in tables[1] next to the default window.",
  source: LATE,
  parameters: withDefaults({ window: "beside" }),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
    "6.12": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
  },
};

const directMapped: ScenarioSpec = {
  name: "direct-mapped",
  purpose: "Like late-unmap, with a direct-mapped dynamic window: all RAM is mapped once.",
  source: LATE,
  parameters: withDefaults({ window: "direct" }),
  expected: {
    "6.1": { tree: "clean", mail: "clean", why: "an unmap touches neither TCEs nor a table" },
    "6.12": { tree: "clean", mail: "clean", why: "an unmap touches neither TCEs nor a table" },
  },
};

const mapDuringWait: ScenarioSpec = {
  name: "map-during-wait",
  purpose: "A second user of the device keeps mapping and unmapping while the window's node is being detached.",
  source: "world/map_during_wait.c",
  parameters: withDefaults(),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `the second user allocates from the freed table; ${WAITED} and also waits for buffers mapped in the meantime` },
    "6.12": { tree: "oops", mail: "clean", why: `the second user allocates from the freed table; ${WAITED} and also waits for buffers mapped in the meantime` },
  },
};

const twoRemovals: ScenarioSpec = {
  name: "two-removals",
  purpose: "Two slots, each with its own window, are removed at the same time on two CPUs.",
  source: "world/two_removals.c",
  parameters: withDefaults(),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `for each slot: ${FREED}; ${WAITED}, and one wait does not delay the other` },
    "6.12": { tree: "oops", mail: "clean", why: `for each slot: ${FREED}; ${WAITED}, and one wait does not delay the other` },
  },
};

const removeThenAdd: ScenarioSpec = {
  name: "remove-then-add",
  purpose: "The slot is added again, with the same LIOBN, one second after its removal.",
  source: "world/remove_then_add.c",
  parameters: withDefaults(),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `${FREED}, after it has cleared TCEs of the new window; ${WAITED}, so the slot is added after it` },
    "6.12": { tree: "oops", mail: "clean", why: `${FREED}, after it has cleared TCEs of the new window; ${WAITED}, so the slot is added after it` },
  },
};

const hcallFailure: ScenarioSpec = {
  name: "hcall-failure",
  purpose: "A hypercall that sets TCEs fails for lack of resources while the driver maps its buffers.",
  source: LATE,
  parameters: withDefaults({ late: "0", failcall: "5" }),
  expected: {
    "6.1": { tree: "clean", mail: "clean", why: "the mapping fails, its entries are released, and the driver continues without the buffer" },
    "6.12": { tree: "clean", mail: "clean", why: "the mapping fails, its entries are released, and the driver continues without the buffer" },
  },
};

const noMemory: ScenarioSpec = {
  name: "no-memory",
  purpose: "An allocation fails while the driver starts; on the tested trees it is the dynamic window's allocation map.",
  source: LATE,
  parameters: withDefaults({ late: "0", failalloc: "6" }),
  expected: {
    "6.1": { tree: "oops", mail: "oops", why: "enable_ddw() ignores the return value of iommu_init_table(): the table is used without a map" },
    "6.12": { tree: "oops", mail: "oops", why: "enable_ddw() ignores the return value of iommu_init_table(): the table is used without a map" },
  },
};

const heavyIo: ScenarioSpec = {
  name: "heavy-io",
  purpose: "One queue per CPU maps and unmaps buffers of many sizes as fast as it can; then the device is removed as in late-unmap.",
  source: "world/heavy_io.c",
  parameters: withDefaults({ cpus: "4" }),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
    "6.12": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
  },
};

const memoryHotplug: ScenarioSpec = {
  name: "memory-hotplug",
  purpose: "With a window that maps all RAM, memory is added and removed, then the device is removed.",
  source: "world/memory_hotplug.c",
  parameters: withDefaults({ window: "direct" }),
  expected: {
    "6.1": { tree: "clean", mail: "clean", why: "the tree's memory notifier sets and clears the block's TCEs; an unmap touches none" },
    "6.12": { tree: "clean", mail: "clean", why: "the tree's memory notifier sets and clears the block's TCEs; an unmap touches none" },
  },
};

const vfioHoldsTable: ScenarioSpec = {
  name: "vfio-holds-table",
  purpose: "A VFIO container holds a second reference to the table and drops it one second after the late buffers are unmapped.",
  source: "world/vfio_holds_table.c",
  parameters: withDefaults(),
  expected: {
    "6.1": {
      tree: "warning",
      mail: "warning",
      why: "the reference keeps the table alive with and without the patch; the detach removes the window, so the late hypercall fails",
    },
    "6.12": {
      tree: "warning",
      mail: "warning",
      why: "the reference keeps the table alive with and without the patch; the detach removes the window, so the late hypercall fails",
    },
  },
};

const vfioTakesGroup: ScenarioSpec = {
  name: "vfio-takes-group",
  purpose: "The driver is unbound while buffers are held, and VFIO takes the group; VFIO releases it one second after the hold, then the slot is removed.",
  source: "world/vfio_takes_group.c",
  parameters: withDefaults(),
  expected: {
    "6.1": { tree: "clean", mail: "clean", why: "VFIO cannot take the group while the table's map is in use" },
    "6.12": {
      tree: "clean",
      mail: "warning",
      why: "taking the group removes the window and frees the table, and a late unmap finds the device without a table; the patch waits between the two, holding dma_win_init_mutex, so late unmaps issue hypercalls for a window that no longer exists",
    },
  },
};

export const scenarios: readonly ScenarioSpec[] = [
  lateUnmap,
  quietRemove,
  pagePool,
  pagePoolStalled,
  lpmFailover,
  defaultWindow,
  ddwBesideDefault,
  directMapped,
  mapDuringWait,
  twoRemovals,
  removeThenAdd,
  hcallFailure,
  noMemory,
  heavyIo,
  memoryHotplug,
  vfioHoldsTable,
  vfioTakesGroup,
];
