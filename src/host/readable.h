/* SPDX-License-Identifier: MIT */
/* Whether memory that nobody here has made can be read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* All of @size bytes, now. Costs a system call per page; changes nothing. */
bool host_readable(const void *address, size_t size);
