/* SPDX-License-Identifier: MIT */
/* Reports for machines. See report_file.c. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <undis.h>

struct report_file {
    FILE *to; /* NULL: none was asked for */
    bool sarif;
    unsigned count;
    long end; /* SARIF: where the next result goes */
};

/* @path ends in .jsonl or .sarif. 0 or -errno. */
int report_file_open(struct report_file *file, const char *path);
void report_file_write(struct report_file *file, const struct undis_report *report);
void report_file_close(struct report_file *file);
