/* SPDX-License-Identifier: MIT */
/* Suppressions: what a file says is known and shall not be told.
 *
 *     # rule                  driver    function     reason, which must be there
 *     send-complete-order     netvmini  *            # priorities reorder on purpose
 *
 * '*' stands for any. The function is one of the stack of the report. A rule that the core stops
 * for, because it could not go on, cannot be suppressed.
 */
#include "undis/suppress.h"

#include "undis/error.h"
#include "verify/verify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WORD 64
#define LINE 512

struct suppression {
    struct suppression *next;
    char rule[WORD], driver[WORD], function[WORD];
    unsigned line;
    uint64_t used;
};

/* Splits "RULE DRIVER FUNCTION # REASON"; false when something is missing. */
static bool
parse(char *line, struct suppression *s)
{
    char *reason = strchr(line, '#');

    if (!reason)
        return false;
    *reason++ = 0;
    if (reason[strspn(reason, " \t\n")] == 0)
        return false;
    return sscanf(line, "%63s %63s %63s", s->rule, s->driver, s->function) == 3;
}

static bool
is_empty(const char *line)
{
    line += strspn(line, " \t\n");
    return *line == 0 || *line == '#';
}

static int
read_line(struct undis *undis, struct suppressions *all, const char *path, char *line, unsigned n)
{
    struct suppression *s;

    if (is_empty(line))
        return 0;
    s = arena_zalloc(undis->arena, sizeof(*s), 16);
    if (!s)
        return undis_fail(-ENOMEM, "no memory for suppressions");
    s->next = all->first;
    s->line = n;
    all->first = s;
    if (!parse(line, s))
        return undis_fail(-EINVAL, "%s:%u: not RULE DRIVER FUNCTION # REASON", path, n);
    if (strcmp(s->rule, "*") != 0 && !rule_find(s->rule))
        return undis_fail(-EINVAL, "%s:%u: there is no rule %s", path, n, s->rule);
    return 0;
}

int
suppressions_read(struct undis *undis, struct suppressions *all, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[LINE];
    unsigned n = 0;
    int error = 0;

    *all = (struct suppressions){.path = path};
    if (!file)
        return undis_fail(-errno, "%s: %s", path, strerror(errno));
    while (!error && fgets(line, sizeof(line), file))
        error = read_line(undis, all, path, line, ++n);
    (void)fclose(file);
    if (error)
        suppressions_free(undis, all);
    return error;
}

void
suppressions_free(struct undis *undis, struct suppressions *all)
{
    while (all->first) {
        struct suppression *s = all->first;

        all->first = s->next;
        arena_free(undis->arena, s);
    }
}

static bool
fits(const char *pattern, const char *text)
{
    return strcmp(pattern, "*") == 0 || (text && strcmp(pattern, text) == 0);
}

/* Whether a line of @stack is "@function (...)". */
static bool
in_stack(const char *function, const char *stack)
{
    size_t length = strlen(function);

    if (strcmp(function, "*") == 0)
        return true;
    for (; stack && *stack; stack += strcspn(stack, "\n"), stack += *stack == '\n')
        if (strncmp(stack, function, length) == 0 && stack[length] == ' ')
            return true;
    return false;
}

bool
suppressions_hold(struct suppressions *all, const struct undis_report *report)
{
    for (struct suppression *s = all->first; s; s = s->next) {
        if (!fits(s->rule, report->rule) || !fits(s->driver, report->driver) ||
            !in_stack(s->function, report->stack))
            continue;
        s->used++;
        return true;
    }
    return false;
}

void
suppressions_tell_unused(
    const struct suppressions *all, void (*tell)(void *context, const char *text), void *context)
{
    for (const struct suppression *s = all->first; s; s = s->next) {
        char text[LINE];

        if (s->used)
            continue;
        snprintf(text, sizeof(text), "%s:%u: the suppression of %s was not needed\n", all->path,
            s->line, s->rule);
        tell(context, text);
    }
}
