/* SPDX-License-Identifier: MIT */
/* The sentence that goes with a negative answer of undis.h: one per thread. */
#pragma once

/* Keeps the sentence for undis_error and answers @error. */
int undis_fail(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));
