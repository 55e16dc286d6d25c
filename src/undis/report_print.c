/* SPDX-License-Identifier: MIT */
/* A report as people read it. */
#include "undis/owed.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STACK_TEXT 4096

/* Text that grows in a buffer of its own: no heap, for crashes. */
struct page {
    char text[8 * STACK_TEXT];
    size_t used;
};

static __attribute__((format(printf, 2, 3))) void
say(struct page *page, const char *format, ...)
{
    size_t left = sizeof(page->text) - page->used;
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(page->text + page->used, left, format, arguments);
    va_end(arguments);
    if (n > 0)
        page->used += (size_t)n < left ? (size_t)n : left - 1;
}

/* Indents @text, line by line. */
static void
say_lines(struct page *page, const char *title, const char *text)
{
    if (!text || !*text)
        return;
    say(page, "  %s\n", title);
    while (*text) {
        int length = (int)strcspn(text, "\n");

        say(page, "    %.*s\n", length, text);
        text += length + (text[length] == '\n');
    }
}

/* For people. One write, so that reports of several processes do not mix. */
void
undis_report_print(const struct undis_report *report)
{
    static struct page page;
    static char owed[2 * STACK_TEXT];

    page.used = 0;
    say(&page, "undis: %s: %s\n", report->rule ? report->rule : report->severity, report->text);
    if (report->statement)
        say(&page, "  rule    %s (%s)\n", report->statement, report->severity);
    if (report->source)
        say(&page, "  source  %s\n", report->source);
    if (report->driver)
        say(&page, "  driver  %s\n", report->driver);
    say_lines(&page, "here", report->stack);
    say_lines(&page, "before", report->other);
    say_lines(&page, "history", report->history);
    owed_print(report, owed, sizeof(owed));
    say_lines(&page, "owed", owed);
    if (report->replay)
        say(&page, "  replay  %s\n", report->replay);
    for (size_t done = 0; done < page.used;) {
        ssize_t n = write(STDERR_FILENO, page.text + done, page.used - done);

        if (n <= 0)
            return;
        done += (size_t)n;
    }
}
