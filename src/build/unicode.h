/* SPDX-License-Identifier: MIT */
/* unicode.h - sources in UTF-16, which editors on Windows write and cl.exe reads */
#ifndef BUILD_UNICODE_H
#define BUILD_UNICODE_H

#include "build/text.h"

/* Reads @path; what begins with the mark of UTF-16 is made UTF-8, and *changed says so. */
int text_read_source(struct text *text, const char *path, bool *changed);

#endif
