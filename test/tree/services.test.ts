// Kernel services that a patch may call and that are not compiled from the tree behave as in the kernel. The calls are
// inserted into iommu_table_free(), which the detach reaches in a context that may sleep.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { withEdit, KERNEL, messages, runReview, openTree } from "./trees.js";

const INSERT_BEFORE = "\t/* verify that table contains no entries */\n";
const HEADERS = "#include <linux/delay.h>\n#include <linux/completion.h>\n#include <linux/wait.h>\n#include <linux/workqueue.h>\n";

/** Runs with `code` where the dynamic window's table is freed, without late unmaps; `file`: declarations at file scope. */
async function withCode(tree: SourceTree, code: string, file = ""): Promise<VariantResult> {
  const changed = withEdit(tree, KERNEL, (text) =>
    text
      .replace(INSERT_BEFORE, `\tif (tbl->it_index == 0x70000016) {\n${code}\n\t}\n${INSERT_BEFORE}`)
      .replace("static void iommu_table_free(", `${file}\nstatic void iommu_table_free(`)
      .replace("#include <linux/mm.h>\n", `#include <linux/mm.h>\n${HEADERS}`),
  );
  return (await runReview(changed, { set: { late: "0" } })).result.before;
}

const kinds = (v: VariantResult): readonly string[] => v.findings.map((f) => f.kind);

/** Seconds between the two log lines. */
function between(v: VariantResult, from: string, to: string): number {
  const at = (text: string): number => Number(/^\[ *(\d+\.\d+)\]/.exec(v.log.find((line) => line.endsWith(text)) ?? "")?.[1] ?? NaN);
  return at(to) - at(from);
}

for (const series of ["6.12", "6.1"]) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined)(`services on Linux ${series}`, () => {
    if (tree === undefined) return;

    it("print the kernel's formats", async () => {
      const v = await withCode(
        tree,
        `char *s = kasprintf(GFP_KERNEL, "%s-%d", "eth", 3);
         pr_info("[%5d|%-5d|%05d|%+d|%#x|%08lx|%.2s|%c|%%|%s|%lld|%hhu|%5s]\\n", 42, 42, 42, 42, 255, 0xbeefUL, "abc", 'z', s, -1LL, 257, "r");
         kfree(s);`,
      );
      expect(messages(v.log)).toContain("[   42|42   |00042|+42|0xff|0000beef|ab|z|%|eth-3|-1|1|    r]");
      expect(v.outcome).toBe("clean");
    });

    it("print a function's name, also with the offset and size of a call trace", async () => {
      const v = await withCode(tree, `pr_info("[%ps|%pS|%pSR|%s]\\n", iommu_tce_table_put, iommu_tce_table_put, kfree, "end");`);
      const size = String.raw`0x[1-9a-f][0-9a-f]*`;
      expect(messages(v.log).join("\n")).toMatch(new RegExp(String.raw`\[iommu_tce_table_put\|iommu_tce_table_put\+0x0/${size}\|kfree\+0x0/${size}\|end\]`));
    });

    it("sleep until the jiffy to which the timer wheel rounds up", async () => {
      const v = await withCode(tree, `pr_info("from\\n"); msleep(50); pr_info("short\\n"); ssleep(1); pr_info("long\\n");`);
      const short = between(v, "from", "short");
      expect(short).toBeGreaterThan(0.05);
      expect(short).toBeLessThanOrEqual(0.0605);
      const long = between(v, "short", "long");
      expect(long).toBeGreaterThan(1);
      expect(long).toBeLessThan(1.045); // one second is in the wheel's second level, with a granularity of eight jiffies
    });

    it("wait for a completion from delayed work on another CPU, and time out without it", async () => {
      const v = await withCode(
        tree,
        `unsigned long left;
         schedule_delayed_work_on(1, &test_work, msecs_to_jiffies(20));
         left = wait_for_completion_timeout(&test_done, HZ);
         pr_info("given %d\\n", left > 0);
         left = wait_event_timeout(test_queue, test_flag, HZ / 10);
         pr_info("event %lu\\n", left);
         pr_info("flush %d\\n", flush_delayed_work(&test_work));`,
        `static DECLARE_COMPLETION(test_done);
         static DECLARE_WAIT_QUEUE_HEAD(test_queue);
         static int test_flag;
         static void test_fn(struct work_struct *work) { pr_info("work on %d\\n", raw_smp_processor_id()); complete(&test_done); }
         static DECLARE_DELAYED_WORK(test_work, test_fn);`,
      );
      expect(messages(v.log).filter((line) => /^(work|given|event|flush)/.test(line))).toEqual(["work on 1", "given 1", "event 0", "flush 0"]);
      expect(between(v, "given 1", "event 0")).toBeGreaterThan(0.1);
      expect(v.outcome).toBe("clean");
    });

    it("let another worker on the same CPU run while a work item sleeps", async () => {
      const v = await withCode(
        tree,
        `queue_work_on(1, system_wq, &sleeper); queue_work_on(1, system_wq, &quick);
         flush_work(&quick); pr_info("quick done, sleeper %d\\n", slept); flush_work(&sleeper); pr_info("sleeper done %d\\n", slept);`,
        `static int slept;
         static void sleep_fn(struct work_struct *work) { pr_info("asleep on %d\\n", raw_smp_processor_id()); msleep(100); slept = 1; }
         static void quick_fn(struct work_struct *work) { pr_info("quick on %d\\n", raw_smp_processor_id()); }
         static DECLARE_WORK(sleeper, sleep_fn);
         static DECLARE_WORK(quick, quick_fn);`,
      );
      const lines = messages(v.log).filter((line) => /^(asleep|quick|sleeper)/.test(line));
      expect(lines).toEqual(["asleep on 1", "quick on 1", "quick done, sleeper 0", "sleeper done 1"]);
      expect(v.timeline.lanes.filter((l) => l.name.startsWith("kworker/1:")).length).toBe(2);
      expect(v.outcome).toBe("clean");
    });

    it("run kernel threads from start to result", async () => {
      const v = await withCode(
        tree,
        `struct task_struct *t = kthread_run(test_thread, (void *)5UL, "test-%d", 7); msleep(30); pr_info("stopped with %d\\n", kthread_stop(t));`,
        `#include <linux/kthread.h>
         static int test_thread(void *data) { int n = 0; pr_info("%s got %ld\\n", current->comm, (long)data); while (!kthread_should_stop()) { n++; msleep(5); } return n > 2 ? 42 : n; }`,
      );
      expect(messages(v.log).filter((line) => /^(test-7|stopped)/.test(line))).toEqual(["test-7 got 5", "stopped with 42"]);
      expect(v.outcome).toBe("clean");
    });

    it("report how many messages a rate limit suppressed", async () => {
      const v = await withCode(
        tree,
        `int i; for (i = 0; i < 60; i++) if (printk_ratelimit()) pr_info("told\\n"); msleep(6000); if (printk_ratelimit()) pr_info("again\\n");`,
      );
      expect(messages(v.log).filter((l) => l === "told")).toHaveLength(10);
      expect(messages(v.log)).toEqual(expect.arrayContaining(["iommu_table_free: 50 callbacks suppressed", "again"]));
    });

    it("wake a wait queue from a timer", async () => {
      const v = await withCode(
        tree,
        `mod_timer(&test_timer, jiffies + 5);
         wait_event(test_queue, test_flag);
         pr_info("woken %d\\n", timer_pending(&test_timer));`,
        `static DECLARE_WAIT_QUEUE_HEAD(test_queue);
         static int test_flag;
         static void test_fire(struct timer_list *t) { test_flag = 1; wake_up(&test_queue); }
         static DEFINE_TIMER(test_timer, test_fire);`,
      );
      expect(messages(v.log)).toContain("woken 0");
      expect(v.outcome).toBe("clean");
    });

    it("report sleeping with a spin lock held as a locking error", async () => {
      const v = await withCode(tree, `spin_lock(&tbl->large_pool.lock); msleep(1); spin_unlock(&tbl->large_pool.lock);`);
      expect(kinds(v)).toContain("locking");
    });

    it("report a mutex that is locked twice, and the hang that follows", async () => {
      const v = await withCode(tree, `mutex_lock(&test_mutex); mutex_lock(&test_mutex);`, "static DEFINE_MUTEX(test_mutex);");
      expect(kinds(v)).toEqual(expect.arrayContaining(["locking", "hang"]));
    });

    it("report an unlock without a lock", async () => {
      const v = await withCode(tree, `spin_unlock(&tbl->large_pool.lock);`);
      expect(kinds(v)).toContain("locking");
    });

    it("report WARN_ON() and continue, report BUG_ON() and stop the thread", async () => {
      const warned = await withCode(tree, `WARN_ON(tbl->it_size);`);
      expect(kinds(warned)).toEqual(["warn"]);
      expect(warned.detach?.end).not.toBeNull();
      expect(messages(warned.log).some((line) => line.startsWith("WARNING: CPU: 0 PID:"))).toBe(true);
      const bug = await withCode(tree, `BUG_ON(tbl->it_size);`);
      expect(kinds(bug)).toContain("bug");
      expect(bug.detach?.end).toBeNull();
    });

    it("report a double kfree() and an access past the end of an object", async () => {
      const twice = await withCode(tree, `void *p = kmalloc(24, GFP_KERNEL); kfree(p); kfree(p);`);
      expect(kinds(twice)).toContain("double-free");
      const past = await withCode(tree, `char *p = kzalloc(tbl->it_page_shift, GFP_KERNEL); p[tbl->it_page_shift] = 1; kfree(p);`);
      expect(kinds(past)).toContain("out-of-bounds");
    });

    it("count references as the kernel does", async () => {
      const v = await withCode(
        tree,
        `struct kref k; kref_init(&k); kref_get(&k); pr_info("refs %u\\n", kref_read(&k)); atomic_long_t a = ATOMIC_LONG_INIT(5); unsigned long bits[2] = { 0 };
         pr_info("atomic %ld %ld %d\\n", atomic_long_add_return(3, &a), atomic_long_cmpxchg(&a, 8, 1), atomic_long_dec_and_test(&a));
         pr_info("bits %d %d %lx\\n", test_and_set_bit(65, bits), test_and_clear_bit(65, bits), xchg(&bits[0], 7UL));`,
      );
      expect(messages(v.log)).toEqual(expect.arrayContaining(["refs 2", "bits 0 1 0"]));
      expect(v.outcome).toBe("clean");
    });
  });
}
