// The built-in scenarios, one file each: a removal of a device under circumstances known from the mail's discussion or from
// a system in the field. Each spec says what is expected of known trees and why; tests run them all.
// To add a scenario: copy a file of catalogue/, add it to the list, and put its actors into a C file of engine/world.

import { ddwBesideDefault } from "./catalogue/ddw-beside-default.js";
import { defaultWindow } from "./catalogue/default-window.js";
import { directMapped } from "./catalogue/direct-mapped.js";
import { hcallFailure } from "./catalogue/hcall-failure.js";
import { heavyIo } from "./catalogue/heavy-io.js";
import { lateUnmap } from "./catalogue/late-unmap.js";
import { lpmFailover } from "./catalogue/lpm-failover.js";
import { mapDuringWait } from "./catalogue/map-during-wait.js";
import { memoryHotplug } from "./catalogue/memory-hotplug.js";
import { noMemory } from "./catalogue/no-memory.js";
import { pagePool } from "./catalogue/page-pool.js";
import { pagePoolStalled } from "./catalogue/page-pool-stalled.js";
import { quietRemove } from "./catalogue/quiet-remove.js";
import { removeThenAdd } from "./catalogue/remove-then-add.js";
import { twoRemovals } from "./catalogue/two-removals.js";
import { vfioHoldsTable } from "./catalogue/vfio-holds-table.js";
import { vfioTakesGroup } from "./catalogue/vfio-takes-group.js";
import type { ScenarioSpec } from "./spec.js";

/** In the order in which hosts list them. */
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
