/* SPDX-License-Identifier: MIT */
/*
 * Leaks at the end of a run: TCEs in a window of the slot, references to its nodes, and memory of the tree that nothing
 * points to. Checked only if the scenario returns every buffer and the slot was removed. A removed window has no TCEs
 * left.
 */

/* A node must have the references that it had before the tree's code used it. */
static void slot_refs(const struct device_node *np, int refs)
{
	int now = kref_read(&np->kobj.kref);
	char text[160];

	if (now == refs)
		return;
	svc_snprintf(text, sizeof(text), now > refs ? "%d references to the node %s were never dropped" : "%d references too many to the node %s were dropped",
		     now > refs ? now - refs : refs - now, np->full_name);
	__tcs_finding(now > refs ? TCS_LEAK : TCS_REFCOUNT, text);
}

/* Called by the machine when no thread can run any more and none has died. */
void tcs_end(void)
{
	unsigned long tces;
	int i, removed = 0;
	char text[120];
	u32 liobn;

	if (__tcs_param("hold", 3000000000UL) == TCS_NEVER || hold_kind() == HOLD_UNBOUNDED)
		return;
	for (i = 0; i < WORLD_SLOTS; i++) {
		if (slots[i].live)
			return;
		removed += slots[i].removed;
	}
	for (i = 0; i < WORLD_SLOTS; i++) {
		if (!slots[i].removed)
			continue;
		tces = hv_mapped(slots[i].unit, &liobn);
		if (!tces)
			continue;
		svc_snprintf(text, sizeof(text), "%lu TCEs are still valid in the window with LIOBN 0x%x, though all buffers came back", tces, liobn);
		__tcs_finding(TCS_LEAK, text);
	}
	for (i = 0; i < WORLD_SLOTS; i++) {
		if (!slots[i].removed)
			continue;
		slot_refs(slots[i].phb_node, slots[i].phb_refs);
		slot_refs(slots[i].dev_node, slots[i].dev_refs);
	}
	if (removed)
		__tcs_leaks(slots, sizeof(slots), 0);
}
