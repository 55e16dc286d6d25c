/* SPDX-License-Identifier: MIT */
/* What several commands need: complaints, drivers by name, the build a driver was made for. */
#include "tool.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
complain(const char *command, int status, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "undis %s: ", command);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return status;
}

/* The folder of this program, without a slash at the end. */
static bool
own_folder(char *folder, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", folder, size - 1);
    char *slash;

    if (n <= 0)
        return false;
    folder[n] = 0;
    slash = strrchr(folder, '/');
    if (!slash)
        return false;
    *slash = 0;
    return true;
}

bool
find_driver(const char *name, char *path, size_t size)
{
    /* Installed, in the build tree, and in the build tree of a sanitizer. */
    static const char *const places[] = {"../lib/undis/drivers", "../drivers"};
    const char *dot = strrchr(name, '.'), *override = getenv("UNDIS_DRIVERS");
    char folder[PATH_MAX];

    if (strchr(name, '/') || (dot && strcmp(dot, ".so") == 0)) {
        snprintf(path, size, "%s", name);
        return access(path, F_OK) == 0;
    }
    if (override) {
        snprintf(path, size, "%s/%s.so", override, name);
        return access(path, F_OK) == 0;
    }
    if (!own_folder(folder, sizeof(folder)))
        return false;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        snprintf(path, size, "%s/%s/%s.so", folder, places[i], name);
        if (access(path, F_OK) == 0)
            return true;
    }
    snprintf(path, size, "%s/%s/%s.so", folder, places[0], name);
    return false;
}

int
match_sanitizer(const char *command, const char *path, char **argv)
{
    static const char *const places[] = {".", "../../%s/bin"};
    const char *kind = undis_driver_needs(path);
    char folder[PATH_MAX], place[64], program[PATH_MAX + 128];

    if (!kind)
        return complain(command, UNDIS_EXIT_FAILED, "%s", undis_error());
    if (!*kind || strcmp(kind, undis_build_kind()) == 0)
        return 0;
    if (*undis_build_kind())
        return complain(command, UNDIS_EXIT_FAILED,
            "%s was built for %s and another driver for %s; one process has one of them", path,
            kind, undis_build_kind());
    if (!own_folder(folder, sizeof(folder)))
        return complain(command, UNDIS_EXIT_FAILED, "cannot tell where this program lies");
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        snprintf(place, sizeof(place), places[i], kind);
        snprintf(program, sizeof(program), "%s/%s/undis-%s", folder, place, kind);
        if (access(program, X_OK) == 0) {
            execv(program, argv);
            return complain(
                command, UNDIS_EXIT_FAILED, "%s: cannot be started: %s", program, strerror(errno));
        }
    }
    return complain(command, UNDIS_EXIT_FAILED,
        "%s was built with the %s sanitizer, and there is no undis-%s beside this program", path,
        kind, kind);
}
