/* SPDX-License-Identifier: MIT */
/*
 * The machine's interface to our own C (engine/kernel, engine/world). Everything else is plain C on the simulated memory,
 * so that a snapshot of that memory is a snapshot of the services (rule 8 of docs/DESIGN.md).
 */
#ifndef TCS_H
#define TCS_H

/*
 * PROVIDE(name) defines a service that replaces the tree's function `name`, which is implemented in assembly or belongs to
 * a subsystem that does not matter for the review. Calls to `name` reach the service, even where the tree has a static
 * inline of that name.
 */
#define PROVIDE(name) __tcs_provide_##name

/* ---- threads and time ------------------------------------------------------------------------------------- */

/* Creates a runnable thread on `cpu`; returns its id (>= 1). A daemon may be blocked when the run ends. */
int __tcs_thread(const char *name, void (*fn)(void *), void *arg, int cpu, int daemon);
int __tcs_self(void); /* id of the running thread; 0 before the first */
int __tcs_cpu(void);  /* the CPU it runs on */
int __tcs_ncpus(void);

/*
 * Blocks until __tcs_wake(key) or virtual time `deadline` (ns, TCS_NEVER for none); returns 0 when woken, 1 at the
 * deadline. With `spin` the thread keeps its CPU (a spinlock); else the CPU runs other threads meanwhile.
 */
#define TCS_NEVER 0xffffffffffffffffUL
int __tcs_wait(const void *key, unsigned long deadline, int spin);
void __tcs_wake(const void *key, int count); /* count < 0: all */
void __tcs_yield(void);

/* A visible operation: another thread may run before it. Service code has no other switch points. */
#define TCS_READ 0
#define TCS_WRITE 1
#define TCS_ATOMIC 2
#define TCS_LOCK 3
#define TCS_UNLOCK 4
#define TCS_TRYLOCK 5 /* like TCS_LOCK, without waiting */
void __tcs_visible(const volatile void *addr, unsigned long size, int kind);

unsigned long __tcs_now(void);          /* virtual time in ns since boot */
void __tcs_spend(unsigned long ns);     /* nominal cost of the preceding work */

/* ---- memory ------------------------------------------------------------------------------------------------- */

#define TCS_SLAB 0    /* kmalloc: an access after the free is silent on a production kernel */
#define TCS_VMALLOC 1 /* vmalloc: an access after the free is an oops */
#define TCS_PAGES 2   /* page allocator */
#define TCS_PRIVATE 3 /* the world's own memory: no object of the kernel */
/* Zeroed memory, or NULL. Freed memory is never handed out again within a run. */
void *__tcs_alloc(unsigned long size, unsigned long align, int kind);
void __tcs_free(const void *p, int kind); /* double and invalid frees are findings */
unsigned long __tcs_size(const void *p);  /* requested size of the live object at p; 0 if none */

/* ---- log and findings ---------------------------------------------------------------------------------------- */

void __tcs_log(int level, const char *text, unsigned long len); /* one or more lines of dmesg, without time stamps */
void __tcs_dump_stack(void);                                    /* "CPU: .. Comm: .. / Call Trace:" of this thread */
#define TCS_BUG 0      /* ends the thread, as an oops does */
#define TCS_WARN 1
#define TCS_PANIC 2    /* ends the run */
#define TCS_HCALL 3    /* a hypercall or RTAS call failed on a path that does not expect it */
#define TCS_REFCOUNT 4
#define TCS_LOCKING 5
#define TCS_LEAK 6
void __tcs_finding(int kind, const char *text);
/*
 * Finds memory of the tree that is no longer reachable, as kmemleak does; each such object is a finding. Pointers in the
 * `size` bytes at `skip` do not count: the world's records of removed devices. Called in tcs_end(), which the machine calls
 * on its own stack when no thread can run any more. With `before`, objects that are lost already are only recorded: what
 * follows did not cause these leaks, and they are reported separately from the findings.
 */
void __tcs_leaks(const void *skip, unsigned long size, int before);

/*
 * Writes the name of the function at `addr`, at most size - 1 characters; with `whole` as name+0x0/0xSIZE, as in a call
 * trace. Returns its length; 0 if there is no such function.
 */
unsigned long __tcs_symbol(const void *addr, char *buf, unsigned long size, int whole);

/* ---- events for the timeline ----------------------------------------------------------------------------------- */

#define TCS_EV_HCALL 0  /* a: opcode, b: LIOBN, c: first TCE index, d: number of TCEs, rc: return code */
#define TCS_EV_RTAS 1   /* a: token, b: LIOBN or 0, rc */
#define TCS_EV_MAP 2    /* driver mapped buffer a at DMA address b */
#define TCS_EV_UNMAP 3  /* buffer a is about to be unmapped, DMA address b */
#define TCS_EV_UNMAPPED 4
#define TCS_EV_DETACH_START 5
#define TCS_EV_DETACH_END 6
#define TCS_EV_MAPPED 7 /* a: TCEs mapped in the hypervisor's table of the device's window */
#define TCS_EV_BITS 8   /* a: bits set in the allocation map of the device's table */
void __tcs_event(int kind, unsigned long a, unsigned long b, unsigned long c, unsigned long d, long rc);
/* Begins or ends a named span in this thread's lane of the timeline ("DLPAR: detach node"). */
void __tcs_phase(const char *name, int begin);

/* ---- parameters and decisions ----------------------------------------------------------------------------------- */

/* A scenario parameter as a number (times in ns; TCS_NEVER for "never"), or `dflt` if the scenario has none. */
unsigned long __tcs_param(const char *name, unsigned long dflt);
/* A decision 0 .. n-1 from the run's decision source; 0 unless a search chooses otherwise. */
unsigned long __tcs_choose(const char *what, unsigned long n);

#endif
