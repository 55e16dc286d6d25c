/* SPDX-License-Identifier: MIT */
/* What an INF says of its driver: from the manufacturer's models to the install section, and from
 * there to services and registry values.
 *
 *     [Manufacturer] -> [Models.NTamd64] -> [Install.NTamd64] -> AddReg, Needs
 *                                                |
 *                                     [Install.NTamd64.Services] -> AddService -> AddReg
 *
 * The first model is the one: an INF with several describes devices that one driver serves.
 */
#include "undis/inf/inf.h"

#include "undis/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NEEDS_DEEP 8

/* Also used with .Services behind it. */
static const struct inf_section *
decorated(const struct inf *inf, const char *name, const char *end)
{
    static const char *const decorations[] = {".NTamd64", ".NT", ""};

    for (size_t i = 0; i < sizeof(decorations) / sizeof(decorations[0]); i++) {
        char full[256];
        const struct inf_section *section;

        snprintf(full, sizeof(full), "%s%s%s", name, decorations[i], end);
        section = inf_section_find(inf, full);
        if (section)
            return section;
    }
    return NULL;
}

/* The models for 64-bit x86 that the line names: "Models, NTamd64, NTamd64.10.0". The last
 * decoration is the newest Windows'. */
static const struct inf_section *
models_of(const struct inf *inf, const struct inf_line *line)
{
    const char *name = inf_field_text(line, 0);
    char full[256];

    for (unsigned i = line->count; i-- > 1;) {
        const struct inf_section *section;

        if (strncasecmp(inf_field_text(line, i), "ntamd64", 7) != 0)
            continue;
        snprintf(full, sizeof(full), "%s.%s", name, inf_field_text(line, i));
        section = inf_section_find(inf, full);
        if (section && section->first)
            return section;
    }
    return decorated(inf, name, "");
}

static int
find_install(const struct inf *inf, const char **name, const struct inf_line **model)
{
    const struct inf_section *makers = inf_section_find(inf, "Manufacturer");

    if (!makers)
        return undis_fail(-EINVAL, "%s:1:1: there is no section [Manufacturer]", inf->path);
    for (const struct inf_line *maker = makers->first; maker; maker = maker->next) {
        const struct inf_section *models = models_of(inf, maker);

        for (*model = models ? models->first : NULL; *model; *model = (*model)->next) {
            *name = inf_field_text(*model, 0);
            if (decorated(inf, *name, ""))
                return 0;
        }
        if (models && models->first)
            return inf_wrong(inf, models->first, 0, "there is no section [%s], nor with .NTamd64",
                inf_field_text(models->first, 0));
    }
    return undis_fail(
        -EINVAL, "%s:%u:1: no models for 64-bit x86 (NTamd64)", inf->path, makers->line);
}

/* The sections that a directive names: AddReg = one, two. */
static int
add_named(struct inf_driver *driver, const struct inf_section *section, bool service)
{
    for (const struct inf_line *line = section->first; line; line = line->next) {
        if (!line->key || strcasecmp(line->key, "AddReg") != 0)
            continue;
        for (unsigned i = 0; i < line->count; i++) {
            const char *name = inf_field_text(line, i);
            const struct inf_section *values = inf_section_find(&driver->inf, name);
            int error = 0;

            if (!values && *name)
                return inf_wrong(&driver->inf, line, i, "there is no section [%s]", name);
            if (values)
                error = inf_add_registry(driver, values, service);
            if (error)
                return error;
        }
    }
    return 0;
}

static int
add_install(struct inf_driver *driver, const struct inf_section *section, unsigned deep)
{
    int error = add_named(driver, section, false);

    for (const struct inf_line *line = section->first; line && !error; line = line->next) {
        if (!line->key || strcasecmp(line->key, "Needs") != 0 || deep == NEEDS_DEEP)
            continue;
        for (unsigned i = 0; i < line->count && !error; i++) {
            const struct inf_section *needed =
                inf_section_find(&driver->inf, inf_field_text(line, i));

            if (needed) /* others are of INFs that Windows brings (Include) */
                error = add_install(driver, needed, deep + 1);
        }
    }
    return error;
}

#define ASSOCIATED 2 /* a flag of AddService: the service is the device's */

static int
add_services(struct inf_driver *driver, const char *install)
{
    const struct inf_section *services = decorated(&driver->inf, install, ".Services");
    int error = 0;

    for (const struct inf_line *line = services ? services->first : NULL; line && !error;
         line = line->next) {
        const struct inf_section *section;

        if (!line->key || strcasecmp(line->key, "AddService") != 0)
            continue;
        section = inf_section_find(&driver->inf, inf_field_text(line, 2));
        if (!section)
            return inf_wrong(
                &driver->inf, line, 2, "there is no section [%s]", inf_field_text(line, 2));
        if (*inf_field_text(line, 0) &&
            (!driver->service || (strtoul(inf_field_text(line, 1), NULL, 0) & ASSOCIATED)))
            driver->service = inf_field_text(line, 0);
        error = add_named(driver, section, true);
    }
    return error;
}

/* "*IfType = 6" and its like, which the class installer writes to the adapter's key. */
static int
add_device_values(struct inf_driver *driver, const struct inf_section *section)
{
    static const char *const names[] = {
        "Characteristics", "BusType", "*IfType", "*MediaType", "*PhysicalMediaType"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct inf_line *line = inf_line_find(section, names[i]);
        char *data;
        struct inf_value *value;
        char *end = NULL;
        uint32_t number;

        if (!line)
            continue;
        number = (uint32_t)strtoul(inf_field_text(line, 0), &end, 0);
        if (end == inf_field_text(line, 0) || *end)
            return inf_wrong(
                &driver->inf, line, 0, "%s: not a number: '%s'", names[i], inf_field_text(line, 0));
        value = inf_alloc(&driver->inf, sizeof(*value));
        data = inf_alloc(&driver->inf, sizeof(number));
        if (!value || !data)
            return undis_fail(-ENOMEM, "%s: no memory", driver->inf.path);
        memcpy(data, &number, sizeof(number));
        *value = (struct inf_value){.next = driver->values,
            .key = "",
            .name = names[i],
            .place = INF_INSTANCE,
            .type = 4,
            .size = sizeof(number),
            .data = data};
        driver->values = value;
    }
    return 0;
}

/* What Windows writes to the key of a device when it is installed. */
static int
add_names(struct inf_driver *driver, const struct inf_line *model, const char *install)
{
    const struct inf_section *version = inf_section_find(&driver->inf, "Version");
    const struct inf_line *provider = inf_line_find(version, "Provider");
    int error = inf_add_string(driver, "DriverDesc", model->key ? model->key : "");

    if (!error)
        error = inf_add_string(driver, "InfSection", install);
    if (!error && provider)
        error = inf_add_string(driver, "ProviderName", inf_field_text(provider, 0));
    if (!error && model->count > 1)
        error = inf_add_string(driver, "MatchingDeviceId", inf_field_text(model, 1));
    return error;
}

int
inf_understand(struct inf_driver *driver)
{
    const struct inf_section *version = inf_section_find(&driver->inf, "Version"), *section;
    const struct inf_line *class = inf_line_find(version, "Class"), *model = NULL;
    const char *install = "";
    int error;

    if (!inf_line_find(version, "Signature"))
        return undis_fail(-EINVAL, "%s:1:1: no INF: there is no Signature in a section [Version]",
            driver->inf.path);
    driver->class = class ? inf_field_text(class, 0) : "";
    error = find_install(&driver->inf, &install, &model);
    if (error)
        return error;
    section = decorated(&driver->inf, install, "");
    error = add_install(driver, section, 0);
    if (!error)
        error = add_services(driver, install);
    if (!error && strcasecmp(driver->class, "Net") == 0)
        error = add_device_values(driver, section);
    if (!error && model && strcasecmp(driver->class, "Net") == 0)
        error = add_names(driver, model, install);
    if (!error && !driver->service)
        return inf_wrong(&driver->inf, model, 0,
            "[%s] names no service: neither Ndi, Service nor "
            "AddService",
            section->name);
    return error;
}

/* One name of a list, without blanks and case. */
static bool
list_has(const char *list, const char *name, size_t length)
{
    for (;;) {
        size_t n;

        list += strspn(list, " \t,");
        n = strcspn(list, " \t,");
        if (!n)
            return false;
        if (n == length && strncasecmp(list, name, n) == 0)
            return true;
        list += n;
    }
}

bool
inf_meet(const char *one, const char *other)
{
    for (;;) {
        size_t n;

        one += strspn(one, " \t,");
        n = strcspn(one, " \t,");
        if (!n)
            return false;
        if (list_has(other, one, n))
            return true;
        one += n;
    }
}

unsigned
inf_rank(const struct inf_driver *driver)
{
    /* As the documentation lists them, from the top of a stack. */
    static const char *const classes[] = {"scheduler", "encryption", "compression", "vpn",
        "loadbalance", "failover", "diagnostic", "custom", "ms_switch_capture", "ms_switch_filter",
        "ms_switch_forward", "provider_address"};
    unsigned custom = 8, i = 0;

    if (driver->filter_type == INF_MONITORING)
        return 0;
    if (!driver->filter_class)
        return custom;
    while (i < sizeof(classes) / sizeof(classes[0])) {
        if (strcasecmp(driver->filter_class, classes[i++]) == 0)
            return i;
    }
    return custom;
}
