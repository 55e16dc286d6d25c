/* SPDX-License-Identifier: MIT */
/* The keywords of a driver: what they may be, and whether a value is that. */
#include "undis/inf/inf.h"

#include "undis/error.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* NULL: known, and of no meaning here. */
static const struct {
    const char *name;
    size_t offset;
    bool range;
} keys[] = {
    {"type", offsetof(struct inf_parameter, type), false},
    {"default", offsetof(struct inf_parameter, initial), false},
    {"min", offsetof(struct inf_parameter, min), true},
    {"max", offsetof(struct inf_parameter, max), true},
    {"step", offsetof(struct inf_parameter, step), false},
    {"base", offsetof(struct inf_parameter, base), false},
    {"optional", offsetof(struct inf_parameter, optional), false},
    {"LimitText", offsetof(struct inf_parameter, limit), false},
};

/* Of dialogs only. */
static const char *const shown[] = {"ParamDesc", "UpperCase", "flag", "ReadOnly", "HelpText"};

/* The numbers that a type can hold. */
static const struct {
    const char *name;
    long long min, max;
} numbers[] = {
    {"int", INT32_MIN, INT32_MAX},
    {"long", INT32_MIN, INT32_MAX},
    {"word", 0, 0xffff},
    {"dword", 0, 0xffffffff},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct inf_parameter *
parameter(const struct inf_driver *driver, const char *name, size_t length)
{
    for (struct inf_parameter *p = driver->parameters; p; p = p->next)
        if (strlen(p->name) == length && strncasecmp(p->name, name, length) == 0)
            return p;
    return NULL;
}

static struct inf_parameter *
parameter_new(struct inf_driver *driver, const struct inf_line *line, const char *name,
    size_t length, bool of_driver)
{
    struct inf_parameter *p = inf_alloc(&driver->inf, sizeof(*p)), **link = &driver->parameters;
    char *copy = inf_alloc(&driver->inf, length + 1);

    if (!p || !copy)
        return NULL;
    p->name = memcpy(copy, name, length);
    p->line = line->line;
    p->of_driver = of_driver;
    while (*link)
        link = &(*link)->next;
    *link = p;
    return p;
}

static int
add_choice(struct inf_driver *driver, struct inf_parameter *p, const struct inf_line *line)
{
    struct inf_choice *choice = inf_alloc(&driver->inf, sizeof(*choice)), **link = &p->choices;

    if (!choice)
        return undis_fail(-ENOMEM, "%s: no memory", driver->inf.path);
    if (!p->choices)
        p->line = line->line;
    choice->value = inf_field_text(line, 2);
    while (*link)
        link = &(*link)->next;
    *link = choice;
    return 0;
}

static int
unknown_key(
    const struct inf_driver *driver, const struct inf_parameter *p, const struct inf_line *line)
{
    const char *names[COUNT(keys) + COUNT(shown) + 1] = {NULL}, *near;

    for (size_t i = 0; i < COUNT(keys); i++)
        names[i] = keys[i].name;
    for (size_t i = 0; i < COUNT(shown); i++)
        names[COUNT(keys) + i] = shown[i];
    near = inf_nearest(inf_field_text(line, 2), names);
    return inf_wrong(&driver->inf, line, 2, "unknown key '%s' of parameter %s%s%s%s",
        inf_field_text(line, 2), p->name, near ? "; the nearest is '" : "", near ? near : "",
        near ? "'" : "");
}

static int
check_type(const struct inf_driver *driver, const struct inf_line *line)
{
    static const char *const names[] = {"int", "long", "word", "dword", "edit", "enum", NULL};

    for (size_t i = 0; names[i]; i++)
        if (strcasecmp(inf_field_text(line, 4), names[i]) == 0)
            return 0;
    return inf_wrong(&driver->inf, line, 4,
        "unknown type '%s'; there are int, long, word, dword, edit and enum",
        inf_field_text(line, 4));
}

int
inf_add_parameter(
    struct inf_driver *driver, const struct inf_line *line, const char *rest, bool of_driver)
{
    size_t length = strcspn(rest, "\\");
    struct inf_parameter *p = parameter(driver, rest, length);
    const char *name = inf_field_text(line, 2);

    if (!p)
        p = parameter_new(driver, line, rest, length, of_driver);
    if (!p)
        return undis_fail(-ENOMEM, "%s: no memory", driver->inf.path);
    if (rest[length] && strcasecmp(rest + length, "\\enum") == 0)
        return add_choice(driver, p, line);
    if (rest[length])
        return inf_wrong(&driver->inf, line, 1, "unknown key '%s' of parameter %s; there is 'enum'",
            rest + length + 1, p->name);
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (strcasecmp(name, keys[i].name) != 0)
            continue;
        *(const char **)((char *)p + keys[i].offset) = inf_field_text(line, 4);
        if (keys[i].range)
            p->line = line->line;
        return i == 0 ? check_type(driver, line) : 0;
    }
    for (size_t i = 0; i < COUNT(shown); i++)
        if (strcasecmp(name, shown[i]) == 0)
            return 0;
    return unknown_key(driver, p, line);
}

static bool
parse(const char *text, int base, long long *value)
{
    char *end;

    errno = 0;
    *value = strtoll(text, &end, base);
    return !errno && end != text && !*end;
}

/* The range as it is told to the user, at the end of @text. */
static int
out_of_range(const struct inf_driver *driver, const struct inf_parameter *p, const char *value,
    const char *range)
{
    return undis_fail(
        -ERANGE, "%s=%s: %s (%s:%u)", p->name, value, range, driver->inf.path, p->line);
}

static int
check_number(
    const struct inf_driver *driver, const struct inf_parameter *p, const char *value, size_t type)
{
    int base = p->base && strcmp(p->base, "16") == 0 ? 16 : 0;
    long long n, min = numbers[type].min, max = numbers[type].max, step = 1;
    char range[160];

    if (p->min)
        parse(p->min, base, &min);
    if (p->max)
        parse(p->max, base, &max);
    if (!p->step || !parse(p->step, base, &step) || step < 1)
        step = 1;
    if (!parse(value, base, &n)) {
        snprintf(range, sizeof(range), "not a number; it is %s from %lld to %lld",
            numbers[type].name, min, max);
        return out_of_range(driver, p, value, range);
    }
    if (n < min || n > max) {
        snprintf(range, sizeof(range), "out of range, which is %lld to %lld", min, max);
        return out_of_range(driver, p, value, range);
    }
    if ((n - min) % step) {
        snprintf(
            range, sizeof(range), "not on a step: %lld to %lld in steps of %lld", min, max, step);
        return out_of_range(driver, p, value, range);
    }
    return 0;
}

static int
check_choice(const struct inf_driver *driver, const struct inf_parameter *p, const char *value)
{
    char list[256] = "none of";
    size_t used = strlen(list);

    for (const struct inf_choice *c = p->choices; c; c = c->next) {
        if (strcasecmp(c->value, value) == 0)
            return 0;
        if (used + strlen(c->value) + 3 < sizeof(list))
            used += (size_t)snprintf(
                list + used, sizeof(list) - used, "%s %s", c == p->choices ? "" : ",", c->value);
    }
    return out_of_range(driver, p, value, list);
}

/* Names that AddReg gives and that have no range may be set too. */
static bool
is_value(const struct inf_driver *driver, const char *keyword)
{
    for (const struct inf_value *v = driver->values; v; v = v->next)
        if (strcasecmp(v->name, keyword) == 0)
            return true;
    return false;
}

static int
unknown_keyword(const struct inf_driver *driver, const char *keyword)
{
    const char *names[128] = {NULL}, *near;
    size_t n = 0;

    for (const struct inf_parameter *p = driver->parameters; p && n < COUNT(names) - 1; p = p->next)
        names[n++] = p->name;
    near = inf_nearest(keyword, names);
    return undis_fail(-ENOENT, "%s: %s has no such keyword%s%s", keyword, driver->inf.path,
        near ? "; the nearest is " : "", near ? near : "");
}

int
inf_check(const struct inf_driver *driver, const char *keyword, const char *value)
{
    /* Read by NDIS itself, whether an INF shows them or not. */
    static const char *const common[] = {"NetworkAddress", "UpperBindings", "Port"};
    const struct inf_parameter *p = parameter(driver, keyword, strlen(keyword));
    const char *type = p && p->type ? p->type : "edit";
    long long limit;

    for (size_t i = 0; !p && i < COUNT(common); i++)
        if (strcasecmp(keyword, common[i]) == 0)
            return 0;
    if (!p)
        return is_value(driver, keyword) ? 0 : unknown_keyword(driver, keyword);
    for (size_t i = 0; i < COUNT(numbers); i++)
        if (strcasecmp(type, numbers[i].name) == 0)
            return check_number(driver, p, value, i);
    if (strcasecmp(type, "enum") == 0)
        return check_choice(driver, p, value);
    if (p->limit && parse(p->limit, 10, &limit) && (long long)strlen(value) > limit) {
        char range[64];

        snprintf(range, sizeof(range), "longer than %lld characters", limit);
        return out_of_range(driver, p, value, range);
    }
    return 0;
}
