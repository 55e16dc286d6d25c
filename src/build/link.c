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
    if (strstr(messages, "required symbol `DriverEntry'")) {
        fprintf(stderr,
            "undis build: %s: no source defines DriverEntry; is this all of a driver?\n",
            base_name(job->output));
        if (!symbols.count && !job->toolchain->verbose)
            return;
    }
    if (job->toolchain->verbose || (status && !symbols.count))
        fputs(messages, stderr);
    for (size_t i = 0; i < symbols.count; i++)
        fprintf(stderr, "undis build: %s: %s is not provided by undis\n", base_name(job->output),
            symbols.items[i]);
    words_free(&symbols);
}

/* Makes what command_memory_source is for. NULL, and the compiler's words, when it fails. */
static char *
link_memory(const struct link_job *job, const char *log)
{
    char *source = string_format("%s/memory.c", job->workspace);
    char *library = string_format("%s/memory.so", job->workspace);
    struct words command = {0};
    struct text text = {0};
    int status = 1;

    text_add_string(&text, command_memory_source);
    if (!text_write_file(&text, source)) {
        text_clear(&text);
        command_memory(&command, job->toolchain, source, library);
        status = process_run(command.items, log);
        text_read_file(&text, log);
    }
    if (status) {
        fputs(text.bytes, stderr);
        free(library);
        library = NULL;
    }
    text_free(&text);
    words_free(&command);
    free(source);
    return library;
}

static int
link_run(const struct link_job *job, const char *map, const char *memory, const char *log)
{
    struct words command = {0};
    struct text text = {0};
    int status;

    words_add(&command, job->toolchain->compiler);
    command_link_options(&command, job->toolchain, map);
    words_add_all(&command, job->objects);
    if (memory)
        words_add(&command, memory);
    words_add(&command, "-o");
    words_add(&command, job->output);
    command_link_libraries(&command, job->toolchain);
    if (job->toolchain->verbose)
        command_print(&command);
    status = process_run(command.items, log);
    text_read_file(&text, log);
    report(job, text.bytes, status);
    text_free(&text);
    words_free(&command);
    return status;
}

int
link_driver(const struct link_job *job)
{
    char *map = string_format("%s/driver.map", job->workspace);
    char *log = string_format("%s/link.log", job->workspace);
    bool apart =
        job->toolchain->sanitizers & ~(unsigned)SANITIZE_RACES && !job->toolchain->coverage;
    char *memory = apart ? link_memory(job, log) : NULL;
    struct text text = {0};
    int status = 1;

    text_add_string(&text, command_version_script);
    if ((memory || !apart) && !text_write_file(&text, map))
        status = link_run(job, map, memory, log);
    text_free(&text);
    free(memory);
    free(log);
    free(map);
    return status;
}
