/* SPDX-License-Identifier: MIT */
/* undis run: what was asked for, and what is shown of it. */
#pragma once

#include "tool.h"

#define RUN_DRIVERS  16
#define RUN_SETTINGS 64

struct run_options {
    const char *top, *bottom;
    const char *miniport;
    const char *capture;                  /* a file, or NULL */
    const char *filters[RUN_DRIVERS + 1]; /* top to bottom */
    const char *protocols[RUN_DRIVERS + 1];
    const char *settings[RUN_SETTINGS + 1]; /* "WHERE:KEYWORD=VALUE" */
    double duration;                        /* s, 0: until ^C or the end of the files */
    bool simulated, no_verify, json, quiet, go_on, debug_print, ce;
    unsigned processors;
    unsigned patience_ms;
    uint64_t seed;
    const char *suppress, *report, *rules; /* files, or NULL */
    enum undis_fault fault;
    uint64_t fault_which;
    bool help;
};

/* 0, or an exit status after a complaint. */
int run_options_parse(int argc, char **argv, struct run_options *options);
void run_help(FILE *to);

#define RUN_LAYERS 24

struct run_state {
    struct undis *machine;
    struct undis_stack *stack;
    struct undis_port *top, *bottom;
    struct undis_capture *capture; /* NULL: none, or ended */
    const char *capture_file;      /* NULL: none was asked for */
    struct undis_capture_stats captured;
    double seconds; /* since the start */
};

/* One line that is written over and over, on a terminal only. */
void run_status_line(const struct run_state *state);
void run_status_clear(void);
/* The table of layers and ports, or the same as one JSON object. */
void run_table(const struct run_state *state, FILE *to);
int run_json(const struct run_state *state, int status, FILE *to);
