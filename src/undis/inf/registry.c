/* SPDX-License-Identifier: MIT */
/* AddReg lines: "root, key, name, flags, value". What speaks of the driver itself (Ndi) is kept
 * with it, the parameters go to parameter.c, everything else is a value of the registry.
 */
#include "undis/inf/inf.h"

#include "undis/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Flags of AddReg, and the REG_ types that follow from them. */
#define FLAG_BINARY     0x00000001u
#define FLAG_DELETE     0x00000004u
#define FLAG_KEY_ONLY   0x00000010u
#define FLAG_TYPE       0xffff0001u
#define REGISTRY_NONE   0u
#define REGISTRY_SZ     1u
#define REGISTRY_EXPAND 2u
#define REGISTRY_BINARY 3u
#define REGISTRY_DWORD  4u
#define REGISTRY_MULTI  7u
#define REGISTRY_QWORD  11u

static const struct {
    uint32_t flags, type;
} types[] = {
    {0x00000000, REGISTRY_SZ},
    {0x00000001, REGISTRY_BINARY},
    {0x00010000, REGISTRY_MULTI},
    {0x00010001, REGISTRY_DWORD},
    {0x00020000, REGISTRY_EXPAND},
    {0x00020001, REGISTRY_NONE},
    {0x000b0001, REGISTRY_QWORD},
};

/* UTF-8 as UTF-16LE with a zero behind it; answers the bytes. */
static uint32_t
put_wide(unsigned char *to, const char *from)
{
    uint32_t size = 0;

    while (*from) {
        unsigned char c = (unsigned char)*from++;
        uint32_t unit = c;
        unsigned more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;

        unit = more ? unit & (0x3fu >> more) : unit;
        for (; more && *from; more--)
            unit = unit << 6 | ((unsigned char)*from++ & 0x3fu);
        if (unit >= 0x10000) {
            uint32_t high = 0xd800 + ((unit - 0x10000) >> 10);

            to[size++] = (unsigned char)high;
            to[size++] = (unsigned char)(high >> 8);
            unit = 0xdc00 + (unit & 0x3ff);
        }
        to[size++] = (unsigned char)unit;
        to[size++] = (unsigned char)(unit >> 8);
    }
    to[size++] = 0;
    to[size++] = 0;
    return size;
}

static bool
number(const char *text, unsigned long long max, unsigned long long *value)
{
    char *end;

    errno = 0;
    *value = strtoull(text, &end, 0);
    if (*text == '-') /* as 32 bits */
        *value &= 0xffffffffu;
    return !errno && end != text && !*end && *value <= max;
}

static int
put_bytes(const struct inf *inf, const struct inf_line *line, unsigned char *to, uint32_t *size)
{
    for (unsigned i = 4; i < line->count; i++) {
        char *end;
        unsigned long byte = strtoul(inf_field_text(line, i), &end, 16);

        if (*end || byte > 255)
            return inf_wrong(
                inf, line, i, "not a byte in hexadecimal: '%s'", inf_field_text(line, i));
        to[(*size)++] = (unsigned char)byte;
    }
    return 0;
}

static int
put_number(
    const struct inf *inf, const struct inf_line *line, uint32_t size, struct inf_value *value)
{
    unsigned long long n = 0;

    /* Numbers may also come as their bytes. */
    if (line->count == 4 + size)
        return put_bytes(inf, line, (unsigned char *)value->data, &value->size);
    if (line->count > 4 && !number(inf_field_text(line, 4), size == 4 ? 0xffffffff : ~0ull, &n))
        return inf_wrong(
            inf, line, 4, "not a number of %u bits: '%s'", size * 8, inf_field_text(line, 4));
    memcpy((void *)value->data, &n, size);
    value->size = size;
    return 0;
}

static int
put_data(struct inf *inf, const struct inf_line *line, struct inf_value *value)
{
    size_t room = 16;
    unsigned char *data;

    for (unsigned i = 4; i < line->count; i++)
        room += 2 * strlen(inf_field_text(line, i)) + 2;
    data = inf_alloc(inf, room);
    if (!data)
        return undis_fail(-ENOMEM, "%s: no memory", inf->path);
    value->data = data;
    switch (value->type) {
    case REGISTRY_DWORD: return put_number(inf, line, 4, value);
    case REGISTRY_QWORD: return put_number(inf, line, 8, value);
    case REGISTRY_BINARY:
    case REGISTRY_NONE: return put_bytes(inf, line, data, &value->size);
    case REGISTRY_MULTI:
        for (unsigned i = 4; i < line->count; i++)
            value->size += put_wide(data + value->size, inf_field_text(line, i));
        value->size += put_wide(data + value->size, "");
        return 0;
    default: value->size = put_wide(data, inf_field_text(line, 4)); return 0;
    }
}

static int
type_of(const struct inf *inf, const struct inf_line *line, uint32_t flags, uint32_t *type)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (types[i].flags == (flags & FLAG_TYPE)) {
            *type = types[i].type;
            return 0;
        }
    }
    return inf_wrong(inf, line, 3, "unknown type of value: '%s'", inf_field_text(line, 3));
}

static int
add_value(struct inf_driver *driver, const struct inf_line *line, enum inf_place place)
{
    unsigned long long flags = 0;
    struct inf_value *value, **link = &driver->values;
    int error;

    if (*inf_field_text(line, 3) && !number(inf_field_text(line, 3), 0xffffffff, &flags))
        return inf_wrong(
            &driver->inf, line, 3, "flags are no number: '%s'", inf_field_text(line, 3));
    if (flags & (FLAG_DELETE | FLAG_KEY_ONLY))
        return 0; /* nothing is there before the INF is read, and keys come with their values */
    value = inf_alloc(&driver->inf, sizeof(*value));
    if (!value)
        return undis_fail(-ENOMEM, "%s: no memory", driver->inf.path);
    *value = (struct inf_value){
        .key = inf_field_text(line, 1), .name = inf_field_text(line, 2), .place = place};
    error = type_of(&driver->inf, line, (uint32_t)flags, &value->type);
    if (!error)
        error = put_data(&driver->inf, line, value);
    while (*link)
        link = &(*link)->next;
    *link = value;
    return error;
}

/* HKR, Ndi, NAME, , value: what undis itself wants to know. */
static int
take_ndi(struct inf_driver *driver, const struct inf_line *line)
{
    const char *name = inf_field_text(line, 2), *text = inf_field_text(line, 4);
    unsigned long long n = 0;

    if (strcasecmp(name, "Service") == 0) {
        driver->service = text;
    } else if (strcasecmp(name, "FilterClass") == 0) {
        driver->filter_class = text;
    } else if (strcasecmp(name, "FilterType") == 0) {
        if (!number(text, 2, &n) || n < 1)
            return inf_wrong(&driver->inf, line, 4,
                "FilterType is 1 (monitoring) or 2 (modifying), not '%s'", text);
        driver->filter_type = (enum inf_filter)n;
    } else if (strcasecmp(name, "FilterRunType") == 0) {
        if (!number(text, 2, &n) || n < 1)
            return inf_wrong(&driver->inf, line, 4,
                "FilterRunType is 1 (mandatory) or 2 (optional), not '%s'", text);
        driver->run_type = (unsigned)n;
    }
    return 0;
}

static int
take_interfaces(struct inf_driver *driver, const struct inf_line *line)
{
    static const char *const names[] = {"UpperRange", "LowerRange", "FilterMediaTypes", "DefUpper",
        "DefLower", "UpperExclude", "LowerExclude", NULL};
    const char **const lists[] = {&driver->upper, &driver->lower, &driver->media};
    const char *name = inf_field_text(line, 2), *near;

    for (size_t i = 0; names[i]; i++) {
        if (strcasecmp(name, names[i]) != 0)
            continue;
        if (i < 3)
            *lists[i] = inf_field_text(line, 4);
        return 0;
    }
    near = inf_nearest(name, names);
    return inf_wrong(&driver->inf, line, 2, "unknown key '%s' of Ndi\\Interfaces%s%s%s", name,
        near ? "; the nearest is '" : "", near ? near : "", near ? "'" : "");
}

/* What follows @prefix and a backslash in @key; NULL when it does not start so. */
static const char *
below(const char *key, const char *prefix)
{
    size_t n = strlen(prefix);

    return strncasecmp(key, prefix, n) == 0 && key[n] == '\\' ? key + n + 1 : NULL;
}

static int
take_component(struct inf_driver *driver, const struct inf_line *line)
{
    const char *key = inf_field_text(line, 1), *rest;

    if (strcasecmp(key, "Ndi") == 0)
        return take_ndi(driver, line);
    if (strcasecmp(key, "Ndi\\Interfaces") == 0)
        return take_interfaces(driver, line);
    rest = below(key, "Ndi\\params");
    if (!rest)
        rest = below(key, "FilterAdapterParams");
    if (rest)
        return inf_add_parameter(driver, line, rest, false);
    rest = below(key, "FilterDriverParams");
    if (rest)
        return inf_add_parameter(driver, line, rest, true);
    return below(key, "Ndi") ? 0 : add_value(driver, line, INF_INSTANCE);
}

static int
add_line(struct inf_driver *driver, const struct inf_line *line, bool service)
{
    static const char *const users[] = {"HKCR", "HKCU", "HKU"}; /* nobody logs on here */
    const char *root = inf_field_text(line, 0);

    if (strcasecmp(root, "HKR") == 0)
        return service ? add_value(driver, line, INF_SERVICE) : take_component(driver, line);
    if (strcasecmp(root, "HKLM") == 0)
        return add_value(driver, line, INF_MACHINE);
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
        if (strcasecmp(root, users[i]) == 0)
            return 0;
    return inf_wrong(&driver->inf, line, 0, "unknown root key '%s'; HKR and HKLM are known", root);
}

int
inf_add_registry(struct inf_driver *driver, const struct inf_section *section, bool service)
{
    int error = 0;

    for (const struct inf_line *line = section->first; line && !error; line = line->next)
        error = add_line(driver, line, service);
    return error;
}

int
inf_add_string(struct inf_driver *driver, const char *name, const char *text)
{
    struct inf_value *value = inf_alloc(&driver->inf, sizeof(*value));
    unsigned char *data = inf_alloc(&driver->inf, strlen(text) * 2 + 2);

    if (!value || !data)
        return undis_fail(-ENOMEM, "%s: no memory", driver->inf.path);
    *value = (struct inf_value){.next = driver->values,
        .key = "",
        .name = name,
        .place = INF_INSTANCE,
        .type = REGISTRY_SZ,
        .size = put_wide(data, text),
        .data = data};
    driver->values = value;
    return 0;
}
