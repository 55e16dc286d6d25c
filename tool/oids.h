/* SPDX-License-Identifier: MIT */
/* The OIDs by name, generated from the headers that drivers include. */
#pragma once

#include <stdint.h>

struct oid_name {
    const char *name;
    uint32_t oid;
};

extern const struct oid_name oid_names[];
extern const unsigned oid_name_count;
