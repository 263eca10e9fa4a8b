/* SPDX-License-Identifier: MIT */
#ifndef _ISO646_H
#define _ISO646_H
#define and &&
#define or ||
#define not !
#define xor ^
#define bitand &
#define bitor |
#define compl ~
#define and_eq &=
#define or_eq |=
#define xor_eq ^=
#define not_eq !=
#endif
