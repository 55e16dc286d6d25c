/* SPDX-License-Identifier: MIT */
/* INF files: the lines (read.c), and what they say of a driver (driver.c).
 *
 *     text -> sections -> lines -> fields      struct inf
 *                  |
 *                  v
 *     service, ranges, filter class, values, parameters      struct inf_driver
 *
 * All of one INF lies in memory of its own, taken in chunks from the machine and given back at
 * once. Who: inf_attach makes it, the unloading of its driver or the end of the machine ends it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct undis;

struct inf_field {
    const char *text; /* without quotes, %tokens% put in */
    unsigned column;
};

/* "key = field, field" or "field, field": key is NULL then. */
struct inf_line {
    struct inf_line *next;
    const char *key;
    unsigned line, column, count;
    struct inf_field *fields;
};

struct inf_section {
    struct inf_section *next;
    const char *name;
    unsigned line;
    struct inf_line *first, *last;
};

struct inf_chunk;

struct inf {
    struct undis *machine;
    struct inf_chunk *chunks;
    const char *path;
    struct inf_section *sections;
};

/* 0 or a negative errno, with "FILE:LINE:COLUMN: ..." for undis_error. To be freed either way. */
int inf_read(struct inf *inf, struct undis *machine, const char *path);
void inf_free(struct inf *inf);
/* Zeroed, ends with @inf; NULL when the machine's memory is used up. */
void *inf_alloc(struct inf *inf, size_t size);
/* NULL when there is none; names are compared without case, as everywhere in an INF. */
const struct inf_section *inf_section_find(const struct inf *inf, const char *name);
const struct inf_line *inf_line_find(const struct inf_section *section, const char *key);
/* Field @index, "" when the line has fewer. */
const char *inf_field_text(const struct inf_line *line, unsigned index);
/* Says what is wrong at field @index of @line, and answers -EINVAL. */
int inf_wrong(const struct inf *inf, const struct inf_line *line, unsigned index,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* UTF-8 from what a file holds: UTF-8 with or without a mark, UTF-16LE with one, or, where it is
 * no UTF-8, Windows' Western code page as far as it is Latin-1. NULL when memory is short or the
 * text is none of these. */
char *inf_decode(struct inf *inf, const unsigned char *bytes, size_t size);
/* $ARCH$ becomes amd64, as StampInf writes it when the driver is built. */
void inf_stamp(char *text);
/* lines.c: the sections of @text. */
int inf_parse(struct inf *inf, char *text);

struct inf_choice {
    struct inf_choice *next;
    const char *value;
};

/* A keyword of Ndi\params, FilterDriverParams or FilterAdapterParams. */
struct inf_parameter {
    struct inf_parameter *next;
    const char *name;
    const char *type, *initial, *min, *max, *step, *base, *optional, *limit; /* NULL: not there */
    unsigned line;  /* where its range stands: min, max or the first line */
    bool of_driver; /* FilterDriverParams: of the service, not of each instance */
    struct inf_choice *choices;
};

/* A value that AddReg asks for. */
struct inf_value {
    struct inf_value *next;
    const char *key;  /* below the service's key, or the absolute path */
    const char *name; /* "": the default value */
    enum inf_place { INF_SERVICE, INF_INSTANCE, INF_MACHINE } place;
    uint32_t type, size; /* REG_*; size in bytes */
    const void *data;    /* UTF-16LE where it is a string */
};

enum inf_filter { INF_NO_FILTER = 0, INF_MONITORING = 1, INF_MODIFYING = 2 };

struct inf_driver {
    struct inf inf;
    struct inf_driver *next;
    const char *service, *class;
    const char *upper, *lower, *media; /* lists of names, NULL: not said */
    const char *filter_class;
    enum inf_filter filter_type;
    unsigned run_type; /* 1 mandatory, 2 optional, 0 not said */
    bool automatic;    /* found beside the driver: goes with it */
    struct inf_parameter *parameters;
    struct inf_value *values;
};

/* Reads @path into the machine and answers what it says. @service: the name the driver will have;
 * NULL: as the INF says. An INF that was attached for that name before is forgotten. */
int inf_attach(struct undis *machine, const char *service, const char *path, bool automatic,
    struct inf_driver **attached);
/* What is known about the driver with that name; NULL: no INF. */
struct inf_driver *inf_of(struct undis *machine, const char *service);
void inf_forget(struct undis *machine, struct inf_driver *driver);
void inf_forget_all(struct undis *machine);

/* meaning.c: fills in @driver from its sections. */
int inf_understand(struct inf_driver *driver);
/* registry.c: AddReg lines of @section; @service: those of a service's section. */
/* A string in the key of an instance. 0, or -ENOMEM and a sentence. */
int inf_add_string(struct inf_driver *driver, const char *name, const char *text);
int inf_add_registry(struct inf_driver *driver, const struct inf_section *section, bool service);
/* parameter.c: one AddReg line below Ndi\params\NAME. */
int inf_add_parameter(
    struct inf_driver *driver, const struct inf_line *line, const char *rest, bool of_driver);
/* Whether @keyword may have @value; if not a negative errno and a sentence. */
int inf_check(const struct inf_driver *driver, const char *keyword, const char *value);
/* Puts values and defaults where the driver reads them; what was set already stays. */
int inf_apply(struct undis *machine, const struct inf_driver *driver, const char *service);

/* True when the comma-separated lists have a name in common. */
bool inf_meet(const char *one, const char *other);
/* From the top of a stack: monitoring filters are 0, then by class. */
unsigned inf_rank(const struct inf_driver *driver);
/* The one of @names (NULL-terminated) that is spelled most like @word; NULL when none is near. */
const char *inf_nearest(const char *word, const char *const *names);
