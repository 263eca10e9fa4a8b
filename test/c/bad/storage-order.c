/* SPDX-License-Identifier: MIT */
/* expect 2: storage-order\.c:3:\d+: error: structs stored in the other byte order are not supported */
struct __attribute__((scalar_storage_order("big-endian"))) s { int a; };
int main(void) { struct s s = { 1 }; return s.a - 1; }
