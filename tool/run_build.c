/* SPDX-License-Identifier: MIT */
/* What undis run builds before it carries frames: INFs, settings, drivers, ports, stacks. What goes
 * wrong is told at the place where it was asked for.
 */
#include "run.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
run_driver_path(const struct run_driver *driver, char *path, size_t size)
{
    return find_driver(driver->file ? driver->file : driver->name, path, size);
}

static unsigned
row_of(const struct run_options *o, const char *name)
{
    unsigned i = 0;

    while (strcmp(o->drivers[i].name, name) != 0)
        i++;
    return i;
}

/* INFs before settings, which they check, and both before the drivers that read them. */
static int
read_inf(struct run_state *state, const struct run_driver *driver, unsigned row)
{
    char path[PATH_MAX];
    const char *name = driver->declared ? driver->name : NULL;
    size_t length;

    if (!run_driver_path(driver, path, sizeof(path)))
        return complain_at(
            &driver->at, NULL, UNDIS_EXIT_FAILED, "%s: there is no driver %s", driver->name, path);
    state->services[row] = name;
    length = strlen(path);
    if (driver->inf)
        snprintf(path, sizeof(path), "%s", driver->inf);
    else if (length > 3)
        snprintf(path + length - 3, sizeof(path) - length + 3, ".inf");
    if (!driver->inf && access(path, R_OK) != 0)
        return 0;
    if (undis_driver_inf(state->machine, name, path, &state->services[row]))
        return complain_at(&driver->at, NULL, UNDIS_EXIT_FAILED, "%s", undis_error());
    return 0;
}

/* The name that a driver without an INF and without a declaration is loaded under. */
static void
service_of(const struct run_state *state, const struct run_options *o, unsigned row, char *name,
    size_t size)
{
    char path[PATH_MAX];
    const char *from = state->services[row];
    size_t length;

    if (!from && run_driver_path(&o->drivers[row], path, sizeof(path)))
        from = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    length = from ? strlen(from) : 0;
    if (!state->services[row] && length > 3)
        length -= 3;
    snprintf(name, size, "%.*s", (int)(length < size ? length : size - 1), from ? from : "");
}

static int
apply_settings(const struct run_options *o, struct run_state *state)
{
    for (unsigned i = 0; i < o->setting_count; i++) {
        const struct run_setting *s = &o->settings[i];
        char service[64], where[256];

        if (!s->where)
            service_of(state, o, row_of(o, s->driver), service, sizeof(service));
        snprintf(where, sizeof(where), "%s%s%s", s->where ? s->where : service, s->stack ? "/" : "",
            s->stack ? s->stack : "");
        if (undis_set(state->machine, where, s->keyword, s->value))
            return complain_at(&s->at, "set", UNDIS_EXIT_FAILED, "%s", undis_error());
    }
    return 0;
}

static int
load(const struct run_options *o, struct run_state *state, unsigned row)
{
    const struct run_driver *driver = &o->drivers[row];
    char path[PATH_MAX];

    run_driver_path(driver, path, sizeof(path));
    if (undis_driver_load(state->machine, path, state->services[row], &state->loaded[row]))
        return complain_at(&driver->at, NULL, UNDIS_EXIT_FAILED, "%s", undis_error());
    return 0;
}

static int
load_all(const struct run_options *o, struct run_state *state)
{
    int error = 0;

    for (unsigned i = 0; i < o->driver_count && !error; i++)
        error = read_inf(state, &o->drivers[i], i);
    if (!error)
        error = apply_settings(o, state);
    for (unsigned i = 0; i < o->driver_count && !error; i++)
        error = load(o, state, i);
    return error;
}

static int
start_capture(const struct run_options *o, struct run_state *state)
{
    if (!o->capture.text)
        return 0;
    if (undis_capture_open(state->machine, o->capture.text, &state->capture))
        return complain_at(&o->capture.at, "capture", UNDIS_EXIT_FAILED, "%s", undis_error());
    state->capture_file = o->capture.text;
    return 0;
}

static int
open_ports(const struct run_stack *asked, struct run_state *state, struct run_line *line)
{
    if (asked->top.text && undis_port_open(state->machine, asked->top.text, &line->top))
        return complain_at(&asked->top.at, "top", UNDIS_EXIT_FAILED, "%s", undis_error());
    if (asked->bottom.text && undis_port_open(state->machine, asked->bottom.text, &line->bottom))
        return complain_at(&asked->bottom.at, "bottom", UNDIS_EXIT_FAILED, "%s", undis_error());
    return 0;
}

static int
create_stack(const struct run_options *o, unsigned index, struct run_state *state)
{
    const struct run_stack *asked = &o->stacks[index];
    struct run_line *line = &state->lines[index];
    struct undis_driver *filters[RUN_DRIVERS + 1] = {0}, *protocols[RUN_DRIVERS + 1] = {0};
    struct undis_stack_config config = {.size = sizeof(config),
        .name = asked->name,
        .filters = filters,
        .protocols = protocols,
        .miniport = state->loaded[row_of(o, asked->miniport.text)]};
    int error = open_ports(asked, state, line);

    if (error)
        return error;
    config.top = line->top;
    config.bottom = line->bottom;
    line->name = asked->name ? asked->name : "net0";
    for (unsigned i = 0; i < asked->filter_count; i++)
        filters[i] = state->loaded[row_of(o, asked->filters[i].text)];
    for (unsigned i = 0; i < asked->protocol_count; i++)
        protocols[i] = state->loaded[row_of(o, asked->protocols[i].text)];
    if (undis_stack_create(state->machine, &config, &line->stack))
        return complain_at(&asked->at, NULL, UNDIS_EXIT_FAILED, "%s", undis_error());
    state->line_count++;
    return 0;
}

static void
hold_ports(const struct run_state *state, bool held)
{
    for (unsigned i = 0; i < state->line_count; i++) {
        if (state->lines[i].top)
            undis_port_hold(state->lines[i].top, held);
        if (state->lines[i].bottom)
            undis_port_hold(state->lines[i].bottom, held);
    }
}

/* All are planned before the first starts: an intermediate driver finds its instances then. No frame
 * comes in before all run: a wire may join two of them. */
int
run_build(const struct run_options *o, struct run_state *state)
{
    int error = load_all(o, state);

    if (!error)
        error = start_capture(o, state);
    for (unsigned i = 0; i < o->stack_count && !error; i++)
        error = create_stack(o, i, state);
    hold_ports(state, true);
    for (unsigned i = 0; i < o->stack_count && !error; i++)
        if (undis_stack_start(state->lines[i].stack))
            error = complain_at(&o->stacks[i].at, NULL, UNDIS_EXIT_FAILED, "%s", undis_error());
    hold_ports(state, false);
    return error;
}
