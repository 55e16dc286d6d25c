/* SPDX-License-Identifier: MIT */
/* Reports for machines. See report_file.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <undis.h>

struct report_file {
    int fd; /* -1: none was asked for */
    bool sarif;
    int64_t empty; /* SARIF: its length without results */
};

/* @path ends in .jsonl or .sarif. 0 or -errno. */
int report_file_open(struct report_file *file, const char *path);
/* One at a time. */
void report_file_write(const struct report_file *file, const struct undis_report *report);
void report_file_close(const struct report_file *file);
