/* SPDX-License-Identifier: MIT */
/* Reports for machines: JSON lines, or SARIF 2.1.0 for what shows findings beside the code.
 *
 * The file is whole after every report, because the next one may be the last thing the process
 * does; so SARIF's closing brackets are written each time and overwritten by the next report. No
 * heap: a driver may have broken it.
 */
#include "undis/report_file.h"

#include "undis/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

static void
close_sarif(struct report_file *file)
{
    file->end = ftell(file->to);
    fputs(sarif_tail, file->to);
    fflush(file->to);
}

int
report_file_open(struct report_file *file, const char *path)
{
    *file = (struct report_file){.sarif = ends_with(path, ".sarif")};
    if (!file->sarif && !ends_with(path, ".jsonl"))
        return undis_fail(-EINVAL, "%s: a report file is a .jsonl or a .sarif", path);
    file->to = fopen(path, "we");
    if (!file->to)
        return undis_fail(-errno, "%s: %s", path, strerror(errno));
    if (!file->sarif)
        return 0;
    (void)fprintf(file->to, sarif_head, undis_version());
    close_sarif(file);
    return 0;
}

void
report_file_close(struct report_file *file)
{
    if (file->to)
        (void)fclose(file->to);
    file->to = NULL;
}

/* The first @length bytes of @text as a JSON string. */
static void
put_string(FILE *to, const char *text, size_t length)
{
    putc('"', to);
    for (size_t k = 0; k < length; k++) {
        unsigned char c = (unsigned char)text[k];

        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < 0x20 || c >= 0x7F)
            fprintf(to, "\\u%04x", c);
        else
            putc(c, to);
    }
    putc('"', to);
}

static void
put_member(FILE *to, const char *name, const char *text)
{
    if (!text)
        return;
    fprintf(to, ",\"%s\":", name);
    put_string(to, text, strlen(text));
}

static void
put_lines(FILE *to, const char *name, const char *text)
{
    const char *comma = "";

    if (!text)
        return;
    fprintf(to, ",\"%s\":[", name);
    while (*text) {
        size_t length = strcspn(text, "\n");

        fputs(comma, to);
        put_string(to, text, length);
        comma = ",";
        text += length + (text[length] == '\n');
    }
    putc(']', to);
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
put_obligations(FILE *to, const struct undis_report *report)
{
    if (!report->obligation_count)
        return;
    fputs(",\"obligations\":[", to);
    for (unsigned k = 0; k < report->obligation_count; k++) {
        const struct undis_obligation *row = &report->obligations[k];

        fprintf(to, "%s{\"count\":%u,\"since_ns\":%llu", k ? "," : "", row->count,
            (unsigned long long)row->since);
        put_member(to, "owes", row->owes);
        put_member(to, "to", row->to);
        put_member(to, "what", row->what);
        put_member(to, "event", row->event);
        put_member(to, "place", row->place);
        put_lines(to, "stack", row->stack);
        putc('}', to);
    }
    putc(']', to);
    if (report->obligations_left)
        fputs(",\"obligations_left\":true", to);
}

static void
write_line(FILE *to, const struct undis_report *report)
{
    fputs("{\"severity\":", to);
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
    fputs("}\n", to);
    fflush(to);
}

static void
put_physical(FILE *to, const char *name, size_t length, long line)
{
    fputs("\"physicalLocation\":{\"artifactLocation\":{\"uri\":", to);
    put_string(to, name, length);
    fprintf(to, "},\"region\":{\"startLine\":%ld}}", line);
}

/* The first "(FILE:LINE)" of a stack. */
static void
put_place(FILE *to, const char *stack)
{
    const char *name;
    size_t length;
    long line = line_of(stack, &name, &length);

    if (!line)
        return;
    fputs(",\"locations\":[{", to);
    put_physical(to, name, length, line);
    fputs("}]", to);
}

/* Where each obligation began. */
static void
put_related(FILE *to, const struct undis_report *report)
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
        fprintf(to, "%s{", comma);
        put_physical(to, name, length, line);
        fputs(",\"message\":{\"text\":", to);
        put_string(to, text, strlen(text));
        fputs("}}", to);
        comma = ",";
    }
    if (comma[1] == 0)
        putc(']', to);
}

static const char *
level(const char *severity)
{
    if (strcmp(severity, "warning") == 0)
        return "warning";
    return strcmp(severity, "info") == 0 ? "note" : "error";
}

static void
write_result(struct report_file *file, const struct undis_report *report)
{
    FILE *to = file->to;

    if (fseek(to, file->end, SEEK_SET))
        return;
    fprintf(to, "%s\n{\"level\":\"%s\"", file->count++ ? "," : "", level(report->severity));
    put_member(to, "ruleId", report->rule ? report->rule : "crash");
    fputs(",\"message\":{\"text\":", to);
    put_string(to, report->text, strlen(report->text));
    putc('}', to);
    put_place(to, report->stack);
    put_related(to, report);
    fputs(",\"properties\":{\"severity\":", to);
    put_string(to, report->severity, strlen(report->severity));
    put_member(to, "driver", report->driver);
    put_member(to, "statement", report->statement);
    put_member(to, "source", report->source);
    put_lines(to, "stack", report->stack);
    put_lines(to, "other", report->other);
    put_lines(to, "history", report->history);
    put_obligations(to, report);
    put_member(to, "replay", report->replay);
    fputs("}}", to);
    close_sarif(file);
}

void
report_file_write(struct report_file *file, const struct undis_report *report)
{
    if (!file->to)
        return;
    if (file->sarif)
        write_result(file, report);
    else
        write_line(file->to, report);
}
