/* SPDX-License-Identifier: MIT */
/*
 * The cache from which the tree's lib/xarray.c allocates nodes; in the kernel it belongs to lib/radix-tree.c, whose trees
 * and per-CPU reserves are not used here. Included by the scenarios that compile lib/xarray.c.
 */
#include <linux/radix-tree.h>
#include <linux/xarray.h>

static void radix_tree_node_ctor(void *p)
{
	struct xa_node *node = p;

	INIT_LIST_HEAD(&node->private_list);
}

static struct kmem_cache svc_node_cache = {
	.size = sizeof(struct xa_node),
	.name = "radix_tree_node",
	.ctor = radix_tree_node_ctor,
};

struct kmem_cache *radix_tree_node_cachep = &svc_node_cache;

void PROVIDE(radix_tree_node_rcu_free)(struct rcu_head *head)
{
	PROVIDE(kfree)(container_of(head, struct xa_node, rcu_head));
}
