/* SPDX-License-Identifier: MIT */
/* Temporary copies of images: $TMPDIR/undis-PID-N-NAME.so (or /tmp). Callers serialise. */
#pragma once

#include <stddef.h>

/* Copies @path; the copy's path goes to @copy. 0 or -errno with a sentence. */
int image_copy_make(const char *path, char *copy, size_t copy_size, char *error, size_t error_size);
/* Removes copies whose process is gone. Once per process; later calls do nothing. */
void image_copy_sweep(void);
