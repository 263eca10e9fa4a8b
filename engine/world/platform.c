/* SPDX-License-Identifier: MIT */
/*
 * The parts of a pseries partition that DMA needs: device tree, one host bridge with one device, and what the PCI code does
 * with them at boot. The order of calls into the tree is that of pcibios_init(); the tree's IOMMU code does the rest.
 */

struct world_slot slots[WORLD_SLOTS];
int world_probing, world_detaching;

unsigned long powerpc_firmware_features;
struct machdep_calls *machine_id;
LIST_HEAD(hose_list);
struct cpu_spec *cur_cpu_spec;
struct kobject *firmware_kobj;

define_machine(pseries) {
	.name = "pSeries",
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
const
#endif
struct bus_type pci_bus_type = {
	.name = "pci",
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
extern struct iommu_group *pSeries_pci_device_group(struct pci_controller *hose, struct pci_dev *pdev);
#endif
extern struct pci_controller_ops pseries_pci_controller_ops;
struct pci_controller_ops pseries_pci_controller_ops = {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
	.device_group = pSeries_pci_device_group,
#endif
};
extern void iommu_init_early_pSeries(void);

/*
 * Initcalls of the tree that boot runs before the PCI code, by file and name: static functions, reached by their names in the
 * linker. A tree that does not have one runs without it.
 */
#define TREE_INITCALL(file, fn) extern int tree_##fn(void) __asm__(#fn "@" file)
TREE_INITCALL("arch/powerpc/kernel/iommu.c", setup_iommu_pool_hash);

static const struct dma_map_ops *world_dma_ops;

void PROVIDE(set_pci_dma_ops)(const struct dma_map_ops *ops)
{
	world_dma_ops = ops;
}

int PROVIDE(pci_domain_nr)(struct pci_bus *bus)
{
	return pci_bus_to_host(bus)->global_number;
}

void world_nap(unsigned long ns)
{
	int never_woken; /* separate for each sleeper: sleepers are independent */

	svc_wait(&never_woken, __tcs_now() + ns, 0);
}

/* ---- device tree: as boot leaves it, in memory of no allocator, which is never freed ----------------------------- */

#define FDT_SIZE 8192

static __be32 *fdt; /* the flattened tree: consecutive values of properties, each after its header */
static unsigned int fdt_cells;

static struct device_node *node_new(struct device_node *parent, const char *full_name)
{
	struct device_node *np = __tcs_alloc(sizeof(*np), 8, TCS_PRIVATE);

	np->full_name = full_name;
	np->parent = parent;
	of_node_init(np);
	return np;
}

static void node_property(struct device_node *np, const char *name, const void *value, int length)
{
	struct property *prop = __tcs_alloc(sizeof(*prop), 8, TCS_PRIVATE), **tail = &np->properties;

	fdt[fdt_cells++] = cpu_to_be32(3); /* FDT_PROP, length, offset of the name */
	fdt[fdt_cells++] = cpu_to_be32(length);
	fdt[fdt_cells++] = 0;
	prop->name = (char *)name;
	prop->value = &fdt[fdt_cells];
	prop->length = length;
	memcpy(prop->value, value, length);
	fdt_cells += (length + 3) / 4;
	while (*tail)
		tail = &(*tail)->next;
	*tail = prop;
}

static void node_string(struct device_node *np, const char *name, const char *value)
{
	node_property(np, name, value, strlen(value) + 1);
}

static void node_cells(struct device_node *np, const char *name, const u32 *cells, int n)
{
	__be32 value[8];
	int i;

	for (i = 0; i < n && i < 8; i++)
		value[i] = cpu_to_be32(cells[i]);
	node_property(np, name, value, n * sizeof(u32));
}

#define NODE_CELLS(np, name, ...) node_cells(np, name, (const u32[]){ __VA_ARGS__ }, sizeof((const u32[]){ __VA_ARGS__ }) / sizeof(u32))

static void device_tree_setup(void)
{
	struct device_node *root, *np;

	fdt = __tcs_alloc(FDT_SIZE, 8, TCS_PRIVATE);
	root = node_new(NULL, "/");
	NODE_CELLS(root, "#address-cells", 2);
	NODE_CELLS(root, "#size-cells", 2);
	node_string(root, "device_type", "chrp");
	of_node_set_flag(root, OF_POPULATED_BUS);
	root->name = "";
	of_root = root;

	np = node_new(root, "chosen");
	node_string(np, "name", "chosen");
	of_attach_node(np);
	of_chosen = np;

	if (__tcs_param("window", WORLD_WINDOW_DYNAMIC) == WORLD_WINDOW_HYBRID) {
		np = node_new(root, "ibm,persistent-memory");
		node_string(np, "name", "ibm,persistent-memory");
		of_attach_node(np);
		np = node_new(np, "ibm,pmemory@44100001");
		node_string(np, "name", "ibm,pmemory");
		node_string(np, "device_type", "ibm,pmemory");
		of_attach_node(np);
	}

	np = node_new(root, "memory@0");
	node_string(np, "name", "memory");
	node_string(np, "device_type", "memory");
	NODE_CELLS(np, "reg", 0, 0, 0, 0x40000000);
	of_attach_node(np);

}

/* Properties of the node that owns the windows (LoPAR 2.9, B.5.5, B.5.5.1.1.1, B.5.5.1.1.2; extensions 7.3.27.4). */
static void window_properties(struct device_node *np, const struct world_slot *slot)
{
	NODE_CELLS(np, "ibm,#dma-address-cells", 2);
	NODE_CELLS(np, "ibm,#dma-size-cells", 2);
	NODE_CELLS(np, "ibm,dma-window", hv_default_liobn(slot->unit), 0, 0, 0, (u32)WORLD_DEFAULT_SIZE);
	if (__tcs_param("window", WORLD_WINDOW_DYNAMIC) == WORLD_WINDOW_DEFAULT)
		return;
	NODE_CELLS(np, "ibm,ddw-applicable", WORLD_RTAS_QUERY, WORLD_RTAS_CREATE, WORLD_RTAS_REMOVE);
	/* Two extensions: the token that resets the windows, and whether a query has six outputs. */
	if (__tcs_param("queryouts", 6) == 6)
		NODE_CELLS(np, "ibm,ddw-extensions", 2, WORLD_RTAS_RESET, 1);
	else
		NODE_CELLS(np, "ibm,ddw-extensions", 1, WORLD_RTAS_RESET);
}

/* The nodes of a slot: host bridge, optionally a bridge, and function. */
static void slot_nodes(struct world_slot *slot)
{
	static const char *const names[WORLD_SLOTS] = { "pci@800000020000001", "pci@800000020000002" };
	struct device_node *np = node_new(of_root, names[slot->unit]);
	int parent = __tcs_param("windownode", WORLD_NODE_PHB) == WORLD_NODE_PARENT;

	node_string(np, "name", "pci");
	node_string(np, "device_type", "pci");
	node_string(np, "compatible", "IBM,Logical_PHB");
	NODE_CELLS(np, "#address-cells", 3);
	NODE_CELLS(np, "#size-cells", 2);
	NODE_CELLS(np, "reg", 0x8000000, 0x20000001 + slot->unit, 0, 0);
	NODE_CELLS(np, "bus-range", 0, 0xff);
	if (!parent)
		window_properties(np, slot);
	of_attach_node(np);
	slot->phb_node = np;
	slot->window_node = np;
	slot->bridge_node = NULL;

	if (parent) {
		np = node_new(slot->phb_node, "pci@0");
		node_string(np, "name", "pci");
		node_string(np, "device_type", "pci");
		NODE_CELLS(np, "reg", 0, 0, 0, 0, 0);
		NODE_CELLS(np, "bus-range", 1, 1);
		window_properties(np, slot);
		of_attach_node(np);
		slot->bridge_node = np;
		slot->window_node = np;
	}

	np = node_new(slot->window_node, "ethernet@0");
	node_string(np, "name", "ethernet");
	node_string(np, "device_type", "network");
	NODE_CELLS(np, "reg", 0, 0, 0, 0, 0);
	of_attach_node(np);
	slot->dev_node = np;
}

/* ---- PCI: host bridge, root bus, one function -------------------------------------------------------------------- */

#define WORLD_BUID 0x800000020000001UL

static void dn_setup(struct pci_dn *dn, struct pci_dn *parent, struct device_node *np)
{
	dn->phb = parent->phb;
	dn->parent = parent;
	INIT_LIST_HEAD(&dn->child_list);
	list_add_tail(&dn->list, &parent->child_list);
	np->data = dn;
}

static void bus_setup(struct pci_bus *bus, struct pci_controller *phb, struct device_node *np)
{
	bus->sysdata = phb;
	bus->dev.of_node = np;
	INIT_LIST_HEAD(&bus->devices);
	INIT_LIST_HEAD(&bus->children);
}

static void host_bridge_setup(struct world_slot *slot)
{
	struct pci_controller *phb = &slot->phb;

	phb->bus = slot->bridge_node ? &slot->root : &slot->bus;
	phb->dn = slot->phb_node;
	phb->global_number = slot->unit + 1;
	phb->buid = WORLD_BUID + slot->unit;
	phb->last_busno = 0xff;
	INIT_LIST_HEAD(&phb->list_node);
	list_add_tail(&phb->list_node, &hose_list);
	/* Memory of the bridge: below 4 GiB on the bus, far above any DMA address in the partition's own space. */
	phb->mem_resources[0].start = 0x200100000000UL;
	phb->mem_resources[0].end = 0x20017fffffffUL;
	phb->mem_resources[0].flags = IORESOURCE_MEM;
	phb->controller_ops = pseries_pci_controller_ops;

	slot->phb_dn.phb = phb;
	INIT_LIST_HEAD(&slot->phb_dn.child_list);
	INIT_LIST_HEAD(&slot->phb_dn.list);
	slot->phb_node->data = &slot->phb_dn;
	phb->pci_data = &slot->phb_dn;

	if (slot->bridge_node) {
		dn_setup(&slot->bridge_dn, &slot->phb_dn, slot->bridge_node);
		dn_setup(&slot->dev_dn, &slot->bridge_dn, slot->dev_node);
		slot->dev_dn.busno = 1;
		slot->bus.number = 1;
		slot->bus.parent = &slot->root;
		bus_setup(&slot->root, phb, slot->phb_node);
	} else
		dn_setup(&slot->dev_dn, &slot->phb_dn, slot->dev_node);
	bus_setup(&slot->bus, phb, slot->window_node);
}

static struct kobj_type world_device_type;

static void device_setup(struct world_slot *slot)
{
	static const char *const names[WORLD_SLOTS] = { "0001:00:00.0", "0002:00:00.0" };
	struct pci_dev *pdev = kzalloc(sizeof(*pdev), GFP_KERNEL);

	kobject_init(&pdev->dev.kobj, &world_device_type);
	pdev->dev.init_name = names[slot->unit];
	pdev->dev.bus = &pci_bus_type;
	pdev->dev.of_node = of_node_get(slot->dev_node);
	pdev->dev.kobj.state_in_sysfs = 1; /* device_add() has run */
	pdev->dma_mask = 0xffffffff;
	pdev->dev.dma_mask = &pdev->dma_mask;
	pdev->dev.coherent_dma_mask = 0xffffffff;
	pdev->bus = &slot->bus;
	pdev->sysdata = &slot->phb;
	slot->pdev = pdev;
}

void slot_add(struct world_slot *slot, unsigned int unit)
{
	struct pci_controller_ops *ops = &slot->phb.controller_ops;

	slot->unit = unit;
	slot->live = 1;
	hv_slot_reset(unit);
	slot_nodes(slot);
	host_bridge_setup(slot);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
	ppc_iommu_register_device(&slot->phb);
#endif
	device_setup(slot);
	slot->phb_refs = kref_read(&slot->phb_node->kobj.kref);
	slot->dev_refs = kref_read(&slot->dev_node->kobj.kref);
	/* If a bridge owns the windows, the host bridge's own bus has no device, and the tree's setup would miss a window there. */
	if (ops->dma_bus_setup)
		ops->dma_bus_setup(&slot->bus);
	set_dma_ops(&slot->pdev->dev, world_dma_ops);
	if (ops->dma_dev_setup)
		ops->dma_dev_setup(slot->pdev);
}

struct page *world_pmem_page(unsigned int i)
{
	return svc_pmem_page(i);
}

struct world_slot *slot_of_buid(u64 buid)
{
	int i;

	for (i = 0; i < WORLD_SLOTS; i++)
		if (slots[i].live && slots[i].phb.buid == buid)
			return &slots[i];
	return NULL;
}

void platform_setup(unsigned int n)
{
	unsigned int i;

	powerpc_firmware_features = FW_FEATURE_LPAR;
	if (!__tcs_param("multitce", 0)) /* the index of "on" */
		powerpc_firmware_features |= FW_FEATURE_PUT_TCE_IND | FW_FEATURE_STUFF_TCE;
	machine_id = &mach_pseries;
	device_tree_setup();
	iommu_init_early_pSeries();
	tree_setup_iommu_pool_hash();
	for (i = 0; i < n; i++)
		slot_add(&slots[i], i);
}

void world_fail_allocation(void)
{
	/* Indexed by the parameter "choose": none, allocations, hypercalls, rtas, all. */
	static const unsigned int kinds[] = { 0, SVC_FAIL_ALLOCATION, SVC_FAIL_HYPERCALL, SVC_FAIL_RTAS,
					      SVC_FAIL_ALLOCATION | SVC_FAIL_HYPERCALL | SVC_FAIL_RTAS };

	world_probing = 1;
	svc_fail_in = __tcs_param("failalloc", 0);
	svc_may_fail = kinds[__tcs_param("choose", 0) % 5];
}

/* Bits set in the map of the device's table. Read only while the table lives: counting must not be a use after free. */
static unsigned long table_bits(const struct world_slot *slot)
{
	struct iommu_table *tbl = slot->pdev ? slot->pdev->dev.archdata.iommu_table_base : NULL;
	unsigned long bits = 0, words, i;

	if (!tbl || !__tcs_size(tbl) || !tbl->it_map || !__tcs_size(tbl->it_map))
		return 0;
	words = BITS_TO_LONGS(tbl->it_size);
	for (i = 0; i < words; i++)
		bits += __builtin_popcountl(tbl->it_map[i]);
	return bits;
}

void platform_count(void)
{
	unsigned long bits = 0, n;
	int i;

	for (i = 0; i < WORLD_SLOTS; i++) {
		n = table_bits(&slots[i]);
		bits += n > slots[i].reserved ? n - slots[i].reserved : 0;
	}
	__tcs_event(TCS_EV_BITS, bits, 0, 0, 0, 0);
}

void platform_count_from_here(struct world_slot *slot)
{
	slot->reserved = table_bits(slot);
	platform_count();
}
