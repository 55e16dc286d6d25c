/* SPDX-License-Identifier: MIT */
/* undis run: what was asked for, on the command line and in a stack file, and what is shown of it.
 *
 *     run_options.c   the options of both
 *     stack_file.c    the lines that only a file has: driver, stack and what stands in them
 *     run.c           drivers, ports and stacks, and the time while frames pass
 *     run_ask.c       what drivers are asked meanwhile
 *     run_sweep.c     runs one after the other, with a fault in each
 *     run_show.c      what is shown
 */
#pragma once

#include "tool.h"

#define RUN_DRIVERS  16 /* of a kind in a stack */
#define RUN_LOADED   64 /* in all */
#define RUN_STACKS   16
#define RUN_SETTINGS 256

/* Where something was said. */
struct place {
    const char *file; /* NULL: on the command line */
    unsigned line, column;
};

struct said {
    const char *text; /* NULL: it was not */
    struct place at;
};

struct run_driver {
    const char *name; /* as modules call it: a name or a path */
    const char *file; /* NULL: found by its name */
    const char *inf;  /* NULL: the one beside the file, if there is one */
    bool declared;    /* its name is its service's name too */
    struct place at;
};

struct run_stack {
    const char *name; /* NULL: the library gives it one */
    struct said top, bottom;
    struct said miniport, filters[RUN_DRIVERS], protocols[RUN_DRIVERS]; /* top to bottom */
    unsigned filter_count, protocol_count;
    struct place at;
};

struct run_setting {
    const char *where;  /* as undis_set has it; NULL: the two below say it */
    const char *driver; /* as run_driver.name */
    const char *stack;  /* NULL: the driver in all stacks */
    const char *keyword, *value;
    struct place at;
};

struct run_options {
    struct run_stack stacks[RUN_STACKS]; /* [0] is the command line's when there is no file */
    struct run_driver drivers[RUN_LOADED];
    struct run_setting settings[RUN_SETTINGS];
    unsigned stack_count, driver_count, setting_count;
    bool stack_options;           /* an option of the command line speaks of the stack */
    struct said file;             /* the stack file */
    const char *folder;           /* of it, absolute; NULL: the current one */
    struct place at;              /* of the option that is being read */
    struct said capture, control; /* files, or not said */
    bool no_control;
    double duration; /* s, 0: until ^C or the end of the files */
    bool no_ask, simulated, no_verify, hand_over, no_hand_over, scribble, json, quiet, go_on,
        debug_print, ce;
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
/* An option by its long name, as a line of a stack file has it. @value: NULL when there is none. */
int run_option(struct run_options *options, const char *name, const char *value);
/* True when there is such an option; it has a value when *@valued. */
bool run_option_known(const char *name, bool *valued);
/* Names of files in a stack file are relative to it; a copy that lives on. */
const char *run_path(const struct run_options *options, const char *path);
/* "KEYWORD=VALUE", a setting of @driver in @stack (or NULL). */
int
run_setting(struct run_options *options, const char *driver, const char *stack, const char *text);
/* The row of the driver that a module names; made when it is new. NULL: too many, complained of. */
struct run_driver *run_driver(struct run_options *options, const char *name);

/* Reads options->file.text into @options. */
int stack_file_read(struct run_options *options);

/* "undis run: FILE:LINE:COLUMN: ..."; of the command line "undis run: @option: ...", or without
 * when NULL. Answers @status. */
int complain_at(const struct place *at, const char *option, int status, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#define RUN_LAYERS 24

/* A stack that runs. */
struct run_line {
    struct undis_stack *stack;
    const char *name;
    struct undis_port *top, *bottom;
};

struct run_state {
    struct undis *machine;
    struct run_line lines[RUN_STACKS];
    unsigned line_count;
    struct undis_driver *loaded[RUN_LOADED]; /* as in run_options.drivers */
    const char *services[RUN_LOADED];
    struct undis_capture *capture; /* NULL: none, or ended */
    const char *capture_file;      /* NULL: none was asked for */
    struct undis_capture_stats captured;
    double seconds; /* since the start */
};

/* One line that is written over and over, on a terminal only. */
void run_status_line(const struct run_state *state);
void run_status_clear(void);
/* The tables of layers and ports, or the same as one JSON object. */
void run_table(const struct run_state *state, FILE *to);
int run_json(const struct run_state *state, int status, FILE *to);
/* What stands where and its counters, now: JSON to be freed, or NULL. */
char *run_describe(const struct run_state *state);

/* What happened in a run whose faults are counted. */
struct run_faults {
    uint64_t injected, stacks;
};

/* run_sweep.c: --fault each. @once runs it, as if it had been asked for so. An exit status. */
int run_sweep(const struct run_options *options,
    int (*once)(const struct run_options *options, struct run_faults *faults));

/* run_ask.c: asks every stack what it can be asked. */
void run_ask(const struct run_state *state);
/* Lets the filters and protocols that do not come with undis leave their stacks and come again. */
void run_return(const struct run_options *options, const struct run_state *state);
/* Whether it is one of those that come with undis. */
bool run_driver_comes(const struct run_driver *driver);

/* run_build.c: drivers, ports and stacks as asked for. 0, or an exit status after a complaint. */
int run_build(const struct run_options *options, struct run_state *state);
/* The driver's file in @path; false when there is none. */
bool run_driver_path(const struct run_driver *driver, char *path, size_t size);
