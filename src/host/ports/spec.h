/* SPDX-License-Identifier: MIT */
/* "KIND:NAME,key=value,flag" taken apart. Used for every kind of port. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PORT_PAIRS_MAX 16
#define PORT_SPEC_MAX  1024

struct port_pair {
    const char *key;
    const char *value; /* NULL: a flag, or the name in front */
};

struct port_spec {
    char text[PORT_SPEC_MAX]; /* what the pointers below point into */
    const char *kind;
    const char *name; /* first word without '=', NULL when there is none */
    unsigned count;
    struct port_pair pairs[PORT_PAIRS_MAX]; /* what follows the name */
};

/* 0, or -EINVAL with a sentence. */
int port_spec_parse(struct port_spec *spec, const char *text, char *error, size_t error_size);
/* Every key must be one of @keys (separated by blanks); else -EINVAL, and the sentence names the
 * key and those that there are. */
int port_spec_check(const struct port_spec *spec, const char *keys, char *error, size_t error_size);
/* NULL when absent, "" for a flag. */
const char *port_spec_get(const struct port_spec *spec, const char *key);
/* Leaves *@value alone when the key is absent. 0, or -EINVAL with a sentence. */
int port_spec_number(const struct port_spec *spec, const char *key, uint64_t min, uint64_t max,
    uint64_t *value, char *error, size_t error_size);
