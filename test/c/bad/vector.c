/* SPDX-License-Identifier: MIT */
/* expect 2: vector\.c:3:\d+: error: vector types are not supported */
typedef int four __attribute__((vector_size(16)));
int main(void) { return sizeof(four) != 16; }
