// The built-in scenarios, one file each: a removal of a device under circumstances known from the mail's discussion or from
// a system in the field. Each spec says what is expected of known trees and why; tests run them all.
// To add a scenario, copy a file of this folder and add it to the list. New actors go into a C file of engine/world.

import { ddwBesideDefault } from "./ddw-beside-default.js";
import { defaultWindow } from "./default-window.js";
import { directMapped } from "./direct-mapped.js";
import { hcallFailure } from "./hcall-failure.js";
import { heavyIo } from "./heavy-io.js";
import { lateUnmap } from "./late-unmap.js";
import { lpmFailover } from "./lpm-failover.js";
import { mapDuringWait } from "./map-during-wait.js";
import { memoryHotplug } from "./memory-hotplug.js";
import { noMemory } from "./no-memory.js";
import { pagePool } from "./page-pool.js";
import { pagePoolStalled } from "./page-pool-stalled.js";
import { quietRemove } from "./quiet-remove.js";
import { removeThenAdd } from "./remove-then-add.js";
import { twoRemovals } from "./two-removals.js";
import { vfioHoldsTable } from "./vfio-holds-table.js";
import { vfioTakesGroup } from "./vfio-takes-group.js";
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
