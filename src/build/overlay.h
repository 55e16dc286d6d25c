/* SPDX-License-Identifier: MIT */
/*
 * overlay.h - a folder of headers that a driver's #include lines need on Linux
 *
 * The files that a unit includes are walked once, before it is preprocessed. A name that Windows
 * finds and Linux does not (wrong case, backslashes) becomes a file of that name which includes
 * the right one. A NAME.tmh that the trace preprocessor would make becomes a file that defines
 * the driver's trace functions away.
 */
#ifndef BUILD_OVERLAY_H
#define BUILD_OVERLAY_H

#include "build/unit.h"

struct overlay {
    char *root;
    const struct toolchain *toolchain;
    struct words trace_functions; /* from the project and from begin_wpp blocks */
    struct words trace_headers;   /* names of the .tmh files to make */
    struct words seen;            /* files that have been walked */
    bool short_words;             /* try, except ... mean __try, __except ... */
};

void
overlay_open(struct overlay *overlay, const char *workspace, const struct toolchain *toolchain);
/* A trace function as a project gives it: NAME, NAME(LEVEL,MSG,...), NAME{FLAG=X}(MSG,...) */
void overlay_add_trace_function(struct overlay *overlay, const char *declaration);
void overlay_scan(struct overlay *overlay, const struct unit *unit);
/*
 * After the last scan: the defines that a unit in C needs, each after option. A driver that has
 * try { } except ( ) counts on excpt.h's old names for __try and its kin; elsewhere, they are
 * names like any other.
 */
void overlay_define_words(const struct overlay *overlay, struct words *defines, const char *option);
/* After the last scan: makes the .tmh files. */
void overlay_write_trace_headers(const struct overlay *overlay);
void overlay_close(struct overlay *overlay);

#endif
