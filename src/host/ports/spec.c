/* SPDX-License-Identifier: MIT */
/* Port specifications: taken apart, checked, numbers read with their limits. */
#include "host/ports/spec.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
take_word(struct port_spec *spec, char *word, bool first)
{
    char *value = strchr(word, '=');

    if (first && !value) {
        spec->name = *word ? word : NULL;
        return 0;
    }
    if (spec->count == PORT_PAIRS_MAX)
        return -EINVAL;
    if (value)
        *value++ = 0;
    spec->pairs[spec->count].key = word;
    spec->pairs[spec->count++].value = value;
    return 0;
}

int
port_spec_parse(struct port_spec *spec, const char *text, char *error, size_t error_size)
{
    char *rest, *word;
    bool first = true;

    memset(spec, 0, sizeof(*spec));
    if (strlen(text) >= sizeof(spec->text)) {
        snprintf(error, error_size, "port: the text is longer than %d bytes", PORT_SPEC_MAX - 1);
        return -EINVAL;
    }
    strcpy(spec->text, text);
    spec->kind = spec->text;
    rest = strchr(spec->text, ':');
    if (!rest)
        return 0;
    *rest++ = 0;
    while ((word = strsep(&rest, ","))) {
        if (take_word(spec, word, first)) {
            snprintf(error, error_size, "port %s: more than %d keys", text, PORT_PAIRS_MAX);
            return -EINVAL;
        }
        first = false;
    }
    return 0;
}

static bool
is_listed(const char *list, const char *key)
{
    size_t length = strlen(key);

    for (const char *at = list; length && (at = strstr(at, key)); at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

int
port_spec_check(const struct port_spec *spec, const char *keys, char *error, size_t error_size)
{
    for (unsigned i = 0; i < spec->count; i++) {
        if (is_listed(keys, spec->pairs[i].key))
            continue;
        snprintf(error, error_size, "port %s: unknown key \"%s\"; %s%s", spec->kind,
            spec->pairs[i].key, *keys ? "there are: " : "it has no keys", keys);
        return -EINVAL;
    }
    return 0;
}

const char *
port_spec_get(const struct port_spec *spec, const char *key)
{
    for (unsigned i = 0; i < spec->count; i++)
        if (!strcmp(spec->pairs[i].key, key))
            return spec->pairs[i].value ? spec->pairs[i].value : "";
    return NULL;
}

int
port_spec_number(const struct port_spec *spec, const char *key, uint64_t min, uint64_t max,
    uint64_t *value, char *error, size_t error_size)
{
    const char *text = port_spec_get(spec, key);
    char *end;
    uint64_t number;

    if (!text)
        return 0;
    errno = 0;
    number = strtoull(text, &end, 0);
    if (!*text || *end || *text == '-' || errno || number < min || number > max) {
        snprintf(error, error_size, "port %s: %s=%s is not a number from %" PRIu64 " to %" PRIu64,
            spec->kind, key, text, min, max);
        return -EINVAL;
    }
    *value = number;
    return 0;
}
