/* SPDX-License-Identifier: MIT */
/* Drivers of a machine, and their settings. */
#include "undis/machine.h"

#include "host/image.h"
#include "nt/registry.h"
#include "undis/error.h"
#include "undis/inf/inf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERVICES L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"

struct load {
    struct undis *machine;
    struct inf_driver *inf; /* found beside the driver; NULL: there is none */
    const char *path, *name;
    PDRIVER_INITIALIZE entry;
    struct driver *driver;
};

static int
load_inside(void *arguments)
{
    struct load *load = arguments;
    char error_text[2048] = "no memory";
    NTSTATUS status;
    int error;

    if (driver_by_name(load->machine, load->name))
        return undis_fail(-EEXIST, "a driver called %s is loaded already", load->name);
    if (load->entry)
        error = driver_add(load->machine, load->name, load->entry, &load->driver);
    else
        error = driver_open(
            load->machine, load->path, load->name, &load->driver, error_text, sizeof(error_text));
    if (error && !*error_text)
        return undis_fail(error, "%s: cannot be loaded: %s", load->entry ? load->name : load->path,
            strerror(-error));
    if (error)
        return undis_fail(error, "%s", error_text);
    status = driver_start(load->driver);
    if (!NT_SUCCESS(status))
        return undis_fail(-EIO, "%s: DriverEntry answered 0x%08X", load->name, (unsigned)status);
    return 0;
}

/* "DIR/NAME.so" gives "NAME". */
static void
service_name(const char *path, char *name, size_t size)
{
    const char *slash = strrchr(path, '/'), *dot;
    const char *start = slash ? slash + 1 : path;
    size_t length;

    dot = strrchr(start, '.');
    length = dot && dot != start ? (size_t)(dot - start) : strlen(start);
    if (length >= size)
        length = size - 1;
    memcpy(name, start, length);
    name[length] = 0;
}

struct attach {
    struct undis *machine;
    const char *service, *path;
    bool automatic;
    struct inf_driver *inf;
};

static int
attach_inside(void *arguments)
{
    struct attach *a = arguments;

    return inf_attach(a->machine, a->service, a->path, a->automatic, &a->inf);
}

int
undis_driver_inf(struct undis *machine, const char *name, const char *path, const char **service)
{
    struct attach attach = {.machine = machine, .service = name, .path = path};
    int error = machine_inside(machine, attach_inside, &attach);

    if (!error && service)
        *service = attach.inf->service;
    return error;
}

/* "DIR/NAME.inf" beside "DIR/NAME.so", unless the program named one for this service. */
static int
attach_beside(struct load *load, const char *name)
{
    char path[4096];
    struct attach attach = {
        .machine = load->machine, .service = name, .path = path, .automatic = true};
    size_t length = strlen(load->path);
    int error;

    if (inf_of(load->machine, load->name) || length < 3 || length + 2 > sizeof(path) ||
        strcmp(load->path + length - 3, ".so") != 0)
        return 0;
    snprintf(path, sizeof(path), "%.*s.inf", (int)length - 3, load->path);
    if (access(path, R_OK) != 0)
        return 0;
    error = machine_inside(load->machine, attach_inside, &attach);
    if (error)
        return error;
    load->inf = attach.inf;
    load->name = attach.inf->service;
    return 0;
}

int
undis_driver_load(
    struct undis *machine, const char *path, const char *name, struct undis_driver **driver)
{
    char own[64];
    struct load load = {.machine = machine, .path = path, .name = name};
    int error;

    if (!name) {
        service_name(path, own, sizeof(own));
        load.name = own;
    }
    error = attach_beside(&load, name);
    if (!error)
        error = machine_inside(machine, load_inside, &load);
    if (!error)
        *driver = (struct undis_driver *)load.driver;
    else if (load.inf)
        inf_forget(machine, load.inf);
    return error;
}

int
undis_driver_add(struct undis *machine, const char *name, int32_t (*entry)(void *, void *),
    struct undis_driver **driver)
{
    struct load load = {.machine = machine, .name = name, .entry = (PDRIVER_INITIALIZE)entry};
    int error = machine_inside(machine, load_inside, &load);

    if (!error)
        *driver = (struct undis_driver *)load.driver;
    return error;
}

static int
unload_inside(void *arguments)
{
    struct driver *driver = arguments;
    const char *name = driver->name;
    NTSTATUS status;

    if (!driver->object->DriverUnload)
        return undis_fail(-ENOTSUP, "%s cannot be unloaded: it has no DriverUnload", name);
    status = driver_stop(driver);
    return NT_SUCCESS(status) ? 0
                              : undis_fail(machine_errno((uint32_t)status),
                                    "a driver cannot be unloaded: 0x%08X", (unsigned)status);
}

int
undis_driver_unload(struct undis_driver *driver)
{
    struct driver *inner = (struct driver *)driver;
    struct undis *machine = inner->machine;
    struct inf_driver *inf = inf_of(machine, inner->name);
    int error = machine_inside(machine, unload_inside, inner);

    if (!error && inf && inf->automatic)
        inf_forget(machine, inf);
    return error;
}

const char *
undis_driver_name(const struct undis_driver *driver)
{
    return ((const struct driver *)driver)->name;
}

void *
undis_driver_symbol(struct undis_driver *driver, const char *name)
{
    struct driver *inner = (struct driver *)driver;

    return inner->image ? image_symbol(inner->image, name) : NULL;
}

static bool
widen(const char *from, WCHAR *to, size_t room)
{
    size_t i;

    for (i = 0; from[i] && i + 1 < room; i++) {
        if ((unsigned char)from[i] > 0x7e)
            return false;
        to[i] = (unsigned char)from[i];
    }
    to[i] = 0;
    return !from[i];
}

struct setting {
    struct undis *machine;
    WCHAR path[256], keyword[128], value[512];
};

static int
check_setting(struct undis *machine, const char *service, const char *keyword, const char *value)
{
    const struct inf_driver *inf = inf_of(machine, service);

    return inf ? inf_check(inf, keyword, value) : 0;
}

static int
set_inside(void *arguments)
{
    struct setting *s = arguments;
    ULONG bytes = 0;
    NTSTATUS status;

    while (s->value[bytes / sizeof(WCHAR)])
        bytes += sizeof(WCHAR);
    status = registry_set(s->machine, s->path, s->keyword, REG_SZ, s->value, bytes + sizeof(WCHAR));
    return NT_SUCCESS(status) ? 0 : undis_fail(-ENOMEM, "a setting could not be stored");
}

int
undis_set(struct undis *machine, const char *where, const char *keyword, const char *value)
{
    struct setting s = {.machine = machine};
    const char *slash = strchr(where, '/');
    char service[64], path[128];
    size_t prefix = sizeof(SERVICES) / sizeof(WCHAR) - 1;
    int length = slash ? (int)(slash - where) : (int)strlen(where), error;

    if (length == 0 || length >= (int)sizeof(service) || (slash && strlen(slash) > 48))
        return undis_fail(-EINVAL, "%s: neither DRIVER nor DRIVER/ADAPTER", where);
    memcpy(service, where, (size_t)length);
    service[length] = 0;
    error = check_setting(machine, service, keyword, value);
    if (error)
        return error;
    strcpy(path, service);
    strcat(path, "\\Parameters");
    if (slash) {
        strcat(path, "\\Instances\\");
        strcat(path, slash + 1);
    }
    memcpy(s.path, SERVICES, sizeof(SERVICES));
    if (!widen(path, s.path + prefix, 256 - prefix) || !widen(keyword, s.keyword, 128) ||
        !widen(value, s.value, 512))
        return undis_fail(
            -EINVAL, "%s: %s=%s: only ASCII, and not that long", where, keyword, value);
    return machine_inside(machine, set_inside, &s);
}
