// Every class of bug that a run can show, each by a few lines of C in the detach's path of a real tree, and a correct twin
// that shows nothing. The table of docs/SEARCH.md names these tests.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { edited, KERNEL, reviewed, treeAt } from "./trees.js";

const PLACE = "\t/* verify that table contains no entries */\n";
const HEADERS = ["delay", "completion", "kthread", "mutex", "refcount", "rwlock", "workqueue", "slab", "vmalloc"]
  .map((h) => `#include <linux/${h}.h>\n`)
  .join("");

/** Runs with `code` where the dynamic window's table is freed, nothing unmapped late; `file` stands before the functions. */
async function withCode(tree: SourceTree, code: string, file: string, first = ""): Promise<VariantResult> {
  const changed = edited(tree, KERNEL, (text) =>
    text
      .replace("\tBUG_ON(!tbl->it_ops);\n", `\tBUG_ON(!tbl->it_ops);\n${first}`)
      .replace("struct iommu_table *iommu_init_table(", `static struct device_node *test_node;\nstruct iommu_table *iommu_init_table(`)
      .replace(PLACE, `\tif (tbl->it_index == 0x70000016) {\n${code}\n\t}\n${PLACE}`)
      .replace("static void iommu_table_free(", `${file}\nstatic void iommu_table_free(`)
      .replace("#include <linux/mm.h>\n", `#include <linux/mm.h>\n${HEADERS}`),
  );
  return (await reviewed(changed, { set: { late: "0" } })).result.before;
}

interface Case {
  readonly name: string;
  /** Kind of the finding, and what its message says. */
  readonly kind: string;
  readonly says: RegExp;
  readonly wrong: string;
  readonly right: string;
  readonly file?: string;
  /** Stands where a table is set up, in both. */
  readonly first?: string;
}

const cases: readonly Case[] = [
  {
    name: "use after free of a slab object",
    kind: "use-after-free",
    says: /offset 8 of a freed 32-byte slab object/,
    wrong: `char *p = kmalloc(32, GFP_KERNEL); kfree(p); WRITE_ONCE(p[8], 1);`,
    right: `char *p = kmalloc(32, GFP_KERNEL); WRITE_ONCE(p[8], 1); kfree(p);`,
  },
  {
    name: "use after free of a vmalloc area",
    kind: "use-after-free",
    says: /freed \d+-byte vmalloc area/,
    wrong: `char *p = vmalloc(100); vfree(p); WRITE_ONCE(p[8], 1);`,
    right: `char *p = vmalloc(100); WRITE_ONCE(p[8], 1); vfree(p);`,
  },
  {
    name: "past the end of a slab object",
    kind: "out-of-bounds",
    says: /past the end of a 20-byte slab object/,
    wrong: `char *p = kmalloc(20, GFP_KERNEL); WRITE_ONCE(p[20], 1); kfree(p);`,
    right: `char *p = kmalloc(20, GFP_KERNEL); WRITE_ONCE(p[19], 1); kfree(p);`,
  },
  {
    name: "past the end of a vmalloc area",
    kind: "out-of-bounds",
    says: /past the end of a 4096-byte vmalloc area/,
    wrong: `char *p = vmalloc(4096); WRITE_ONCE(p[4096], 1); vfree(p);`,
    right: `char *p = vmalloc(4096); WRITE_ONCE(p[4095], 1); vfree(p);`,
  },
  {
    name: "past the end of a global",
    kind: "out-of-bounds",
    says: /past the end of test_array/,
    file: `static int test_array[3];`,
    wrong: `WRITE_ONCE(*(test_array + 3), 1);`,
    right: `WRITE_ONCE(*(test_array + 2), 1);`,
  },
  {
    name: "past the end of an array on the stack",
    kind: "out-of-bounds",
    says: /0 bytes past the end of a on the stack of iommu_table_free/,
    file: `static noinline void test_put(int *p, int i) { WRITE_ONCE(p[i], 1); }`,
    wrong: `int a[3]; test_put(a, 3);`,
    right: `int a[3]; test_put(a, 2);`,
  },
  {
    name: "before a variable on the stack, given away by its address",
    kind: "out-of-bounds",
    says: /4 bytes before n on the stack of iommu_table_free/,
    file: `static noinline void test_put(int *p, int i) { WRITE_ONCE(p[i], 1); }`,
    wrong: `int n; test_put(&n, -1);`,
    right: `int n; test_put(&n, 0);`,
  },
  {
    name: "past the end of a local array of another thread, which sleeps",
    kind: "out-of-bounds",
    says: /0 bytes past the end of box on the stack of iommu_table_free/,
    file: `struct test_box { struct work_struct work; struct completion done; int at; int a[3]; };
static void test_fn(struct work_struct *w) { struct test_box *b = container_of(w, struct test_box, work); WRITE_ONCE(b->a[b->at], 1); complete(&b->done); }`,
    wrong: `struct test_box box; box.at = 3; INIT_WORK_ONSTACK(&box.work, test_fn); init_completion(&box.done); schedule_work_on(1, &box.work); wait_for_completion(&box.done);`,
    right: `struct test_box box; box.at = 2; INIT_WORK_ONSTACK(&box.work, test_fn); init_completion(&box.done); schedule_work_on(1, &box.work); wait_for_completion(&box.done);`,
  },
  {
    name: "on the stack of a thread that has ended",
    kind: "use-after-free",
    says: /on the stack of a thread that has ended/,
    file: `static int test_kept, *test_at;
static int test_main(void *arg) { int n = 1; test_at = arg ? &n : &test_kept; WRITE_ONCE(*test_at, n); return 0; }`,
    wrong: `kthread_run(test_main, tbl, "test"); msleep(10); WRITE_ONCE(*test_at, 2);`,
    right: `kthread_run(test_main, NULL, "test"); msleep(10); WRITE_ONCE(*test_at, 2);`,
  },
  {
    name: "double free",
    kind: "double-free",
    says: /Double free/,
    wrong: `char *p = kmalloc(8, GFP_KERNEL); kfree(p); kfree(p);`,
    right: `char *p = kmalloc(8, GFP_KERNEL); kfree(p); p = NULL; kfree(p);`,
  },
  {
    name: "freed with the wrong function",
    kind: "invalid-free",
    says: /wrong function/,
    wrong: `char *p = kmalloc(8, GFP_KERNEL); vfree(p);`,
    right: `char *p = kmalloc(8, GFP_KERNEL); kvfree(p);`,
  },
  {
    name: "null pointer",
    kind: "null-dereference",
    says: /null pointer/,
    wrong: `struct iommu_table *p = READ_ONCE(test_table); WRITE_ONCE(p->it_hint, 1);`,
    right: `struct iommu_table *p = READ_ONCE(test_table); if (p) WRITE_ONCE(p->it_hint, 1);`,
    file: `static struct iommu_table *test_table;\n#define it_hint it_index`,
  },
  {
    name: "wild pointer",
    kind: "wild-access",
    says: /outside kernel memory/,
    wrong: `WRITE_ONCE(*(int *)0x6b6b6b6b6b6b6b6bUL, 1);`,
    right: `WRITE_ONCE(*(int *)&tbl->it_index, 0x70000016);`,
  },
  {
    name: "memory never freed",
    kind: "leak",
    says: /24-byte slab object allocated here is never freed/,
    wrong: `char *p = kmalloc(24, GFP_KERNEL); WRITE_ONCE(p[0], 1);`,
    right: `test_kept = kmalloc(24, GFP_KERNEL); WRITE_ONCE(test_kept[0], 1);`,
    file: `static char *test_kept;`,
  },
  {
    name: "reference to a device node never dropped",
    kind: "leak",
    says: /1 references to the node .* were never dropped/,
    first: `if (!test_node) test_node = of_find_node_by_type(NULL, "network");`,
    wrong: ``,
    right: `of_node_put(test_node);`,
  },
  {
    name: "reference count below zero",
    kind: "refcount",
    says: /refcount_t: underflow/,
    wrong: `refcount_t r; refcount_set(&r, 1); if (refcount_dec_and_test(&r)) refcount_dec_and_test(&r);`,
    right: `refcount_t r; refcount_set(&r, 2); if (!refcount_dec_and_test(&r)) refcount_dec_and_test(&r);`,
  },
  {
    name: "reference taken at zero",
    kind: "refcount",
    says: /refcount_t: addition on 0/,
    wrong: `struct kref r; kref_init(&r); kref_put(&r, test_release); kref_get(&r);`,
    right: `struct kref r; kref_init(&r); kref_put(&r, test_release); if (kref_get_unless_zero(&r)) pr_err("taken\\n");`,
    file: `static void test_release(struct kref *r) { }`,
  },
  {
    name: "unlocked though not locked",
    kind: "locking",
    says: /spin_unlock: the lock is not held/,
    wrong: `spin_unlock(&test_lock);`,
    right: `spin_lock(&test_lock); spin_unlock(&test_lock);`,
    file: `static DEFINE_SPINLOCK(test_lock);`,
  },
  {
    name: "mutex given back by another thread",
    kind: "locking",
    says: /mutex_unlock: the mutex is not held by this thread/,
    wrong: `mutex_lock(&test_mutex); schedule_work_on(1, &test_work); flush_work(&test_work);`,
    right: `schedule_work_on(1, &test_work); mutex_lock(&test_mutex); mutex_unlock(&test_mutex); flush_work(&test_work);`,
    file: `static DEFINE_MUTEX(test_mutex);
static void test_fn(struct work_struct *w) { if (!mutex_trylock(&test_mutex)) pr_info("held\\n"); mutex_unlock(&test_mutex); }
static DECLARE_WORK(test_work, test_fn);`,
  },
  {
    name: "lock taken twice by one thread",
    kind: "locking",
    says: /spin_lock: the lock is held by this thread already/,
    wrong: `spin_lock(&test_lock); spin_lock(&test_lock);`,
    right: `spin_lock(&test_lock); if (spin_trylock(&test_lock)) pr_err("twice\\n"); spin_unlock(&test_lock);`,
    file: `static DEFINE_SPINLOCK(test_lock);`,
  },
  {
    name: "write lock taken twice by one thread",
    kind: "locking",
    says: /write_lock: the lock is held for writing by this thread already/,
    wrong: `write_lock(&test_lock); write_lock(&test_lock);`,
    right: `write_lock(&test_lock); write_unlock(&test_lock); read_lock(&test_lock); read_unlock(&test_lock);`,
    file: `static DEFINE_RWLOCK(test_lock);`,
  },
  {
    name: "sleeping with a spin lock held",
    kind: "locking",
    says: /schedule_timeout called with a spin lock held/,
    wrong: `spin_lock(&test_lock); msleep(1); spin_unlock(&test_lock);`,
    right: `spin_lock(&test_lock); spin_unlock(&test_lock); msleep(1);`,
    file: `static DEFINE_SPINLOCK(test_lock);`,
  },
  {
    name: "sleeping with interrupts off",
    kind: "locking",
    says: /mutex_lock called with interrupts off/,
    wrong: `unsigned long flags; local_irq_save(flags); mutex_lock(&test_mutex); mutex_unlock(&test_mutex); local_irq_restore(flags);`,
    right: `unsigned long flags; local_irq_save(flags); local_irq_restore(flags); mutex_lock(&test_mutex); mutex_unlock(&test_mutex);`,
    file: `static DEFINE_MUTEX(test_mutex);`,
  },
  {
    name: "allocating in a way that may sleep, in an RCU read-side section",
    kind: "locking",
    says: /an allocation that may sleep called with an RCU read-side section open/,
    wrong: `void *p; rcu_read_lock(); p = kmalloc(8, GFP_KERNEL); rcu_read_unlock(); kfree(p);`,
    right: `void *p; rcu_read_lock(); p = kmalloc(8, GFP_ATOMIC); rcu_read_unlock(); kfree(p);`,
  },
  {
    name: "sleeping with bottom halves off",
    kind: "locking",
    says: /vfree called with bottom halves off/,
    wrong: `void *p = vmalloc(8); local_bh_disable(); vfree(p); local_bh_enable();`,
    right: `void *p = vmalloc(8); local_bh_disable(); local_bh_enable(); vfree(p);`,
  },
  {
    name: "interrupts left off when a work returns",
    kind: "locking",
    says: /test_fn returned with interrupts off/,
    wrong: `test_restore = 0; schedule_work_on(1, &test_work); flush_work(&test_work);`,
    right: `test_restore = 1; schedule_work_on(1, &test_work); flush_work(&test_work);`,
    file: `static int test_restore;
static void test_fn(struct work_struct *w) { unsigned long flags; local_irq_save(flags); if (test_restore) local_irq_restore(flags); }
static DECLARE_WORK(test_work, test_fn);`,
  },
  {
    name: "mutex still held when a work returns",
    kind: "locking",
    says: /test_fn returned with a mutex or semaphore held/,
    wrong: `test_unlock = 0; schedule_work_on(1, &test_work); flush_work(&test_work);`,
    right: `test_unlock = 1; schedule_work_on(1, &test_work); flush_work(&test_work);`,
    file: `static int test_unlock; static DEFINE_MUTEX(test_mutex);
static void test_fn(struct work_struct *w) { mutex_lock(&test_mutex); if (test_unlock) mutex_unlock(&test_mutex); }
static DECLARE_WORK(test_work, test_fn);`,
  },
  {
    name: "a CPU kept for more than 20 s",
    kind: "hang",
    says: /Soft lockup: .*kept its CPU for 25 s without scheduling/,
    wrong: `int i; for (i = 0; i < 25; i++) mdelay(1000);`,
    right: `int i; for (i = 0; i < 25; i++) { mdelay(1000); cond_resched(); }`,
  },
  {
    name: "a wait that never ends",
    kind: "hang",
    says: /drmgr sleeps forever/,
    wrong: `if (test_give) complete(&test_done); wait_for_completion(&test_done);`,
    right: `test_give = 1; if (test_give) complete(&test_done); wait_for_completion(&test_done);`,
    file: `static int test_give; static DECLARE_COMPLETION(test_done);`,
  },
  {
    name: "a wait that never ends in a work",
    kind: "hang",
    says: /kworker\/1:1 sleeps forever/,
    wrong: `schedule_work_on(1, &test_work);`,
    right: `complete(&test_done); schedule_work_on(1, &test_work);`,
    file: `static DECLARE_COMPLETION(test_done);
static void test_fn(struct work_struct *w) { wait_for_completion(&test_done); }
static DECLARE_WORK(test_work, test_fn);`,
  },
  {
    name: "looking again and again for what does not come",
    kind: "hang",
    says: /drmgr still polls after 3600 s/,
    wrong: `while (!READ_ONCE(test_flag)) msleep(5000);`,
    right: `schedule_work_on(1, &test_work); while (!READ_ONCE(test_flag)) msleep(5000);`,
    file: `static int test_flag;
static void test_fn(struct work_struct *w) { WRITE_ONCE(test_flag, 1); }
static DECLARE_WORK(test_work, test_fn);`,
  },
  {
    name: "a condition that BUG_ON() forbids",
    kind: "bug",
    says: /BUG/,
    wrong: `BUG_ON(READ_ONCE(tbl->it_index) == 0x70000016);`,
    right: `BUG_ON(READ_ONCE(tbl->it_index) != 0x70000016);`,
  },
  {
    name: "a condition that WARN_ON() reports",
    kind: "warn",
    says: /WARN at/,
    wrong: `WARN_ON(READ_ONCE(tbl->it_index) == 0x70000016);`,
    right: `WARN_ON(READ_ONCE(tbl->it_index) != 0x70000016);`,
  },
];

for (const series of ["6.12", "6.1"]) {
  const tree = treeAt(series);
  describe.skipIf(tree === undefined)(`classes of bugs on Linux ${series}`, () => {
    if (tree === undefined) return;
    it.each(cases)("$kind: $name", async ({ kind, says, wrong, right, file, first }) => {
      const bad = await withCode(tree, wrong, file ?? "", first);
      expect(
        bad.findings.filter((f) => f.kind === kind && says.test(f.message)).length,
        `${bad.reason?.message ?? ""} ${bad.findings.map((f) => f.message).join("; ")}`,
      ).toBeGreaterThan(0);
      const good = await withCode(tree, right, file ?? "", first);
      expect(good.findings.map((f) => f.message)).toEqual([]);
      expect(good.reason).toBeUndefined();
    });
  });
}
