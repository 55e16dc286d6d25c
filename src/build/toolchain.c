/* SPDX-License-Identifier: MIT */
/* toolchain.c - the compiler, the kernel headers and the libraries that a build uses */
#include "build/toolchain.h"

#include "build/path.h"
#include "build/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A tree's own build may name its folders here; an installed undis finds them beside itself. */
#ifndef UNDIS_KM_DEFAULT
#define UNDIS_KM_DEFAULT ""
#endif
#ifndef UNDIS_LIB_DEFAULT
#define UNDIS_LIB_DEFAULT ""
#endif

static char *
executable_folder(void)
{
    char *self = realpath("/proc/self/exe", NULL);
    char *folder = self ? path_folder(self) : string_copy(".");

    free(self);
    return folder;
}

/* The first of some folders that holds a file, as an absolute name. */
static char *
first_with(const struct words *folders, const char *file)
{
    for (size_t i = 0; i < folders->count; i++) {
        char *path = string_format("%s/%s", folders->items[i], file);
        bool there = path_is_file(path);

        free(path);
        if (there)
            return realpath(folders->items[i], NULL);
    }
    return NULL;
}

/* What the user named, by an option or a variable; NULL when neither. */
static const char *
named_folder(const char *asked, const char *variable)
{
    const char *named = asked ? asked : getenv(variable);

    return named && *named ? named : NULL;
}

/* The named folder, or else all of beside (relative to the executable) and the fallback. */
static char *
look_for(const char *named, const char *const *beside, const char *fallback, const char *file)
{
    struct words folders = {0};
    char *self = executable_folder();
    char *found;

    if (named) {
        words_add(&folders, named);
    } else {
        for (; *beside; beside++)
            words_format(&folders, "%s/%s", self, *beside);
        if (*fallback)
            words_add(&folders, fallback);
    }
    found = first_with(&folders, file);
    words_free(&folders);
    free(self);
    return found;
}

static bool
find_headers(struct toolchain *toolchain, const char *asked, char **error)
{
    static const char *const beside[] = {
        "../include/undis/km", "../include/km", "../../include/km", "../../../include/km", NULL};

    const char *named = named_folder(asked, "UNDIS_KM");

    toolchain->headers = look_for(named, beside, UNDIS_KM_DEFAULT, "ndis.h");
    if (toolchain->headers) {
        words_add(&toolchain->header_folders, toolchain->headers);
        words_format(&toolchain->header_folders, "%s/crt", toolchain->headers);
        return true;
    }
    *error = string_format("the kernel headers (ndis.h) are not in %s; say where with "
                           "--kernel-headers DIR or UNDIS_KM",
        named ? named : "include/undis/km beside undis");
    return false;
}

static bool
find_library(struct toolchain *toolchain, const char *asked, char **error)
{
    static const char *const beside[] = {
        "../lib", "../lib/x86_64-linux-gnu", "../lib64", ".", NULL};

    const char *named = named_folder(asked, "UNDIS_LIB");

    toolchain->library_dir = look_for(named, beside, UNDIS_LIB_DEFAULT, "libundis.so");
    if (toolchain->library_dir)
        return true;
    *error = string_format("libundis.so is not in %s; say where with --library-dir DIR or "
                           "UNDIS_LIB",
        named ? named : "lib beside undis");
    return false;
}

static bool
program_exists(const char *program)
{
    char *path = string_copy(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
    char *rest;
    bool found = strchr(program, '/') && !access(program, X_OK);

    for (char *part = strtok_r(path, ":", &rest); part && !found && !strchr(program, '/');
         part = strtok_r(NULL, ":", &rest)) {
        char *candidate = string_format("%s/%s", part, program);

        found = !access(candidate, X_OK);
        free(candidate);
    }
    free(path);
    return found;
}

/* What the compiler answers to one option. */
static void
ask_compiler(struct text *answer, const char *compiler, const char *option)
{
    char name[] = "/tmp/undis-ask-XXXXXX";
    char *const command[] = {(char *)compiler, (char *)option, NULL};
    int file = mkstemp(name);

    text_add(answer, "", 0);
    if (file < 0)
        return;
    close(file);
    if (process_run(command, name) == 0)
        text_read_file(answer, name);
    unlink(name);
}

static bool
find_compiler(struct toolchain *toolchain, const char *asked, char **error)
{
    struct text answer = {0};

    toolchain->compiler = asked ? asked : program_exists("clang") ? "clang" : "gcc";
    if (!program_exists(toolchain->compiler)) {
        *error = string_format("%s: no such compiler; say which with --cc", toolchain->compiler);
        return false;
    }
    ask_compiler(&answer, toolchain->compiler, "--version");
    toolchain->clang = strstr(answer.bytes, "clang") != NULL;
    text_clear(&answer);
    ask_compiler(&answer, toolchain->compiler, "-print-file-name=include");
    if (answer.length > 1) {
        answer.bytes[answer.length - 1] = 0;
        words_add(&toolchain->header_folders, answer.bytes);
    }
    text_free(&answer);
    return true;
}

bool
toolchain_find(struct toolchain *toolchain, const char *compiler, const char *headers,
    const char *library_dir, bool linking, char **error)
{
    *toolchain = (struct toolchain){0};
    return find_headers(toolchain, headers, error) && find_compiler(toolchain, compiler, error) &&
           (!linking || find_library(toolchain, library_dir, error));
}

void
toolchain_free(struct toolchain *toolchain)
{
    free(toolchain->headers);
    free(toolchain->library_dir);
    words_free(&toolchain->header_folders);
}

unsigned
sanitizer_parse(const char *name, size_t length)
{
    static const struct {
        const char *name;
        unsigned value;
    } names[] = {
        {"address", SANITIZE_ADDRESS},
        {"thread", SANITIZE_THREAD},
        {"undefined", SANITIZE_UNDEFINED},
        {"races", SANITIZE_RACES},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strlen(names[i].name) == length && !memcmp(names[i].name, name, length))
            return names[i].value;
    return 0;
}
