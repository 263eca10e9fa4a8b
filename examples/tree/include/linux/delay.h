/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_DELAY_H
#define EXAMPLE_DELAY_H

void msleep(unsigned int ms);

#endif
