/* SPDX-License-Identifier: MIT */
/* link.c - objects to a driver, and what the linker says in the words of a driver's author */
#include "build/link.h"

#include "build/command.h"
#include "build/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
command_print(const struct words *command)
{
    for (size_t i = 0; i < command->count; i++)
        fprintf(stderr, "%s%s", i ? " " : "", command->items[i]);
    fputc('\n', stderr);
}

static void
collect_after(const char *messages, const char *phrase, const char *ends, struct words *symbols)
{
    const char *at = messages;

    while ((at = strstr(at, phrase))) {
        size_t length;
        char *symbol;

        at += strlen(phrase);
        length = strcspn(at, ends);
        symbol = string_format("%.*s", (int)length, at);
        if (length && !words_have(symbols, symbol))
            words_add(symbols, symbol);
        free(symbol);
    }
}

void
link_missing_symbols(const char *messages, struct words *symbols)
{
    collect_after(messages, "undefined reference to `", "'\n", symbols);
    collect_after(messages, "undefined symbol: ", " \n", symbols);
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void
report(const struct link_job *job, const char *messages, int status)
{
    struct words symbols = {0};

    link_missing_symbols(messages, &symbols);
    if (job->toolchain->verbose || (status && !symbols.count))
        fputs(messages, stderr);
    for (size_t i = 0; i < symbols.count; i++)
        fprintf(stderr, "undis build: %s: %s is not provided by undis\n", base_name(job->output),
            symbols.items[i]);
    words_free(&symbols);
}

int
link_driver(const struct link_job *job)
{
    char *map = string_format("%s/driver.map", job->workspace);
    char *log = string_format("%s/link.log", job->workspace);
    struct words command = {0};
    struct text text = {0};
    int status = 1;

    text_add_string(&text, command_version_script);
    if (!text_write_file(&text, map)) {
        text_clear(&text);
        words_add(&command, job->toolchain->compiler);
        command_link_options(&command, job->toolchain, map);
        words_add_all(&command, job->objects);
        words_add(&command, "-o");
        words_add(&command, job->output);
        command_link_libraries(&command, job->toolchain);
        if (job->toolchain->verbose)
            command_print(&command);
        status = process_run(command.items, log);
        text_read_file(&text, log);
        report(job, text.bytes, status);
    }
    text_free(&text);
    words_free(&command);
    free(log);
    free(map);
    return status;
}
