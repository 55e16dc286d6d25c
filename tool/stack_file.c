/* SPDX-License-Identifier: MIT */
/* Stack files, undis-stack(5): a line is a few words, what it means depends on where it stands.
 *
 *     simulated                       options of undis run, before the first driver and stack
 *     driver mine                     a driver by its service's name
 *         file ./mine.so                  where it lies
 *         inf  ./mine.inf                 and its INF
 *         set  Depth=8                    for all of its instances
 *     stack net0                      an adapter
 *         top       tap:t0
 *         protocol  frames
 *         filter    mine                  from top to bottom
 *             set   Way=inline                of this instance
 *         miniport  portnic
 *         bottom    tap:t1
 *
 * Words live as long as the program.
 */
#include "run.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MAX 3

struct reader {
    struct run_options *options;
    struct run_driver *driver; /* the section "driver", or NULL */
    struct run_stack *stack;   /* the section "stack", or NULL */
    const char *module;        /* the driver of the last module of the stack, or NULL */
    struct place word_at[WORDS_MAX];
    const char *words[WORDS_MAX];
    unsigned count;
};

/* Complains at a word of the line. */
static int __attribute__((format(printf, 3, 4)))
wrong(const struct reader *r, unsigned word, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return complain_at(&r->word_at[word], NULL, UNDIS_EXIT_USAGE, "%s", text);
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f';
}

/* Takes the word at *@at off the line; quotes go, as in a shell. */
static int
take_word(struct reader *r, const char *line, const char **at, char *to)
{
    const char *c = *at;
    bool quoted = false;

    if (r->count < WORDS_MAX)
        r->word_at[r->count].column = (unsigned)(c - line) + 1;
    for (; *c && (quoted || !is_blank(*c)); c++) {
        if (*c == '"') {
            quoted = !quoted;
            continue;
        }
        if (*c == '\\' && quoted && (c[1] == '"' || c[1] == '\\'))
            c++;
        *to++ = *c;
    }
    *to = 0;
    *at = c;
    if (r->count == WORDS_MAX)
        return wrong(
            r, WORDS_MAX - 1, "more words than a line can have; blanks belong between \" and \"");
    return quoted ? wrong(r, r->count, "this \" has no second one in its line") : 0;
}

static int
split(struct reader *r, const char *line)
{
    const char *at = line;
    int error = 0;

    r->count = 0;
    while (!error) {
        char *word;

        while (is_blank(*at))
            at++;
        if (!*at || *at == '#')
            return 0;
        word = malloc(strlen(at) + 1);
        if (!word)
            return complain("run", UNDIS_EXIT_FAILED, "no memory");
        error = take_word(r, line, &at, word);
        if (error)
            free(word);
        else
            r->words[r->count++] = word;
    }
    return error;
}

/* How many letters to change, add or leave out. */
static unsigned
distance(const char *a, const char *b)
{
    unsigned row[32], before, up;
    size_t n = strlen(b);

    if (n >= 32)
        return 99;
    for (size_t j = 0; j <= n; j++)
        row[j] = (unsigned)j;
    for (size_t i = 0; a[i]; i++) {
        before = row[0]++;
        for (size_t j = 1; j <= n; j++) {
            up = row[j];
            row[j] = before + (a[i] != b[j - 1]);
            row[j] = row[j] < up + 1 ? row[j] : up + 1;
            row[j] = row[j] < row[j - 1] + 1 ? row[j] : row[j - 1] + 1;
            before = up;
        }
    }
    return row[n];
}

static int
take_driver(struct reader *r)
{
    struct run_options *o = r->options;

    r->stack = NULL;
    r->module = NULL;
    for (unsigned i = 0; i < o->driver_count; i++)
        if (strcmp(o->drivers[i].name, r->words[1]) == 0)
            return wrong(r, 1, "%s: is %s in line %u already; declare a driver once, before use",
                r->words[1], o->drivers[i].declared ? "declared" : "used", o->drivers[i].at.line);
    if (strchr(r->words[1], '/'))
        return wrong(
            r, 1, "%s: not a name; the path goes into a line 'file PATH' below", r->words[1]);
    o->at = r->word_at[1];
    r->driver = run_driver(o, r->words[1]);
    if (!r->driver)
        return UNDIS_EXIT_USAGE;
    r->driver->declared = true;
    r->driver->file = NULL;
    return 0;
}

static int
take_file(struct reader *r)
{
    if (r->driver->file)
        return wrong(r, 0, "driver %s has a file already", r->driver->name);
    r->driver->file = run_path(r->options, r->words[1]);
    return 0;
}

static int
take_inf(struct reader *r)
{
    if (r->driver->inf)
        return wrong(r, 0, "driver %s has an INF already", r->driver->name);
    r->driver->inf = run_path(r->options, r->words[1]);
    return 0;
}

static int
take_driver_set(struct reader *r)
{
    r->options->at = r->word_at[1];
    return run_setting(r->options, r->driver->name, NULL, r->words[1]);
}

static int
take_stack(struct reader *r)
{
    struct run_options *o = r->options;

    if (o->stack_count == RUN_STACKS)
        return wrong(r, 0, "more than %d stacks", RUN_STACKS);
    for (unsigned i = 0; i < o->stack_count; i++)
        if (strcmp(o->stacks[i].name, r->words[1]) == 0)
            return wrong(
                r, 1, "%s: the stack in line %u has that name", r->words[1], o->stacks[i].at.line);
    if (strlen(r->words[1]) > 47 || !*r->words[1] || strpbrk(r->words[1], "/\\:"))
        return wrong(r, 1, "%s: not a name of 1 to 47 characters without / \\ :", r->words[1]);
    r->driver = NULL;
    r->module = NULL;
    r->stack = &o->stacks[o->stack_count++];
    r->stack->name = r->words[1];
    r->stack->at = r->word_at[0];
    return 0;
}

static int
take_port(struct reader *r, struct said *port)
{
    if (port->text)
        return wrong(
            r, 0, "stack %s has this port already, from line %u", r->stack->name, port->at.line);
    *port = (struct said){r->words[1], r->word_at[1]};
    return 0;
}

static int
take_top(struct reader *r)
{
    return take_port(r, &r->stack->top);
}

static int
take_bottom(struct reader *r)
{
    return take_port(r, &r->stack->bottom);
}

static int
take_module(struct reader *r, struct said *module)
{
    const struct run_stack *s = r->stack;
    struct run_driver *driver;

    for (unsigned i = 0; i < RUN_DRIVERS; i++)
        if ((i < s->filter_count && &s->filters[i] != module &&
                strcmp(s->filters[i].text, r->words[1]) == 0) ||
            (i < s->protocol_count && &s->protocols[i] != module &&
                strcmp(s->protocols[i].text, r->words[1]) == 0))
            return wrong(r, 1, "%s: stands in stack %s already", r->words[1], s->name);
    r->options->at = r->word_at[1];
    driver = run_driver(r->options, r->words[1]);
    r->module = r->words[1];
    *module = (struct said){r->words[1], r->word_at[1]};
    return driver ? 0 : UNDIS_EXIT_USAGE;
}

static int
take_listed(struct reader *r, struct said *list, unsigned *count)
{
    if (*count == RUN_DRIVERS)
        return wrong(r, 0, "more than %d of these in stack %s", RUN_DRIVERS, r->stack->name);
    return take_module(r, &list[(*count)++]);
}

static int
take_protocol(struct reader *r)
{
    return take_listed(r, r->stack->protocols, &r->stack->protocol_count);
}

static int
take_filter(struct reader *r)
{
    return take_listed(r, r->stack->filters, &r->stack->filter_count);
}

static int
take_miniport(struct reader *r)
{
    if (r->stack->miniport.text)
        return wrong(r, 0, "stack %s has a miniport already, in line %u", r->stack->name,
            r->stack->miniport.at.line);
    return take_module(r, &r->stack->miniport);
}

static int
take_module_set(struct reader *r)
{
    if (!r->module)
        return wrong(
            r, 0, "whose? 'set' stands below a protocol, filter or miniport, or below 'driver'");
    r->options->at = r->word_at[1];
    return run_setting(r->options, r->module, r->stack->name, r->words[1]);
}

#define SECTION_DRIVER 1u
#define SECTION_STACK  2u

static const struct line {
    const char *word, *operand;
    unsigned sections; /* 0: everywhere */
    int (*take)(struct reader *r);
} lines[] = {
    {"driver", "NAME", 0, take_driver},
    {"stack", "NAME", 0, take_stack},
    {"file", "PATH", SECTION_DRIVER, take_file},
    {"inf", "PATH", SECTION_DRIVER, take_inf},
    {"set", "KEYWORD=VALUE", SECTION_DRIVER, take_driver_set},
    {"top", "PORT", SECTION_STACK, take_top},
    {"protocol", "DRIVER", SECTION_STACK, take_protocol},
    {"filter", "DRIVER", SECTION_STACK, take_filter},
    {"miniport", "DRIVER", SECTION_STACK, take_miniport},
    {"bottom", "PORT", SECTION_STACK, take_bottom},
    {"set", "KEYWORD=VALUE", SECTION_STACK, take_module_set},
};

#define LINES (sizeof(lines) / sizeof(lines[0]))

static unsigned
section(const struct reader *r)
{
    return r->stack ? SECTION_STACK : r->driver ? SECTION_DRIVER : 0;
}

static int
take_option(struct reader *r)
{
    const char *name = r->words[0], *value = r->count > 1 ? r->words[1] : NULL;
    bool valued = false;

    run_option_known(name, &valued);
    if (section(r))
        return wrong(
            r, 0, "%s: is of the whole run; it stands before the first driver and stack", name);
    if (valued && !value)
        return wrong(r, 0, "%s: needs a value behind it", name);
    if (!valued && value)
        return wrong(r, 1, "%s: %s takes no value", value, name);
    r->options->at = r->word_at[valued];
    return run_option(r->options, name, value);
}

/* The line was not understood: says where it would be, or what is spelled like it. */
static int
unknown(struct reader *r)
{
    const char *best = NULL, *word = r->words[0];
    unsigned least = 3;

    for (size_t i = 0; i < LINES; i++) {
        unsigned d = distance(word, lines[i].word);

        if (d == 0)
            return wrong(r, 0, "%s: stands below a line '%s NAME'", word,
                lines[i].sections == SECTION_STACK && strcmp(word, "set") ? "stack" : "driver");
        if (d < least)
            least = d, best = lines[i].word;
    }
    if (best)
        return wrong(r, 0, "%s: unknown; is it '%s'?", word, best);
    return wrong(r, 0, "%s: unknown; lines begin with %s", word,
        r->stack    ? "top, protocol, filter, miniport, bottom, set, driver or stack"
        : r->driver ? "file, inf, set, driver or stack"
                    : "driver, stack or an option of undis run");
}

static int
take_line(struct reader *r)
{
    bool valued;

    for (size_t i = 0; i < LINES; i++) {
        const struct line *line = &lines[i];

        if (strcmp(line->word, r->words[0]) != 0 ||
            (line->sections && !(line->sections & section(r))))
            continue;
        if (r->count < 2)
            return wrong(r, 0, "%s: needs %s behind it", line->word, line->operand);
        if (r->count > 2)
            return wrong(r, 2, "%s: %s takes one word; 'set' has a line of its own", r->words[2],
                line->word);
        if (!*r->words[1])
            return wrong(r, 1, "%s: %s cannot be empty", line->word, line->operand);
        return line->take(r);
    }
    if (run_option_known(r->words[0], &valued)) {
        if (r->count > 2)
            return wrong(r, 2, "%s: %s takes at most one word", r->words[2], r->words[0]);
        return take_option(r);
    }
    return unknown(r);
}

static int
check(const struct run_options *o)
{
    for (unsigned i = 0; i < o->stack_count; i++) {
        const struct run_stack *s = &o->stacks[i];

        if (!s->miniport.text)
            return complain_at(&s->at, NULL, UNDIS_EXIT_USAGE,
                "stack %s has no miniport; add a line 'miniport DRIVER'", s->name);
        if (s->top.text && !s->protocol_count)
            return complain_at(&s->top.at, NULL, UNDIS_EXIT_USAGE,
                "a top port needs a protocol to serve it; add a line 'protocol frames'");
    }
    if (!o->stack_count)
        return complain("run", UNDIS_EXIT_USAGE,
            "%s:1:1: there is no stack in it; see undis-stack(5)", o->file.text);
    return 0;
}

static int
read_lines(struct reader *r, FILE *from)
{
    const char *name = r->options->file.text;
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    unsigned number = 0;
    int error = 0;

    while (!error && (length = getline(&line, &room, from)) >= 0) {
        number++;
        for (unsigned i = 0; i < WORDS_MAX; i++)
            r->word_at[i] = (struct place){name, number, 1};
        if (strlen(line) != (size_t)length) {
            error = wrong(r, 0, "there is a zero byte; this is no text");
            break;
        }
        if (length && line[length - 1] == '\n')
            line[length - 1] = 0;
        error = split(r, line);
        r->options->at = r->word_at[0];
        if (!error && r->count)
            error = take_line(r);
    }
    free(line);
    if (!error && ferror(from))
        error = complain("run", UNDIS_EXIT_FAILED, "%s: %s", name, strerror(errno));
    return error;
}

/* Where names in the file start: its folder, absolute. */
static int
find_folder(struct run_options *o)
{
    char real[PATH_MAX], *slash;

    if (!realpath(o->file.text, real))
        return complain("run", UNDIS_EXIT_FAILED, "%s: %s", o->file.text, strerror(errno));
    slash = strrchr(real, '/');
    slash[slash == real] = 0;
    o->folder = strdup(real);
    return o->folder ? 0 : complain("run", UNDIS_EXIT_FAILED, "no memory");
}

int
stack_file_read(struct run_options *options)
{
    struct reader reader = {.options = options};
    bool standard = strcmp(options->file.text, "-") == 0;
    int error = standard ? 0 : find_folder(options);
    FILE *from = standard ? stdin : NULL;

    if (error)
        return error;
    if (!standard)
        from = fopen(options->file.text, "re");
    if (!from)
        return complain("run", UNDIS_EXIT_FAILED, "%s: %s", options->file.text, strerror(errno));
    error = read_lines(&reader, from);
    if (!standard)
        (void)fclose(from);
    return error ? error : check(options);
}
