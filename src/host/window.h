/* SPDX-License-Identifier: MIT */
/* Addresses without memory: where the registers of devices are mapped. Touching one is a fault. */
#pragma once

#include <stddef.h>

/* The lowest free place of the process, always the same ones; NULL and errno when there is none. */
void *host_window_open(size_t size);
void host_window_close(void *window, size_t size);
