/* SPDX-License-Identifier: MIT */
/* What undis run shows: the status line while it runs, the table or JSON at the end. */
#include "run.h"

#include <inttypes.h>
#include <jansson.h>
#include <unistd.h>

static void
port_frames(struct undis_port *port, struct undis_port_stats *stats)
{
    *stats = (struct undis_port_stats){0};
    if (port)
        undis_port_stats(port, stats);
}

void
run_status_line(const struct run_state *state)
{
    struct undis_port_stats tops = {0}, bottoms = {0}, top, bottom;
    struct undis_layer layers[RUN_LAYERS];
    int64_t out = 0;

    if (!isatty(STDERR_FILENO))
        return;
    for (unsigned k = 0; k < state->line_count; k++) {
        int n = undis_stack_layers(state->lines[k].stack, layers, RUN_LAYERS);

        for (int i = 0; i < n && i < RUN_LAYERS; i++)
            out += layers[i].sends_out + layers[i].receives_out;
        port_frames(state->lines[k].top, &top);
        port_frames(state->lines[k].bottom, &bottom);
        tops.read += top.read, tops.written += top.written;
        bottoms.read += bottom.read, bottoms.written += bottom.written;
    }
    fprintf(stderr,
        "\r\033[K%6.1f s  down %" PRIu64 " -> %" PRIu64 "  up %" PRIu64 " -> %" PRIu64
        "  out now %" PRId64,
        state->seconds, tops.read, bottoms.written, bottoms.read, tops.written, out);
}

void
run_status_clear(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

static void
port_row(const char *name, struct undis_port *port, FILE *to)
{
    struct undis_port_stats stats;

    if (!port)
        return;
    port_frames(port, &stats);
    fprintf(to,
        "%-10s read %" PRIu64 " (%" PRIu64 " bytes), written %" PRIu64 " (%" PRIu64
        " bytes), dropped %" PRIu64 ", errors %" PRIu64 "%s\n",
        name, stats.read, stats.read_bytes, stats.written, stats.written_bytes, stats.dropped,
        stats.errors, stats.ended ? ", ended" : "");
}

static void
line_table(const struct run_line *line, FILE *to)
{
    struct undis_layer layers[RUN_LAYERS];
    int n = undis_stack_layers(line->stack, layers, RUN_LAYERS);

    port_row("top port", line->top, to);
    fprintf(to, "%-9s %-12s %-8s %10s %10s %10s %5s %10s %10s %10s %5s\n", "layer", "driver",
        "state", "sent", "completed", "pended", "out", "indicated", "returned", "resources", "out");
    for (int i = 0; i < n && i < RUN_LAYERS; i++) {
        const struct undis_layer *l = &layers[i];

        fprintf(to,
            "%-9s %-12s %-8s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %5" PRId64 " %10" PRIu64
            " %10" PRIu64 " %10" PRIu64 " %5" PRId64 "\n",
            l->kind, l->driver, l->state, l->sent, l->send_completed, l->send_pending, l->sends_out,
            l->indicated, l->returned, l->resources, l->receives_out);
    }
    port_row("bottom port", line->bottom, to);
}

void
run_table(const struct run_state *state, FILE *to)
{
    for (unsigned i = 0; i < state->line_count; i++) {
        if (state->line_count > 1)
            fprintf(to, "%sstack %s\n", i ? "\n" : "", state->lines[i].name);
        line_table(&state->lines[i], to);
    }
    if (state->capture_file)
        fprintf(to, "%s: %" PRIu64 " frames, %" PRIu64 " lost\n", state->capture_file,
            state->captured.frames, state->captured.lost);
}

static json_t *
port_json(struct undis_port *port)
{
    struct undis_port_stats s;

    if (!port)
        return json_null();
    port_frames(port, &s);
    return json_pack("{sI sI sI sI sI sI sb}", "read", (json_int_t)s.read, "written",
        (json_int_t)s.written, "read_bytes", (json_int_t)s.read_bytes, "written_bytes",
        (json_int_t)s.written_bytes, "dropped", (json_int_t)s.dropped, "errors",
        (json_int_t)s.errors, "ended", s.ended);
}

static json_t *
capture_json(const struct run_state *state)
{
    if (!state->capture_file)
        return json_null();
    return json_pack("{ss sI sI sI}", "file", state->capture_file, "frames",
        (json_int_t)state->captured.frames, "bytes", (json_int_t)state->captured.bytes, "lost",
        (json_int_t)state->captured.lost);
}

static json_t *
layer_json(const struct undis_layer *l)
{
    return json_pack("{ss ss ss sI sI sI sI sI sI sI sI sI sI}", "layer", l->kind, "driver",
        l->driver, "state", l->state, "sent", (json_int_t)l->sent, "send_completed",
        (json_int_t)l->send_completed, "send_pended", (json_int_t)l->send_pending, "sends_out",
        (json_int_t)l->sends_out, "indicated", (json_int_t)l->indicated, "returned",
        (json_int_t)l->returned, "resources", (json_int_t)l->resources, "receives_out",
        (json_int_t)l->receives_out, "oids", (json_int_t)l->oids, "statuses",
        (json_int_t)l->statuses);
}

static json_t *
line_json(const struct run_line *line)
{
    struct undis_layer layers[RUN_LAYERS];
    int n = undis_stack_layers(line->stack, layers, RUN_LAYERS);
    json_t *list = json_array();

    for (int i = 0; i < n && i < RUN_LAYERS; i++)
        json_array_append_new(list, layer_json(&layers[i]));
    return json_pack("{ss so so so}", "name", line->name, "top", port_json(line->top), "layers",
        list, "bottom", port_json(line->bottom));
}

int
run_json(const struct run_state *state, int status, FILE *to)
{
    struct undis_usage usage;
    json_t *stacks = json_array(), *all;
    int error;

    for (unsigned i = 0; i < state->line_count; i++)
        json_array_append_new(stacks, line_json(&state->lines[i]));
    undis_usage(state->machine, &usage);
    all = json_pack("{sf si si sI so so}", "seconds", state->seconds, "exit_status", status,
        "rules_broken", (int)usage.rules_broken, "checks", (json_int_t)usage.checks, "stacks",
        stacks, "capture", capture_json(state));
    error = !all || json_dumpf(all, to, JSON_COMPACT);
    json_decref(all);
    fputc('\n', to);
    return error;
}

char *
run_describe(const struct run_state *state)
{
    struct undis_usage usage;
    json_t *stacks = json_array(), *all;
    char *text;

    for (unsigned i = 0; i < state->line_count; i++)
        json_array_append_new(stacks, line_json(&state->lines[i]));
    undis_usage(state->machine, &usage);
    all = json_pack("{si sf si sI so}", "process", (int)getpid(), "seconds",
        (double)undis_now(state->machine) / 1e9, "rules_broken", (int)usage.rules_broken, "checks",
        (json_int_t)usage.checks, "stacks", stacks);
    text = all ? json_dumps(all, JSON_COMPACT) : NULL;
    json_decref(all);
    return text;
}
