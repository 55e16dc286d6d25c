/* SPDX-License-Identifier: MIT */
/* Where code lies in the process, as the kernel says: for reports of crashes, when neither heap nor
 * dynamic linker can be asked. One user at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Reads the mappings of now. */
void maps_read(void);
/* Whether code lies at @address, or did: an image of a driver that has been unmapped counts. */
bool maps_code(const void *address);
/* "NAME.so+0x12", or "?" where no file is. */
void maps_name(const void *address, char *text, size_t size);
