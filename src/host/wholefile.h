/* SPDX-License-Identifier: MIT */
/* A file that is whole whenever the process ends: pieces are written at once, or not at all. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A new or emptied file: a descriptor, or -errno. */
int wholefile_open(const char *path);
void wholefile_close(int fd);
/* Its length, or -errno. */
int64_t wholefile_size(int fd);
/* Writes at @at, where the file may go on; 0, or -errno, and then the file ends at @at. */
int wholefile_write(int fd, const char *bytes, size_t size, int64_t at);
