/* SPDX-License-Identifier: MIT */
/* Reports for machines: JSON lines, or SARIF 2.1.0 for what shows findings beside the code.
 *
 * The file is whole after every report, because the next one may be the last thing the process
 * does: a report is put together in memory first, and written at once, SARIF's closing brackets with
 * it, where those of the one before were. What finds no room on the disk is not there at all. No
 * heap: a driver may have broken it.
 */
#include "undis/report_file.h"

#include "host/wholefile.h"
#include "undis/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (4u << 20)

/* What is put together. Whatever would not fit is too long for anybody. */
static struct text {
    size_t used;
    bool full;
    char bytes[TEXT_MAX];
} built;

static void
put_bytes(struct text *to, const char *from, size_t size)
{
    to->full = to->full || size > sizeof(to->bytes) - to->used;
    if (to->full)
        return;
    memcpy(to->bytes + to->used, from, size);
    to->used += size;
}

static void
put(struct text *to, const char *from)
{
    put_bytes(to, from, strlen(from));
}

static __attribute__((format(printf, 2, 3))) void
put_format(struct text *to, const char *format, ...)
{
    char line[512];
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    put_bytes(to, line, n < 0 ? 0 : (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

static const char sarif_head[] =
    "{\"version\":\"2.1.0\",\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
    "\"runs\":[{\"tool\":{\"driver\":{\"name\":\"undis\",\"version\":\"%s\"}},\"results\":[";
static const char sarif_tail[] = "]}]}\n";

static bool
ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* All of what was put together, or nothing. */
static int
write_built(int fd, int64_t at)
{
    return built.full ? -EIO : wholefile_write(fd, built.bytes, built.used, at);
}

static void
begin(void)
{
    built.used = 0;
    built.full = false;
}

int
report_file_open(struct report_file *file, const char *path)
{
    int fd, error;

    *file = (struct report_file){.fd = -1, .sarif = ends_with(path, ".sarif")};
    if (!file->sarif && !ends_with(path, ".jsonl"))
        return undis_fail(-EINVAL, "%s: a report file is a .jsonl or a .sarif", path);
    fd = wholefile_open(path);
    if (fd < 0)
        return undis_fail(fd, "%s: %s", path, strerror(-fd));
    begin();
    if (file->sarif) {
        put_format(&built, sarif_head, undis_version());
        put(&built, sarif_tail);
    }
    file->empty = (int64_t)built.used;
    error = write_built(fd, 0);
    if (error) {
        wholefile_close(fd);
        return undis_fail(error, "%s: %s", path, strerror(-error));
    }
    file->fd = fd;
    return 0;
}

void
report_file_close(const struct report_file *file)
{
    if (file->fd >= 0)
        wholefile_close(file->fd);
}

/* The first @length bytes of @text as a JSON string. */
static void
put_string(struct text *to, const char *text, size_t length)
{
    put(to, "\"");
    for (size_t k = 0; k < length; k++) {
        unsigned char c = (unsigned char)text[k];

        if (c == '"' || c == '\\')
            put_format(to, "\\%c", c);
        else if (c < 0x20 || c >= 0x7F)
            put_format(to, "\\u%04x", c);
        else
            put_bytes(to, &text[k], 1);
    }
    put(to, "\"");
}

static void
put_member(struct text *to, const char *name, const char *text)
{
    if (!text)
        return;
    put_format(to, ",\"%s\":", name);
    put_string(to, text, strlen(text));
}

static void
put_lines(struct text *to, const char *name, const char *text)
{
    const char *comma = "";

    if (!text)
        return;
    put_format(to, ",\"%s\":[", name);
    while (*text) {
        size_t length = strcspn(text, "\n");

        put(to, comma);
        put_string(to, text, length);
        comma = ",";
        text += length + (text[length] == '\n');
    }
    put(to, "]");
}

/* The line of "function (FILE:LINE)", and *@name and *@length of the file; 0: there is none. */
static long
line_of(const char *text, const char **name, size_t *length)
{
    for (const char *open = text ? strchr(text, '(') : NULL; open; open = strchr(open + 1, '(')) {
        size_t inside = strcspn(open, ")\n");
        const char *colon = memchr(open, ':', inside);

        if (!colon || strtol(colon + 1, NULL, 10) <= 0)
            continue;
        *name = open + 1;
        *length = (size_t)(colon - open - 1);
        return strtol(colon + 1, NULL, 10);
    }
    return 0;
}

static void
put_obligations(struct text *to, const struct undis_report *report)
{
    if (!report->obligation_count)
        return;
    put(to, ",\"obligations\":[");
    for (unsigned k = 0; k < report->obligation_count; k++) {
        const struct undis_obligation *row = &report->obligations[k];

        put_format(to, "%s{\"count\":%u,\"since_ns\":%llu", k ? "," : "", row->count,
            (unsigned long long)row->since);
        put_member(to, "owes", row->owes);
        put_member(to, "to", row->to);
        put_member(to, "what", row->what);
        put_member(to, "event", row->event);
        put_member(to, "place", row->place);
        put_lines(to, "stack", row->stack);
        put(to, "}");
    }
    put(to, "]");
    if (report->obligations_left)
        put(to, ",\"obligations_left\":true");
}

static void
put_line(struct text *to, const struct undis_report *report)
{
    put(to, "{\"severity\":");
    put_string(to, report->severity, strlen(report->severity));
    put_member(to, "rule", report->rule);
    put_member(to, "driver", report->driver);
    put_member(to, "text", report->text);
    put_member(to, "statement", report->statement);
    put_member(to, "source", report->source);
    put_lines(to, "stack", report->stack);
    put_lines(to, "other", report->other);
    put_lines(to, "history", report->history);
    put_obligations(to, report);
    put_member(to, "replay", report->replay);
    put(to, "}\n");
}

static void
put_physical(struct text *to, const char *name, size_t length, long line)
{
    put(to, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
    put_string(to, name, length);
    put_format(to, "},\"region\":{\"startLine\":%ld}}", line);
}

/* The first "(FILE:LINE)" of a stack. */
static void
put_place(struct text *to, const char *stack)
{
    const char *name;
    size_t length;
    long line = line_of(stack, &name, &length);

    if (!line)
        return;
    put(to, ",\"locations\":[{");
    put_physical(to, name, length, line);
    put(to, "}]");
}

/* Where each obligation began. */
static void
put_related(struct text *to, const struct undis_report *report)
{
    const char *comma = ",\"relatedLocations\":[";

    for (unsigned k = 0; k < report->obligation_count; k++) {
        const struct undis_obligation *row = &report->obligations[k];
        char text[256];
        const char *name;
        size_t length;
        long line = line_of(row->place, &name, &length);

        if (!line)
            continue;
        snprintf(text, sizeof(text), "%s owes %s to %s since here", row->owes, row->what, row->to);
        put_format(to, "%s{", comma);
        put_physical(to, name, length, line);
        put(to, ",\"message\":{\"text\":");
        put_string(to, text, strlen(text));
        put(to, "}}");
        comma = ",";
    }
    if (comma[1] == 0)
        put(to, "]");
}

static const char *
level(const char *severity)
{
    if (strcmp(severity, "warning") == 0)
        return "warning";
    return strcmp(severity, "info") == 0 ? "note" : "error";
}

static void
put_result(struct text *to, const struct undis_report *report)
{
    put_format(to, "\n{\"level\":\"%s\"", level(report->severity));
    put_member(to, "ruleId", report->rule ? report->rule : "crash");
    put(to, ",\"message\":{\"text\":");
    put_string(to, report->text, strlen(report->text));
    put(to, "}");
    put_place(to, report->stack);
    put_related(to, report);
    put(to, ",\"properties\":{\"severity\":");
    put_string(to, report->severity, strlen(report->severity));
    put_member(to, "driver", report->driver);
    put_member(to, "statement", report->statement);
    put_member(to, "source", report->source);
    put_lines(to, "stack", report->stack);
    put_lines(to, "other", report->other);
    put_lines(to, "history", report->history);
    put_obligations(to, report);
    put_member(to, "replay", report->replay);
    put(to, "}}");
}

/* Behind the results that are there, before the closing brackets. */
static void
write_result(const struct report_file *file, const struct undis_report *report, int64_t end)
{
    int64_t at = end - (int64_t)strlen(sarif_tail);

    if (end > file->empty)
        put(&built, ",");
    put_result(&built, report);
    put(&built, sarif_tail);
    if (write_built(file->fd, at) == 0)
        return;
    begin();
    put(&built, sarif_tail);
    write_built(file->fd, at);
}

void
report_file_write(const struct report_file *file, const struct undis_report *report)
{
    int64_t size = file->fd < 0 ? -1 : wholefile_size(file->fd);

    if (size < 0)
        return;
    begin();
    if (file->sarif) {
        write_result(file, report, size);
    } else {
        put_line(&built, report);
        write_built(file->fd, size);
    }
}
