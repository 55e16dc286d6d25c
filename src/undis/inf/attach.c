/* SPDX-License-Identifier: MIT */
/* INFs of a machine: kept by the service's name, their values put into its registry.
 *
 *     service section's AddReg          Services\NAME
 *     defaults of FilterDriverParams    Services\NAME\Parameters
 *     everything that is per adapter    Software\undis\NAME, from where settings.c copies it
 *
 * What is there already was set by the program and stays.
 */
#include "undis/inf/inf.h"

#include "ndis/stack/keys.h"
#include "nt/registry.h"
#include "undis/error.h"
#include "undis/machine.h"
#include "undis/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct inf_driver *
inf_of(struct undis *machine, const char *service)
{
    for (struct inf_driver *d = machine_host(machine)->infs; d; d = d->next)
        if (strcasecmp(d->service, service) == 0)
            return d;
    return NULL;
}

void
inf_forget(struct undis *machine, struct inf_driver *driver)
{
    struct inf_driver **link = &machine_host(machine)->infs;

    while (*link && *link != driver)
        link = &(*link)->next;
    if (*link)
        *link = driver->next;
    inf_free(&driver->inf);
    machine_free(machine, driver);
}

void
inf_forget_all(struct undis *machine)
{
    while (machine_host(machine)->infs)
        inf_forget(machine, machine_host(machine)->infs);
}

/* ASCII and what UTF-8 makes of the rest. */
static void
widen(const char *from, WCHAR *to, ULONG room)
{
    ULONG bytes = 0;

    RtlUTF8ToUnicodeN(to, (room - 1) * (ULONG)sizeof(WCHAR), &bytes, from, (ULONG)strlen(from));
    to[bytes / sizeof(WCHAR)] = 0;
}

static int
put(struct undis *machine, const WCHAR *key, const char *name, const struct inf_value *value)
{
    WCHAR wide[256];
    NTSTATUS status;

    widen(name, wide, RTL_NUMBER_OF(wide));
    if (registry_get(machine, key, wide, NULL, NULL, &(ULONG){0}) != STATUS_OBJECT_NAME_NOT_FOUND)
        return 0;
    status = registry_set(machine, key, wide, value->type, value->data, value->size);
    return NT_SUCCESS(status) ? 0 : undis_fail(-ENOMEM, "the values of an INF cannot be stored");
}

static void
key_of(const struct inf_value *value, const char *service, WCHAR *key)
{
    static const char *const roots[] = {
        [INF_SERVICE] = "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\",
        [INF_INSTANCE] = SETTINGS_OF_INF,
        [INF_MACHINE] = "\\Registry\\Machine\\",
    };
    char path[KEY_UNITS];

    snprintf(path, sizeof(path), "%s%s%s%s", roots[value->place],
        value->place == INF_MACHINE ? "" : service,
        *value->key && value->place != INF_MACHINE ? "\\" : "", value->key);
    widen(path, key, KEY_UNITS);
}

static int
put_default(struct undis *machine, const struct inf_parameter *p, const char *service)
{
    WCHAR text[256], key[KEY_UNITS];
    struct inf_value value = {.key = p->of_driver ? "Parameters" : "",
        .place = p->of_driver ? INF_SERVICE : INF_INSTANCE,
        .type = REG_SZ,
        .data = text};

    if (!p->initial)
        return 0;
    if (p->optional && strcmp(p->optional, "1") == 0)
        return 0; /* not present until somebody sets it */
    widen(p->initial, text, RTL_NUMBER_OF(text));
    while (text[value.size / sizeof(WCHAR)])
        value.size += sizeof(WCHAR);
    value.size += sizeof(WCHAR);
    key_of(&value, service, key);
    return put(machine, key, p->name, &value);
}

int
inf_apply(struct undis *machine, const struct inf_driver *driver, const char *service)
{
    WCHAR key[KEY_UNITS];
    int error = 0;

    for (const struct inf_value *v = driver->values; v && !error; v = v->next) {
        key_of(v, service, key);
        error = put(machine, key, v->name, v);
    }
    for (const struct inf_parameter *p = driver->parameters; p && !error; p = p->next)
        error = put_default(machine, p, service);
    return error;
}

/* What was set before the INF was known. */
static int
check_settings(struct undis *machine, const struct inf_driver *driver)
{
    WCHAR key[KEY_UNITS], name[256], data[512];
    int error = 0;

    key_of(&(struct inf_value){.key = "Parameters", .place = INF_SERVICE}, driver->service, key);
    for (unsigned i = 0; !error; i++) {
        char keyword[256], value[512];
        ULONG type, size = sizeof(data) - sizeof(WCHAR), n;

        if (!NT_SUCCESS(registry_value_name(machine, key, i, name, RTL_NUMBER_OF(name))))
            break;
        if (!NT_SUCCESS(registry_get(machine, key, name, &type, data, &size)) || type != REG_SZ)
            continue;
        data[size / sizeof(WCHAR)] = 0;
        for (n = 0; n < sizeof(keyword) - 1 && name[n]; n++)
            keyword[n] = (char)name[n];
        keyword[n] = 0;
        for (n = 0; n < sizeof(value) - 1 && data[n]; n++)
            value[n] = (char)data[n];
        value[n] = 0;
        error = inf_check(driver, keyword, value);
    }
    return error;
}

int
inf_attach(struct undis *machine, const char *service, const char *path, bool automatic,
    struct inf_driver **attached)
{
    struct inf_driver *driver = machine_alloc(machine, sizeof(*driver)), *old;
    int error;

    if (!driver)
        return undis_fail(-ENOMEM, "%s: no memory", path);
    error = inf_read(&driver->inf, machine, path);
    if (!error)
        error = inf_understand(driver);
    if (!error && service) {
        char *copy = inf_alloc(&driver->inf, strlen(service) + 1);

        driver->service = copy ? strcpy(copy, service) : driver->service;
    }
    driver->automatic = automatic;
    if (!error)
        error = check_settings(machine, driver);
    if (!error)
        error = inf_apply(machine, driver, driver->service);
    if (error) {
        inf_free(&driver->inf);
        machine_free(machine, driver);
        return error;
    }
    old = inf_of(machine, driver->service);
    if (old)
        inf_forget(machine, old);
    driver->next = machine_host(machine)->infs;
    machine_host(machine)->infs = driver;
    *attached = driver;
    return 0;
}
