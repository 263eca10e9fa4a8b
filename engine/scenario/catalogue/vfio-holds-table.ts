import { type ScenarioSpec, withDefaults } from "./spec.js";

export const vfioHoldsTable: ScenarioSpec = {
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
