/* SPDX-License-Identifier: MIT */
/* Driver files that no build would make: from a line of C, by the compiler at hand, without
 * undis' wrapper. The test is skipped where there is no compiler.
 */
#pragma once

/* The path of the file, until the process ends. */
const char *made_driver(const char *name, const char *source);
