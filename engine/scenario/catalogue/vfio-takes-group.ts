import { type ScenarioSpec, withDefaults } from "./spec.js";

export const vfioTakesGroup: ScenarioSpec = {
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
