/* SPDX-License-Identifier: MIT */
/* The rows of docs/api.md, generated. */
#pragma once

struct api_row {
    const char *name, *tier, *status, *page, *test;
};

extern const struct api_row api_rows[];
extern const unsigned api_row_count;
