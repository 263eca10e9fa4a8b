// Every class of bug that a run can detect: a few lines of C on the detach path of a real tree, and a correct twin without
// findings. The table in docs/SEARCH.md names these tests.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { withEdit, KERNEL, runReview, openTree } from "./trees.js";

const INSERT_BEFORE = "\t/* verify that table contains no entries */\n";
const HEADERS = ["delay", "completion", "kthread", "mutex", "refcount", "rwlock", "workqueue", "slab", "vmalloc"]
  .map((h) => `#include <linux/${h}.h>\n`)
  .join("");

/**
 * Runs with `code` where the dynamic window's table is freed, without late unmaps.
 * `file`: declarations at file scope; `setup`: code where a table is set up.
 */
async function withCode(tree: SourceTree, code: string, file: string, setup = ""): Promise<VariantResult> {
  const changed = withEdit(tree, KERNEL, (text) =>
    text
      .replace("\tBUG_ON(!tbl->it_ops);\n", `\tBUG_ON(!tbl->it_ops);\n${setup}`)
      .replace("struct iommu_table *iommu_init_table(", `static struct device_node *test_node;\nstruct iommu_table *iommu_init_table(`)
      .replace(INSERT_BEFORE, `\tif (tbl->it_index == 0x70000016) {\n${code}\n\t}\n${INSERT_BEFORE}`)
      .replace("static void iommu_table_free(", `${file}\nstatic void iommu_table_free(`)
      .replace("#include <linux/mm.h>\n", `#include <linux/mm.h>\n${HEADERS}`),
  );
  return (await runReview(changed, { set: { late: "0" } })).result.before;
}

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly message: RegExp;
  readonly buggy: string;
  readonly correct: string;
  readonly file?: string;
  readonly setup?: string;
}

const cases: readonly Case[] = [
  {
    name: "use after free of a slab object",
    kind: "use-after-free",
    message: /offset 8 of a freed 32-byte slab object/,
    buggy: `char *p = kmalloc(32, GFP_KERNEL); kfree(p); WRITE_ONCE(p[8], 1);`,
    correct: `char *p = kmalloc(32, GFP_KERNEL); WRITE_ONCE(p[8], 1); kfree(p);`,
  },
  {
    name: "use after free of a vmalloc area",
    kind: "use-after-free",
    message: /freed \d+-byte vmalloc area/,
    buggy: `char *p = vmalloc(100); vfree(p); WRITE_ONCE(p[8], 1);`,
    correct: `char *p = vmalloc(100); WRITE_ONCE(p[8], 1); vfree(p);`,
  },
  {
    name: "access past the end of a slab object",
    kind: "out-of-bounds",
    message: /past the end of a 20-byte slab object/,
    buggy: `char *p = kmalloc(20, GFP_KERNEL); WRITE_ONCE(p[20], 1); kfree(p);`,
    correct: `char *p = kmalloc(20, GFP_KERNEL); WRITE_ONCE(p[19], 1); kfree(p);`,
  },
  {
    name: "access past the end of a vmalloc area",
    kind: "out-of-bounds",
    message: /past the end of a 4096-byte vmalloc area/,
    buggy: `char *p = vmalloc(4096); WRITE_ONCE(p[4096], 1); vfree(p);`,
    correct: `char *p = vmalloc(4096); WRITE_ONCE(p[4095], 1); vfree(p);`,
  },
  {
    name: "access past the end of a global",
    kind: "out-of-bounds",
    message: /past the end of test_array/,
    file: `static int test_array[3];`,
    buggy: `WRITE_ONCE(*(test_array + 3), 1);`,
    correct: `WRITE_ONCE(*(test_array + 2), 1);`,
  },
  {
    name: "access past the end of an array on the stack",
    kind: "out-of-bounds",
    message: /0 bytes past the end of a on the stack of iommu_table_free/,
    file: `static noinline void test_put(int *p, int i) { WRITE_ONCE(p[i], 1); }`,
    buggy: `int a[3]; test_put(a, 3);`,
    correct: `int a[3]; test_put(a, 2);`,
  },
  {
    name: "access before a variable on the stack, through a pointer",
    kind: "out-of-bounds",
    message: /4 bytes before n on the stack of iommu_table_free/,
    file: `static noinline void test_put(int *p, int i) { WRITE_ONCE(p[i], 1); }`,
    buggy: `int n; test_put(&n, -1);`,
    correct: `int n; test_put(&n, 0);`,
  },
  {
    name: "access past the end of a local array of another thread that sleeps",
    kind: "out-of-bounds",
    message: /0 bytes past the end of box on the stack of iommu_table_free/,
    file: `struct test_box { struct work_struct work; struct completion done; int at; int a[3]; };
static void test_fn(struct work_struct *w) { struct test_box *b = container_of(w, struct test_box, work); WRITE_ONCE(b->a[b->at], 1); complete(&b->done); }`,
    buggy: `struct test_box box; box.at = 3; INIT_WORK_ONSTACK(&box.work, test_fn); init_completion(&box.done); schedule_work_on(1, &box.work); wait_for_completion(&box.done);`,
    correct: `struct test_box box; box.at = 2; INIT_WORK_ONSTACK(&box.work, test_fn); init_completion(&box.done); schedule_work_on(1, &box.work); wait_for_completion(&box.done);`,
  },
  {
    name: "access to the stack of a thread that has ended",
    kind: "use-after-free",
    message: /on the stack of a thread that has ended/,
    file: `static int test_kept, *test_at;
static int test_main(void *arg) { int n = 1; test_at = arg ? &n : &test_kept; WRITE_ONCE(*test_at, n); return 0; }`,
    buggy: `kthread_run(test_main, tbl, "test"); msleep(10); WRITE_ONCE(*test_at, 2);`,
    correct: `kthread_run(test_main, NULL, "test"); msleep(10); WRITE_ONCE(*test_at, 2);`,
  },
  {
    name: "double free",
    kind: "double-free",
    message: /Double free/,
    buggy: `char *p = kmalloc(8, GFP_KERNEL); kfree(p); kfree(p);`,
    correct: `char *p = kmalloc(8, GFP_KERNEL); kfree(p); p = NULL; kfree(p);`,
  },
  {
    name: "free with the wrong function",
    kind: "invalid-free",
    message: /wrong function/,
    buggy: `char *p = kmalloc(8, GFP_KERNEL); vfree(p);`,
    correct: `char *p = kmalloc(8, GFP_KERNEL); kvfree(p);`,
  },
  {
    name: "null pointer dereference",
    kind: "null-dereference",
    message: /null pointer/,
    buggy: `struct iommu_table *p = READ_ONCE(test_table); WRITE_ONCE(p->it_hint, 1);`,
    correct: `struct iommu_table *p = READ_ONCE(test_table); if (p) WRITE_ONCE(p->it_hint, 1);`,
    file: `static struct iommu_table *test_table;\n#define it_hint it_index`,
  },
  {
    name: "wild pointer dereference",
    kind: "wild-access",
    message: /outside kernel memory/,
    buggy: `WRITE_ONCE(*(int *)0x6b6b6b6b6b6b6b6bUL, 1);`,
    correct: `WRITE_ONCE(*(int *)&tbl->it_index, 0x70000016);`,
  },
  {
    name: "memory that is never freed",
    kind: "leak",
    message: /24-byte slab object allocated here is never freed/,
    buggy: `char *p = kmalloc(24, GFP_KERNEL); WRITE_ONCE(p[0], 1);`,
    correct: `test_kept = kmalloc(24, GFP_KERNEL); WRITE_ONCE(test_kept[0], 1);`,
    file: `static char *test_kept;`,
  },
  {
    name: "reference to a device node that is never dropped",
    kind: "leak",
    message: /1 references to the node .* were never dropped/,
    setup: `if (!test_node) test_node = of_find_node_by_type(NULL, "network");`,
    buggy: ``,
    correct: `of_node_put(test_node);`,
  },
  {
    name: "reference count below zero",
    kind: "refcount",
    message: /refcount_t: underflow/,
    buggy: `refcount_t r; refcount_set(&r, 1); if (refcount_dec_and_test(&r)) refcount_dec_and_test(&r);`,
    correct: `refcount_t r; refcount_set(&r, 2); if (!refcount_dec_and_test(&r)) refcount_dec_and_test(&r);`,
  },
  {
    name: "reference taken at zero",
    kind: "refcount",
    message: /refcount_t: addition on 0/,
    buggy: `struct kref r; kref_init(&r); kref_put(&r, test_release); kref_get(&r);`,
    correct: `struct kref r; kref_init(&r); kref_put(&r, test_release); if (kref_get_unless_zero(&r)) pr_err("taken\\n");`,
    file: `static void test_release(struct kref *r) { }`,
  },
  {
    name: "unlock of a lock that is not held",
    kind: "locking",
    message: /spin_unlock: the lock is not held/,
    buggy: `spin_unlock(&test_lock);`,
    correct: `spin_lock(&test_lock); spin_unlock(&test_lock);`,
    file: `static DEFINE_SPINLOCK(test_lock);`,
  },
  {
    name: "mutex unlocked by another thread",
    kind: "locking",
    message: /mutex_unlock: the mutex is not held by this thread/,
    buggy: `mutex_lock(&test_mutex); schedule_work_on(1, &test_work); flush_work(&test_work);`,
    correct: `schedule_work_on(1, &test_work); mutex_lock(&test_mutex); mutex_unlock(&test_mutex); flush_work(&test_work);`,
    file: `static DEFINE_MUTEX(test_mutex);
static void test_fn(struct work_struct *w) { if (!mutex_trylock(&test_mutex)) pr_info("held\\n"); mutex_unlock(&test_mutex); }
static DECLARE_WORK(test_work, test_fn);`,
  },
  {
    name: "lock taken twice by one thread",
    kind: "locking",
    message: /spin_lock: the lock is held by this thread already/,
    buggy: `spin_lock(&test_lock); spin_lock(&test_lock);`,
    correct: `spin_lock(&test_lock); if (spin_trylock(&test_lock)) pr_err("twice\\n"); spin_unlock(&test_lock);`,
    file: `static DEFINE_SPINLOCK(test_lock);`,
  },
  {
    name: "write lock taken twice by one thread",
    kind: "locking",
    message: /write_lock: the lock is held for writing by this thread already/,
    buggy: `write_lock(&test_lock); write_lock(&test_lock);`,
    correct: `write_lock(&test_lock); write_unlock(&test_lock); read_lock(&test_lock); read_unlock(&test_lock);`,
    file: `static DEFINE_RWLOCK(test_lock);`,
  },
  {
    name: "sleeping with a spin lock held",
    kind: "locking",
    message: /schedule_timeout called with a spin lock held/,
    buggy: `spin_lock(&test_lock); msleep(1); spin_unlock(&test_lock);`,
    correct: `spin_lock(&test_lock); spin_unlock(&test_lock); msleep(1);`,
    file: `static DEFINE_SPINLOCK(test_lock);`,
  },
  {
    name: "sleeping with interrupts off",
    kind: "locking",
    message: /mutex_lock called with interrupts off/,
    buggy: `unsigned long flags; local_irq_save(flags); mutex_lock(&test_mutex); mutex_unlock(&test_mutex); local_irq_restore(flags);`,
    correct: `unsigned long flags; local_irq_save(flags); local_irq_restore(flags); mutex_lock(&test_mutex); mutex_unlock(&test_mutex);`,
    file: `static DEFINE_MUTEX(test_mutex);`,
  },
  {
    name: "allocation that may sleep in an RCU read-side section",
    kind: "locking",
    message: /an allocation that may sleep called with an RCU read-side section open/,
    buggy: `void *p; rcu_read_lock(); p = kmalloc(8, GFP_KERNEL); rcu_read_unlock(); kfree(p);`,
    correct: `void *p; rcu_read_lock(); p = kmalloc(8, GFP_ATOMIC); rcu_read_unlock(); kfree(p);`,
  },
  {
    name: "sleeping with bottom halves off",
    kind: "locking",
    message: /vfree called with bottom halves off/,
    buggy: `void *p = vmalloc(8); local_bh_disable(); vfree(p); local_bh_enable();`,
    correct: `void *p = vmalloc(8); local_bh_disable(); local_bh_enable(); vfree(p);`,
  },
  {
    name: "interrupts left off when a work item returns",
    kind: "locking",
    message: /test_fn returned with interrupts off/,
    buggy: `test_restore = 0; schedule_work_on(1, &test_work); flush_work(&test_work);`,
    correct: `test_restore = 1; schedule_work_on(1, &test_work); flush_work(&test_work);`,
    file: `static int test_restore;
static void test_fn(struct work_struct *w) { unsigned long flags; local_irq_save(flags); if (test_restore) local_irq_restore(flags); }
static DECLARE_WORK(test_work, test_fn);`,
  },
  {
    name: "mutex still held when a work item returns",
    kind: "locking",
    message: /test_fn returned with a mutex or semaphore held/,
    buggy: `test_unlock = 0; schedule_work_on(1, &test_work); flush_work(&test_work);`,
    correct: `test_unlock = 1; schedule_work_on(1, &test_work); flush_work(&test_work);`,
    file: `static int test_unlock; static DEFINE_MUTEX(test_mutex);
static void test_fn(struct work_struct *w) { mutex_lock(&test_mutex); if (test_unlock) mutex_unlock(&test_mutex); }
static DECLARE_WORK(test_work, test_fn);`,
  },
  {
    name: "CPU kept for more than 20 s",
    kind: "hang",
    message: /Soft lockup: .*kept its CPU for 25 s without scheduling/,
    buggy: `int i; for (i = 0; i < 25; i++) mdelay(1000);`,
    correct: `int i; for (i = 0; i < 25; i++) { mdelay(1000); cond_resched(); }`,
  },
  {
    name: "wait that never ends",
    kind: "hang",
    message: /drmgr sleeps forever/,
    buggy: `if (test_give) complete(&test_done); wait_for_completion(&test_done);`,
    correct: `test_give = 1; if (test_give) complete(&test_done); wait_for_completion(&test_done);`,
    file: `static int test_give; static DECLARE_COMPLETION(test_done);`,
  },
  {
    name: "wait that never ends in a work item",
    kind: "hang",
    message: /kworker\/1:1 sleeps forever/,
    buggy: `schedule_work_on(1, &test_work);`,
    correct: `complete(&test_done); schedule_work_on(1, &test_work);`,
    file: `static DECLARE_COMPLETION(test_done);
static void test_fn(struct work_struct *w) { wait_for_completion(&test_done); }
static DECLARE_WORK(test_work, test_fn);`,
  },
  {
    name: "polling for an event that never comes",
    kind: "hang",
    message: /drmgr still polls after 3600 s/,
    buggy: `while (!READ_ONCE(test_flag)) msleep(5000);`,
    correct: `schedule_work_on(1, &test_work); while (!READ_ONCE(test_flag)) msleep(5000);`,
    file: `static int test_flag;
static void test_fn(struct work_struct *w) { WRITE_ONCE(test_flag, 1); }
static DECLARE_WORK(test_work, test_fn);`,
  },
  {
    name: "condition that BUG_ON() forbids",
    kind: "bug",
    message: /BUG/,
    buggy: `BUG_ON(READ_ONCE(tbl->it_index) == 0x70000016);`,
    correct: `BUG_ON(READ_ONCE(tbl->it_index) != 0x70000016);`,
  },
  {
    name: "condition that WARN_ON() reports",
    kind: "warn",
    message: /WARN at/,
    buggy: `WARN_ON(READ_ONCE(tbl->it_index) == 0x70000016);`,
    correct: `WARN_ON(READ_ONCE(tbl->it_index) != 0x70000016);`,
  },
];

for (const series of ["6.12", "6.1"]) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined)(`bug classes on Linux ${series}`, () => {
    if (tree === undefined) return;
    it.each(cases)("$kind: detects $name", async ({ kind, message, buggy, correct, file, setup }) => {
      const bad = await withCode(tree, buggy, file ?? "", setup);
      expect(
        bad.findings.filter((f) => f.kind === kind && message.test(f.message)).length,
        `${bad.reason?.message ?? ""} ${bad.findings.map((f) => f.message).join("; ")}`,
      ).toBeGreaterThan(0);
      const good = await withCode(tree, correct, file ?? "", setup);
      expect(good.findings.map((f) => f.message)).toEqual([]);
      expect(good.reason).toBeUndefined();
    });
  });
}
