/* SPDX-License-Identifier: MIT */
/* The core's own copy of the drivers' formatter: one source, compiled for both sides. */
#include "crt/format.c" /* NOLINT(bugprone-suspicious-include) */
