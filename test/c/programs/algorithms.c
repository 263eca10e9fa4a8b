/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdint.h>
#include <string.h>
static uint32_t crc_table[256];
static uint32_t crc(const void *p, size_t n) { const uint8_t *b = p; uint32_t c = ~0u; while (n--) c = crc_table[(c ^ *b++) & 255] ^ c >> 8; return ~c; }
static uint64_t fnv(const char *s) { uint64_t h = 0xcbf29ce484222325; while (*s) h = (h ^ (uint8_t)*s++) * 0x100000001b3; return h; }
#define ROL(x, n) ((x) << (n) | (x) >> (32 - (n)))
static void md5(const uint8_t *msg, size_t len, uint32_t out[4])
{
	static const uint8_t r[] = { 7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21 };
	static uint32_t k[64];
	uint32_t h[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
	uint8_t block[64] = { 0 };
	uint64_t seed = 0x9e3779b97f4a7c15;
	for (int i = 0; i < 64; i++) { seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17; k[i] = seed >> 32; }
	memcpy(block, msg, len);
	block[len] = 0x80;
	uint64_t bits = len * 8;
	memcpy(block + 56, &bits, 8);
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3];
	for (int i = 0; i < 64; i++) {
		uint32_t f, w;
		int g;
		if (i < 16) f = (b & c) | (~b & d), g = i;
		else if (i < 32) f = (d & b) | (~d & c), g = (5 * i + 1) % 16;
		else if (i < 48) f = b ^ c ^ d, g = (3 * i + 5) % 16;
		else f = c ^ (b | ~d), g = 7 * i % 16;
		memcpy(&w, block + g * 4, 4);
		uint32_t t = d;
		d = c; c = b;
		b += ROL(a + f + k[i] + w, r[i / 16 * 4 + i % 4]);
		a = t;
	}
	out[0] = h[0] + a; out[1] = h[1] + b; out[2] = h[2] + c; out[3] = h[3] + d;
}
static int queens(int n, int row, unsigned cols, unsigned d1, unsigned d2)
{
	if (row == n) return 1;
	int s = 0;
	for (unsigned free = ~(cols | d1 | d2) & ((1u << n) - 1); free; free &= free - 1) {
		unsigned b = free & -free;
		s += queens(n, row + 1, cols | b, (d1 | b) << 1, (d2 | b) >> 1);
	}
	return s;
}
static void hanoi(int n, int a, int b, int c, unsigned *h) { if (!n) return; hanoi(n - 1, a, c, b, h); *h = *h * 31 + a * 3 + c; hanoi(n - 1, b, a, c, h); }
static uint64_t gcd(uint64_t a, uint64_t b) { return b ? gcd(b, a % b) : a; }
static uint64_t powmod(uint64_t b, uint64_t e, uint64_t m) { uint64_t r = 1; for (; e; e >>= 1, b = b * b % m) if (e & 1) r = r * b % m; return r; }
int main(void)
{
	for (uint32_t i = 0; i < 256; i++) { uint32_t c = i; for (int j = 0; j < 8; j++) c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1; crc_table[i] = c; }
	printf("%08x %016lx\n", crc("123456789", 9), fnv("hello world"));
	uint32_t out[4];
	md5((const uint8_t *)"message digest", 14, out);
	printf("%08x %08x %08x %08x\n", out[0], out[1], out[2], out[3]);
	printf("%d\n", queens(7, 0, 0, 0, 0));
	unsigned h = 0;
	hanoi(9, 0, 1, 2, &h);
	printf("%u\n", h);
	printf("%lu %lu\n", gcd(1234567890, 987654321), powmod(3, 1000, 1000007));
	long mat[3][3] = { { 1, 1, 0 }, { 1, 0, 1 }, { 0, 1, 1 } }, r[3][3];
	for (int n = 0; n < 20; n++) { memset(r, 0, sizeof(r)); for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) for (int k = 0; k < 3; k++) r[i][j] += mat[i][k] * mat[k][j] % 10007; memcpy(mat, r, sizeof(r)); for (int i = 0; i < 9; i++) (&mat[0][0])[i] %= 10007; }
	printf("%ld %ld %ld\n", mat[0][0], mat[1][2], mat[2][1]);
	return 0;
}
