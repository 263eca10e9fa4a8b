/* SPDX-License-Identifier: MIT */
/*
 * `current`, the paca in register 13 and the per-CPU offsets, which the tree reads in assembly. Each simulated thread has a
 * task_struct, allocated on first use; scheduling itself is the machine's.
 */

static struct svc_thread svc_threads[SVC_THREADS];
static struct paca_struct svc_pacas[NR_CPUS];

unsigned long __per_cpu_offset[NR_CPUS];
unsigned int nr_cpu_ids = NR_CPUS;
struct cpumask __cpu_possible_mask, __cpu_online_mask, __cpu_present_mask, __cpu_active_mask;
atomic_t __num_online_cpus = ATOMIC_INIT(1);
enum system_states system_state = SYSTEM_RUNNING;
nodemask_t node_states[NR_NODE_STATES];
DEFINE_PER_CPU(int, numa_node);
#ifdef CONFIG_HAVE_MEMORYLESS_NODES
DEFINE_PER_CPU(int, _numa_mem_);
#endif
int nr_threads;

/* Bounds of the per-CPU variables, as the linker sets them. CPU 0 works on the image itself. */
extern char __per_cpu_start[], __per_cpu_end[];

static void svc_name_task(struct task_struct *task, const char *name)
{
	unsigned int i;

	for (i = 0; i + 1 < sizeof(task->comm) && name[i]; i++)
		task->comm[i] = name[i];
}

static struct task_struct *svc_task(int id, const char *name)
{
	struct svc_thread *t = &svc_threads[id < SVC_THREADS ? id : 0];

	if (!t->task) {
		t->task = __tcs_alloc(sizeof(struct task_struct), 128, TCS_PRIVATE);
		t->task->pid = id;
		t->task->tgid = id;
		svc_name_task(t->task, name);
	}
	return t->task;
}

struct svc_thread *svc_self(void)
{
	int id = __tcs_self();

	return &svc_threads[id < SVC_THREADS ? id : 0];
}

int svc_thread(const char *name, void (*fn)(void *), void *arg, int cpu, int daemon)
{
	int id = __tcs_thread(name, fn, arg, cpu, daemon);

	svc_task(id, name);
	return id;
}

struct task_struct *PROVIDE(get_current)(void)
{
	return svc_task(__tcs_self(), "swapper/0");
}

/* The compiler reads the register variable `local_paca` through this. */
struct paca_struct *__tcs_reg_r13(void)
{
	int cpu = __tcs_cpu();
	struct paca_struct *paca = &svc_pacas[cpu];

	paca->paca_index = cpu;
	paca->hw_cpu_id = cpu;
	paca->data_offset = __per_cpu_offset[cpu];
	return paca;
}

/* Called once, before all else: sets up the CPUs, one node, and a copy of the per-CPU variables for each further CPU. */
void svc_setup_cpus(void)
{
	unsigned long size = __per_cpu_end - __per_cpu_start, i;
	int cpu, n = __tcs_ncpus();

	for (cpu = 0; cpu < n && cpu < NR_CPUS; cpu++) {
		__cpu_possible_mask.bits[0] |= 1UL << cpu;
		__cpu_online_mask.bits[0] |= 1UL << cpu;
		__cpu_present_mask.bits[0] |= 1UL << cpu;
		__cpu_active_mask.bits[0] |= 1UL << cpu;
		if (cpu && size) {
			char *copy = __tcs_alloc(size, 128, TCS_PRIVATE);

			for (i = 0; i < size; i++)
				copy[i] = __per_cpu_start[i];
			__per_cpu_offset[cpu] = (unsigned long)copy - (unsigned long)__per_cpu_start;
		}
	}
	nr_cpu_ids = n;
	__num_online_cpus.counter = n;
	for (i = 0; i < NR_NODE_STATES; i++)
		node_states[i].bits[0] = 1;
}
