/* SPDX-License-Identifier: MIT */
/* expect 2: wide-bit-field\.c:3:\d+: error: bit-fields of 128-bit integers are not supported */
struct s { unsigned __int128 a : 100; };
int main(void) { return sizeof(struct s) != 16; }
