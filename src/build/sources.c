/* SPDX-License-Identifier: MIT */
/* sources.c - what a driver is made of, from the "sources" file that the WDK's build reads */
#include "build/nmake.h"
#include "build/path.h"
#include "build/project.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the WDK's build sets: a free build for 64-bit x86, of the newest Windows that it knew. */
static const char *const environment[][2] = {{"AMD64", "1"}, {"386", "0"}, {"IA64", "0"},
    {"_BUILDARCH", "AMD64"}, {"BUILDARCH", "amd64"}, {"FREEBUILD", "1"}, {"DDKBUILDENV", "fre"},
    {"DDK_TARGET_OS", "Win7"}, {"O", "obj"}, {"OBJ_PATH", "."}};

/* Folders of a list that are there; those of the WDK are not. */
static void
add_folders(struct words *to, const char *folder, const char *list)
{
    char *copy = string_copy(list), *rest;

    for (char *part = strtok_r(copy, "; \t", &rest); part; part = strtok_r(NULL, "; \t", &rest)) {
        char *found = path_find(folder, part, NULL);

        if (found && path_is_folder(found))
            words_add(to, found);
        free(found);
    }
    free(copy);
}

/* -DNAME=VALUE and /DNAME, among other options of cl.exe. */
static void
add_defines(struct words *to, const char *list)
{
    char *copy = string_copy(list), *rest;

    for (char *part = strtok_r(copy, " \t", &rest); part; part = strtok_r(NULL, " \t", &rest))
        if ((*part == '-' || *part == '/') && part[1] == 'D' && part[2])
            words_add(to, part + 2);
    free(copy);
}

/* RUN_WPP=$(SOURCES) -km -func:NAME(LEVEL,MSG,...) */
static void
add_trace_functions(struct project *project, const char *list)
{
    for (const char *at = list; (at = strcasestr(at, "-func:"));) {
        size_t length;

        at += strlen("-func:");
        length = strcspn(at, ")");
        words_format(&project->trace_functions, "%.*s)", (int)length, at);
    }
}

static bool
add_source(struct project *project, const char *folder, const char *name, const struct nmake *nmake,
    char **error)
{
    char *found;
    struct unit *unit;

    if (!path_has_extension(name, "c") && !unit_is_cxx(name))
        return true;
    found = path_find(folder, name, NULL);
    if (!found) {
        *error = string_format("%s/sources: %s: no such file", folder, name);
        return false;
    }
    unit = project_add_unit(project, found);
    free(found);
    words_add(&unit->includes, folder);
    add_folders(&unit->includes, folder, nmake_get(nmake, "INCLUDES"));
    words_add(&unit->defines, PROJECT_FREE);
    add_defines(&unit->defines, nmake_get(nmake, "C_DEFINES"));
    add_defines(&unit->defines, nmake_get(nmake, "USER_C_FLAGS"));
    return true;
}

static bool
add_sources(struct project *project, const char *folder, const struct nmake *nmake, char **error)
{
    char *list =
        string_format("%s %s", nmake_get(nmake, "SOURCES"), nmake_get(nmake, "AMD64_SOURCES"));
    bool done = true;
    char *rest;

    for (char *name = strtok_r(list, " \t", &rest); name && done;
         name = strtok_r(NULL, " \t", &rest))
        done = add_source(project, folder, name, nmake, error);
    free(list);
    return done;
}

bool
project_read_sources(struct project *project, const char *file, char **error)
{
    struct nmake nmake = {0};
    char *folder = path_folder(file);
    bool done;

    for (size_t i = 0; i < sizeof(environment) / sizeof(*environment); i++)
        nmake_set(&nmake, environment[i][0], environment[i][1]);
    done = nmake_read(&nmake, file, error) && add_sources(project, folder, &nmake, error);
    if (done && !project->count) {
        *error = string_format("%s: names no source file to compile", file);
        done = false;
    }
    if (done) {
        project->name = string_copy(nmake_get(&nmake, "TARGETNAME"));
        add_trace_functions(project, nmake_get(&nmake, "RUN_WPP"));
        words_format(&project->notes, "%s: read", file);
    }
    nmake_free(&nmake);
    free(folder);
    return done;
}
