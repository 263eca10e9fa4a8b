/* SPDX-License-Identifier: MIT */
/* Host functions that the library needs in addition to tcs.h; see engine/node/c-runner.ts. */
#ifndef HOST_H
#define HOST_H
void __tcs_write(int fd, const void *p, unsigned long n);
long __tcs_read(int fd, void *p, unsigned long n);
void __tcs_exit(int status);
double __tcs_math(int op, double x, double y);
void *__tcs_alloc(unsigned long size, unsigned long align, int kind);
void __tcs_free(const void *p, int kind);
unsigned long __tcs_size(const void *p);
unsigned long __tcs_now(void);
#define PRIVATE_MEMORY 3
/* Ends the program with the shell's status for a fatal signal. */
#define STATUS_ABORT 134
#endif
