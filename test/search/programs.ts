// Small concurrent programs with all their outcomes: a defective program has a correct twin. An outcome consists of the
// values that the program reports and the findings of that run ("kind:function"), in order.

export interface ConcurrentProgram {
  readonly name: string;
  readonly source: string;
  /** All outcomes over all schedules. */
  readonly outcomes: readonly string[];
  /** Some schedule has unsynchronised conflicting accesses, one of them plain. Time does not synchronise. */
  readonly races: boolean;
}

const programs: ConcurrentProgram[] = [];
function add(name: string, races: boolean, outcomes: readonly string[], source: string): void {
  programs.push({ name, races, outcomes, source });
}

// ---- lost updates -------------------------------------------------------------------------------------------------------

add("lost update", true, ["1", "2"], `int x; void a(void *p) { x = x + 1; } void test(void) { run(a); run(a); join(); outcome(x); }`);
add(
  "update under a spin lock",
  false,
  ["2"],
  `int x; spinlock_t l; void a(void *p) { spin_lock(&l); x++; spin_unlock(&l); } void test(void) { run(a); run(a); join(); outcome(x); }`,
);
add(
  "update under a mutex",
  false,
  ["2"],
  `int x; mutex_t m; void a(void *p) { mutex_lock(&m); x++; mutex_unlock(&m); } void test(void) { run(a); run(a); join(); outcome(x); }`,
);
add("atomic update", false, ["2"], `atomic_t x; void a(void *p) { atomic_add_return(&x, 1); } void test(void) { run(a); run(a); join(); outcome(x.counter); }`);
add(
  "update with READ_ONCE and WRITE_ONCE is still lost",
  false,
  ["1", "2"],
  `int x; void a(void *p) { WRITE_ONCE(x, READ_ONCE(x) + 1); } void test(void) { run(a); run(a); join(); outcome(x); }`,
);
add(
  "update under two different locks",
  true,
  ["1", "2"],
  `int x; spinlock_t l; long pad; spinlock_t k; void a(void *p) { spin_lock(&l); x++; spin_unlock(&l); } void b(void *p) { spin_lock(&k); x++; spin_unlock(&k); } void test(void) { run(a); run(b); join(); outcome(x); }`,
);
add("three lost updates", true, ["1", "2", "3"], `int x; void a(void *p) { x++; } void test(void) { run(a); run(a); run(a); join(); outcome(x); }`);
add(
  "three atomic updates",
  false,
  ["3"],
  `atomic_t x; void a(void *p) { atomic_add_return(&x, 1); } void test(void) { run(a); run(a); run(a); join(); outcome(x.counter); }`,
);
add(
  "flags in one word",
  true,
  ["1", "2", "3"],
  `int f; void a(void *p) { f |= 1; } void b(void *p) { f |= 2; } void test(void) { run(a); run(b); join(); outcome(f); }`,
);
add(
  "flags in one word by compare and exchange",
  false,
  ["3"],
  `atomic_t f; void set(int bit) { int old; do old = atomic_read(&f); while (atomic_cmpxchg(&f, old, old | bit) != old); } void a(void *p) { set(1); } void b(void *p) { set(2); } void test(void) { run(a); run(b); join(); outcome(f.counter); }`,
);
add(
  "two fields of one word are two places",
  false,
  ["1 1"],
  `struct { short a, b; } s; void a(void *p) { s.a = 1; } void b(void *p) { s.b = 1; } void test(void) { run(a); run(b); join(); outcome(s.a); outcome(s.b); }`,
);

// ---- check-then-act ------------------------------------------------------------------------------------------------------

add(
  "done once, not quite",
  true,
  ["1", "2"],
  `int once; atomic_t n; void a(void *p) { if (!once) { once = 1; atomic_add_return(&n, 1); } } void test(void) { run(a); run(a); join(); outcome(n.counter); }`,
);
add(
  "done once",
  false,
  ["1"],
  `atomic_t once, n; void a(void *p) { if (!atomic_xchg(&once, 1)) atomic_add_return(&n, 1); } void test(void) { run(a); run(a); join(); outcome(n.counter); }`,
);
add(
  "initialised twice",
  true,
  ["1", "2"],
  `int *obj; int made; spinlock_t l; void a(void *p) { if (!obj) { spin_lock(&l); made++; obj = &made; spin_unlock(&l); } } void test(void) { run(a); run(a); join(); outcome(made); }`,
);
add(
  "initialised once, checked twice",
  false,
  ["1"],
  `int *obj; int made; spinlock_t l; void a(void *p) { if (!READ_ONCE(obj)) { spin_lock(&l); if (!obj) { made++; WRITE_ONCE(obj, &made); } spin_unlock(&l); } } void test(void) { run(a); run(a); join(); outcome(made); }`,
);
add(
  "room for one more",
  true,
  ["2", "3 out-of-bounds:a"],
  `int *v; int n = 1; void a(void *p) { if (n < 2) { n = n + 1; v[n - 1] = 1; } } void test(void) { v = kmalloc(8); run(a); run(a); join(); outcome(n); }`,
);
add(
  "room for one more under a lock",
  false,
  ["2"],
  `int *v; int n = 1; spinlock_t l; void a(void *p) { spin_lock(&l); if (n < 2) { n = n + 1; v[n - 1] = 1; } spin_unlock(&l); } void test(void) { v = kmalloc(8); run(a); run(a); join(); outcome(n); }`,
);
add(
  "pointer read twice",
  true,
  ["", "hang null-dereference:a"],
  `int v; int *q = &v; void a(void *p) { if (q) *q = 1; } void b(void *p) { q = NULL; } void test(void) { run(a); run(b); join(); }`,
);
add(
  "pointer read once",
  false,
  [""],
  `int v; int *q = &v; void a(void *p) { int *r = READ_ONCE(q); if (r) *r = 1; } void b(void *p) { WRITE_ONCE(q, NULL); } void test(void) { run(a); run(b); join(); }`,
);

// ---- publication -----------------------------------------------------------------------------------------------------------

add(
  "published before it is filled",
  true,
  ["-1", "0", "5"],
  `int v; int *q; int r = -1; void a(void *p) { q = &v; v = 5; } void b(void *p) { if (q) r = *q; } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "published when it is filled",
  false,
  ["-1", "5"],
  `int v; int *q; int r = -1; void a(void *p) { v = 5; WRITE_ONCE(q, &v); } void b(void *p) { int *s = READ_ONCE(q); if (s) r = *s; } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "flag before data",
  true,
  ["-1", "0", "7"],
  `int full, slot, r = -1; void a(void *p) { full = 1; slot = 7; } void b(void *p) { if (full) r = slot; } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "data under a lock",
  false,
  ["-1", "7"],
  `int full, slot, r = -1; spinlock_t l; void a(void *p) { spin_lock(&l); full = 1; slot = 7; spin_unlock(&l); } void b(void *p) { spin_lock(&l); if (full) r = slot; spin_unlock(&l); } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "started before it is ready",
  true,
  ["0", "1"],
  `int x, r; void b(void *p) { r = x; } void a(void *p) { run(b); x = 1; } void test(void) { run(a); join(); outcome(r); }`,
);
add(
  "ready before it is started",
  false,
  ["1"],
  `int x, r; void b(void *p) { r = x; } void a(void *p) { x = 1; run(b); } void test(void) { run(a); join(); outcome(r); }`,
);
add(
  "cause and effect over three threads",
  false,
  ["-1", "1"],
  `int x, y, r = -1; void a(void *p) { WRITE_ONCE(x, 1); } void b(void *p) { if (READ_ONCE(x)) WRITE_ONCE(y, 1); } void c(void *p) { if (READ_ONCE(y)) r = READ_ONCE(x); } void test(void) { run(a); run(b); run(c); join(); outcome(r); }`,
);
add(
  "stores, then loads: never both zero",
  false,
  ["0 1", "1 0", "1 1"],
  `int x, y, r, s; void a(void *p) { WRITE_ONCE(x, 1); r = READ_ONCE(y); } void b(void *p) { WRITE_ONCE(y, 1); s = READ_ONCE(x); } void test(void) { run(a); run(b); join(); outcome(r); outcome(s); }`,
);
add(
  "loads, then stores: never both one",
  false,
  ["0 0", "0 1", "1 0"],
  `int x, y, r, s; void a(void *p) { r = READ_ONCE(y); WRITE_ONCE(x, 1); } void b(void *p) { s = READ_ONCE(x); WRITE_ONCE(y, 1); } void test(void) { run(a); run(b); join(); outcome(r); outcome(s); }`,
);
add(
  "a struct copied field by field is torn",
  true,
  ["0 0", "0 1", "1 0", "1 1"],
  `struct { int a, b; } s; int r, q; void a(void *p) { s.a = 1; s.b = 1; } void b(void *p) { r = s.a; q = s.b; } void test(void) { run(a); run(b); join(); outcome(r); outcome(q); }`,
);
add(
  "sequence counter without a second look",
  true,
  ["-1", "0", "1"],
  `int seq, a1, b1, r = -1; void a(void *p) { seq++; a1 = 1; b1 = 1; seq++; } void b(void *p) { if (!(seq & 1)) r = a1 == b1; } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "sequence counter",
  false,
  ["-1", "1"],
  `int seq, a1, b1, r = -1; void a(void *p) { WRITE_ONCE(seq, 1); WRITE_ONCE(a1, 1); WRITE_ONCE(b1, 1); WRITE_ONCE(seq, 2); } void b(void *p) { int s = READ_ONCE(seq), v = READ_ONCE(a1), w = READ_ONCE(b1); if (!(s & 1) && READ_ONCE(seq) == s) r = v == w; } void test(void) { run(a); run(b); join(); outcome(r); }`,
);

// ---- lifetimes --------------------------------------------------------------------------------------------------------------

const OBJECT = `struct o { atomic_t ref; spinlock_t l; int v; }; struct o *o; void put(struct o *x) { if (!atomic_add_return(&x->ref, -1)) kfree(x); } `;
add(
  "used after the put",
  true,
  ["", "use-after-free:a"],
  `${OBJECT}void a(void *p) { put(o); o->v = 1; } void b(void *p) { put(o); } void test(void) { o = kmalloc(sizeof(*o)); o->ref.counter = 2; run(a); run(b); join(); }`,
);
add(
  "used before the put",
  false,
  [""],
  `${OBJECT}void a(void *p) { o->v = 1; put(o); } void b(void *p) { put(o); } void test(void) { o = kmalloc(sizeof(*o)); o->ref.counter = 2; run(a); run(b); join(); }`,
);
add(
  "counted with a plain int",
  true,
  ["0", "1"],
  `int ref = 2, freed; void a(void *p) { if (--ref == 0) freed = 1; } void test(void) { run(a); run(a); join(); outcome(ref); }`,
);
add(
  "get of what may be gone",
  true,
  ["", "double-free:put", "double-free:put use-after-free:b", "double-free:put use-after-free:b use-after-free:put", "double-free:put use-after-free:put"],
  `${OBJECT}void a(void *p) { struct o *x = o; WRITE_ONCE(o, NULL); put(x); } void b(void *p) { struct o *x = READ_ONCE(o); if (x) { atomic_add_return(&x->ref, 1); x->v = 1; put(x); } } void test(void) { o = kmalloc(sizeof(*o)); o->ref.counter = 1; run(a); run(b); join(); }`,
);
add(
  "get under the lock that guards the pointer",
  false,
  [""],
  `${OBJECT}spinlock_t g; void a(void *p) { struct o *x; spin_lock(&g); x = o; o = NULL; spin_unlock(&g); put(x); } void b(void *p) { struct o *x; spin_lock(&g); x = o; if (x) atomic_add_return(&x->ref, 1); spin_unlock(&g); if (x) { x->v = 1; put(x); } } void test(void) { o = kmalloc(sizeof(*o)); o->ref.counter = 1; run(a); run(b); join(); }`,
);
add(
  "freed by both",
  true,
  ["", "double-free:a"],
  `char *o; void a(void *p) { char *x = o; if (x) { o = NULL; kfree(x); } } void test(void) { o = kmalloc(16); run(a); run(a); join(); }`,
);
add(
  "freed by whoever exchanges",
  false,
  [""],
  `char *o; void a(void *p) { char *x = xchg(&o, NULL); if (x) kfree(x); } void test(void) { o = kmalloc(16); run(a); run(a); join(); }`,
);
add(
  "freed while the unlock is still in it",
  false,
  ["", "use-after-free:a"],
  `${OBJECT}int dead; void a(void *p) { spin_lock(&o->l); WRITE_ONCE(o->v, 1); spin_unlock(&o->l); } void b(void *p) { if (READ_ONCE(o->v)) kfree(o); } void test(void) { o = kmalloc(sizeof(*o)); run(a); run(b); join(); }`,
);
add(
  "freed when both are out of it",
  false,
  [""],
  `${OBJECT}void a(void *p) { spin_lock(&o->l); o->v = 1; spin_unlock(&o->l); put(o); } void b(void *p) { spin_lock(&o->l); o->v = 2; spin_unlock(&o->l); put(o); } void test(void) { o = kmalloc(sizeof(*o)); o->ref.counter = 2; run(a); run(b); join(); }`,
);
add(
  "old version freed at once",
  true,
  ["1", "1 use-after-free:b"],
  `int *cur; void a(void *p) { int *old = READ_ONCE(cur), *new = kmalloc(4); WRITE_ONCE(cur, new); kfree(old); } void b(void *p) { int *c = READ_ONCE(cur); saw(0, *c); } void test(void) { cur = kmalloc(4); run(a); run(b); join(); }`,
);
add(
  "old version freed after a grace period",
  true,
  ["1"],
  `int *cur; void a(void *p) { int *old = READ_ONCE(cur), *new = kmalloc(4); WRITE_ONCE(cur, new); msleep(500); kfree(old); } void b(void *p) { int *c = READ_ONCE(cur); saw(0, *c); } void test(void) { cur = kmalloc(4); run(a); run(b); join(); }`,
);
add(
  "waiter gone, completion late",
  false,
  ["", "use-after-free:b"],
  `completion_t *c; void a(void *p) { wait_for_completion_timeout(c, 50 * MS); kfree(c); } void b(void *p) { msleep(40); complete(c); } void test(void) { c = kmalloc(8); run(a); run(b); join(); }`,
);
add(
  "waiter waits for the completion",
  false,
  [""],
  `completion_t *c; void a(void *p) { wait_for_completion(c); kfree(c); } void b(void *p) { msleep(40); complete(c); } void test(void) { c = kmalloc(8); run(a); run(b); join(); }`,
);
add(
  "compare and exchange sees the same pointer again",
  false,
  ["0 0", "1 0", "1 1", "hang null-dereference:a"],
  `struct n { struct n *next; int v; } A, B; struct n *head; int in_a, ok; void a(void *p) { struct n *h = READ_ONCE(head), *n = READ_ONCE(h->next); if (cmpxchg(&head, h, n) == h) in_a = 1; } void b(void *p) { xchg(&head, NULL); WRITE_ONCE(A.next, NULL); xchg(&head, &A); } void test(void) { A.next = &B; head = &A; run(a); run(b); join(); outcome(in_a); outcome(head == &B); }`,
);

// ---- locks ------------------------------------------------------------------------------------------------------------------

add(
  "locks in two orders",
  false,
  ["2", "hang"],
  `int x; spinlock_t l; long pad; spinlock_t k; void a(void *p) { spin_lock(&l); spin_lock(&k); x++; spin_unlock(&k); spin_unlock(&l); } void b(void *p) { spin_lock(&k); spin_lock(&l); x++; spin_unlock(&l); spin_unlock(&k); } void test(void) { run(a); run(b); join(); outcome(x); }`,
);
add(
  "locks in one order",
  false,
  ["2"],
  `int x; spinlock_t l; long pad; spinlock_t k; void a(void *p) { spin_lock(&l); spin_lock(&k); x++; spin_unlock(&k); spin_unlock(&l); } void test(void) { run(a); run(a); join(); outcome(x); }`,
);
add(
  "mutexes in two orders",
  false,
  ["hang", ""],
  `mutex_t l; long pad; mutex_t k; void a(void *p) { mutex_lock(&l); mutex_lock(&k); mutex_unlock(&k); mutex_unlock(&l); } void b(void *p) { mutex_lock(&k); mutex_lock(&l); mutex_unlock(&l); mutex_unlock(&k); } void test(void) { run(a); run(b); join(); }`,
);
add(
  "mutex taken twice",
  false,
  ["hang"],
  `mutex_t l; void a(void *p) { mutex_lock(&l); mutex_lock(&l); mutex_unlock(&l); } void test(void) { run(a); join(); }`,
);
add(
  "unlocked though not locked",
  false,
  ["", "locking:a"],
  `spinlock_t l; void a(void *p) { spin_trylock(&l); spin_unlock(&l); } void test(void) { run(a); run(a); join(); }`,
);
add(
  "unlocked where locked",
  false,
  [""],
  `spinlock_t l; void a(void *p) { if (spin_trylock(&l)) spin_unlock(&l); } void test(void) { run(a); run(a); join(); }`,
);
add(
  "two flags keep each other out",
  false,
  ["0", "1"],
  `int fa, fb, in, bad; void a(void *p) { WRITE_ONCE(fa, 1); if (!READ_ONCE(fb)) { in = 1; } WRITE_ONCE(fa, 0); } void b(void *p) { WRITE_ONCE(fb, 1); if (!READ_ONCE(fa)) { in = 1; } WRITE_ONCE(fb, 0); } void test(void) { run(a); run(b); join(); outcome(in); }`,
);
add(
  "two flags, looked at first",
  true,
  ["1", "2"],
  `int fa, fb, n; void a(void *p) { if (!READ_ONCE(fb)) { WRITE_ONCE(fa, 1); n = n + 1; WRITE_ONCE(fa, 0); } } void b(void *p) { if (!READ_ONCE(fa)) { WRITE_ONCE(fb, 1); n = n + 1; WRITE_ONCE(fb, 0); } } void test(void) { run(a); run(b); join(); outcome(n); }`,
);
add(
  "a mutex held across a sleep",
  false,
  ["2"],
  `int x; mutex_t m; void a(void *p) { mutex_lock(&m); msleep(10); x++; mutex_unlock(&m); } void test(void) { run(a); run(a); join(); outcome(x); }`,
);
add(
  "a mutex given back across a sleep",
  false,
  ["1", "2"],
  `int x; mutex_t m; void a(void *p) { int t; mutex_lock(&m); t = x; mutex_unlock(&m); msleep(10); mutex_lock(&m); x = t + 1; mutex_unlock(&m); } void test(void) { run(a); run(a); join(); outcome(x); }`,
);

// ---- waits ------------------------------------------------------------------------------------------------------------------

add(
  "wake-up missed",
  true,
  ["", "hang"],
  `int flag, key; void a(void *p) { if (!flag) sleep_on(&key, TCS_NEVER); } void b(void *p) { flag = 1; wake_up(&key); } void test(void) { run(a); run(b); join(); }`,
);
add(
  "wake-up missed, but the sleep ends",
  true,
  [""],
  `int flag, key; void a(void *p) { if (!flag) sleep_on(&key, 50 * MS); } void b(void *p) { flag = 1; wake_up(&key); } void test(void) { run(a); run(b); join(); }`,
);
add(
  "completion",
  false,
  ["1"],
  `int x, r; completion_t c; void a(void *p) { wait_for_completion(&c); r = x; } void b(void *p) { x = 1; complete(&c); } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "completed before the data is there",
  true,
  ["0", "1"],
  `int x, r; completion_t c; void a(void *p) { wait_for_completion(&c); r = x; } void b(void *p) { complete(&c); x = 1; } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "two wait, one is completed",
  false,
  ["hang"],
  `completion_t c; void a(void *p) { wait_for_completion(&c); } void b(void *p) { complete(&c); } void test(void) { run(a); run(a); run(b); join(); }`,
);
add(
  "two wait, two are completed",
  false,
  [""],
  `completion_t c; void a(void *p) { wait_for_completion(&c); } void b(void *p) { complete(&c); complete(&c); } void test(void) { run(a); run(a); run(b); join(); }`,
);
add(
  "in time or not",
  false,
  ["0", "1"],
  `int r; completion_t c; void a(void *p) { r = wait_for_completion_timeout(&c, 50 * MS); } void b(void *p) { msleep(30); complete(&c); } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "always in time",
  false,
  ["1"],
  `int r; completion_t c; void a(void *p) { r = wait_for_completion_timeout(&c, 1000 * MS); } void b(void *p) { msleep(30); complete(&c); } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "never in time",
  false,
  ["0"],
  `int r; completion_t c; void a(void *p) { r = wait_for_completion_timeout(&c, 50 * MS); } void b(void *p) { msleep(3000); complete(&c); } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "sleeping instead of waiting",
  true,
  ["0", "1"],
  `int x, r; void a(void *p) { msleep(10); x = 1; } void b(void *p) { msleep(50); r = x; } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "sleeping for so long that it holds",
  false,
  ["1"],
  `int x, r; void a(void *p) { msleep(10); WRITE_ONCE(x, 1); } void b(void *p) { msleep(500); r = READ_ONCE(x); } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "polling with a pause",
  false,
  ["1"],
  `int x, r; void a(void *p) { WRITE_ONCE(x, 1); } void b(void *p) { while (!READ_ONCE(x)) cpu_relax(); r = READ_ONCE(x); } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "polling with sleeps until it gives up",
  false,
  ["0", "1"],
  `int x, r, i; void a(void *p) { msleep(15); WRITE_ONCE(x, 1); } void b(void *p) { for (i = 0; i < 2 && !r; i++) { r = READ_ONCE(x); msleep(10); } } void test(void) { run(a); run(b); join(); outcome(r); }`,
);
add(
  "barrier with a plain count",
  true,
  ["1", "2"],
  `int n; completion_t c; void a(void *p) { if (++n == 2) complete(&c); } void test(void) { run(a); run(a); join(); outcome(n); }`,
);
add(
  "same CPU: nobody comes between",
  false,
  ["2"],
  `int x; void a(void *p) { x = x + 1; } void test(void) { run_on(1, a); run_on(1, a); join(); outcome(x); }`,
);
add(
  "same CPU: a sleep lets the other in",
  false,
  ["1", "2"],
  `int x; void a(void *p) { int t = x; msleep(10); x = t + 1; } void test(void) { run_on(1, a); run_on(1, a); join(); outcome(x); }`,
);
add(
  "struct copied whole",
  true,
  ["0 0", "1 1"],
  `struct s { long a, b; } s, t, one = { 1, 1 }; void a(void *p) { s = one; } void b(void *p) { t = s; } void test(void) { run(a); run(b); join(); outcome(t.a); outcome(t.b); }`,
);

add(
  "a wake that no operation of its own announces",
  false,
  ["1", "2"],
  `int x, key; void a(void *p) { saw(0, sleep_on(&key, 50 * MS)); } void b(void *p) { WRITE_ONCE(x, 1); wake_with(&key); } void test(void) { run(a); run(b); join(); }`,
);

// ---- choices that the code requests ------------------------------------------------------------------------------------------

add(
  "an allocation may fail, and nobody looks",
  false,
  ["0 0", "1 0", "hang null-dereference:a"],
  `int *p, ok, f; void a(void *q) { if (__tcs_choose("fails", 2)) p = NULL; else p = kmalloc(4); if (__tcs_choose("used", 2)) { *p = 1; ok = 1; } } void test(void) { run(a); join(); outcome(ok); outcome(f); }`,
);
add(
  "an allocation may fail, and is looked at",
  false,
  ["0", "1"],
  `int ok; void a(void *q) { int *p = __tcs_choose("fails", 2) ? NULL : kmalloc(4); if (p) { *p = 1; ok = 1; kfree(p); } } void test(void) { run(a); join(); outcome(ok); }`,
);
add(
  "which of three before the threads start",
  true,
  ["10 1", "10 2", "20 1", "20 2", "30 1", "30 2"],
  `int x, r; void a(void *q) { r = r + 1; } void test(void) { x = 10 * (1 + __tcs_choose("x", 3)); run(a); run(a); join(); outcome(x); outcome(r); }`,
);
add(
  "an answer in the middle of a race",
  true,
  ["0", "1", "2", "3"],
  `int x; void a(void *q) { x = 1 + __tcs_choose("x", 2); } void b(void *q) { if (x == 1 && __tcs_choose("y", 2)) x = 3; else if (x != 2) x = x & 2 ? x : __tcs_choose("z", 2) ? 0 : x; } void test(void) { run(a); run(b); join(); outcome(x); }`,
);
add(
  "a free that an answer brings forward",
  true,
  ["1", "1 use-after-free:b"],
  `int *p; void a(void *q) { if (__tcs_choose("early", 2)) kfree(p); } void b(void *q) { saw(0, 0 * *p); } void test(void) { p = kmalloc(4); run(a); run(b); join(); }`,
);
add(
  "a free that no answer brings before the end",
  false,
  ["1"],
  `int *p; completion_t c; void a(void *q) { wait_for_completion(&c); if (__tcs_choose("early", 2)) kfree(p); } void b(void *q) { saw(0, 0 * *p); complete(&c); } void test(void) { p = kmalloc(4); run(a); run(b); join(); }`,
);
add(
  "a sleep of one of three lengths against a timeout",
  false,
  ["0", "1"],
  `int r; completion_t c; void a(void *p) { r = wait_for_completion_timeout(&c, 500 * MS); } void b(void *p) { msleep(300 * __tcs_choose("length", 3)); complete(&c); } void test(void) { run(a); run(b); join(); outcome(r); }`,
);

export const concurrentPrograms: readonly ConcurrentProgram[] = programs;
