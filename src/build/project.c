/* SPDX-License-Identifier: MIT */
/* project.c - what a driver is made of: its .vcxproj, its "sources", or the files of its folder */
#include "build/project.h"

#include "build/path.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LIBRARY_DEPTH 8

bool
unit_is_cxx(const char *source)
{
    return path_has_extension(source, "cpp") || path_has_extension(source, "cc") ||
           path_has_extension(source, "cxx");
}

void
unit_free(struct unit *unit)
{
    free(unit->source);
    free(unit->text);
    words_free(&unit->defines);
    words_free(&unit->includes);
    words_free(&unit->forced);
}

struct unit *
project_add_unit(struct project *project, const char *source)
{
    struct unit *unit;

    if (project->count == project->room) {
        project->room = project->room ? project->room * 2 : 16;
        project->units = memory_resize(project->units, project->room, sizeof(*project->units));
    }
    unit = &project->units[project->count++];
    *unit = (struct unit){.source = string_copy(source)};
    return unit;
}

bool
project_read_folder(struct project *project, const char *folder, char **error)
{
    struct words names = {0};
    char *absolute = realpath(folder, NULL);

    path_list(&names, folder);
    for (size_t i = 0; i < names.count; i++) {
        if (path_has_extension(names.items[i], "c") || unit_is_cxx(names.items[i])) {
            char *source = path_join(folder, names.items[i]);

            struct unit *unit = project_add_unit(project, source);

            words_add(&unit->includes, folder);
            words_add(&unit->defines, PROJECT_FREE);
            free(source);
        }
    }
    words_free(&names);
    project->name = path_stem(absolute ? absolute : folder);
    free(absolute);
    if (!project->count)
        *error = string_format("%s: no C or C++ file here and no .vcxproj", folder);
    return project->count > 0;
}

/* The one .vcxproj of a folder, or NULL. */
static char *
folder_vcxproj(struct project *project, const char *folder)
{
    struct words names = {0};
    char *found = NULL;
    size_t count = 0;

    path_list(&names, folder);
    for (size_t i = 0; i < names.count; i++) {
        if (path_has_extension(names.items[i], "vcxproj") && count++ == 0)
            found = path_join(folder, names.items[i]);
    }
    words_free(&names);
    if (count > 1) {
        words_format(&project->warnings,
            "%s: %zu .vcxproj files, none is read; name the one to build", folder, count);
        free(found);
        return NULL;
    }
    return found;
}

/* A project that starts another build says nothing of its own about the driver. */
static bool
runs_make(const char *file, const char *configuration, const char *platform)
{
    struct project project = {0};
    char *error = NULL;
    bool makes;

    (void)project_read_vcxproj(&project, file, configuration, platform, &error);
    makes = project.type && !strcasecmp(project.type, "Makefile");
    project_free(&project);
    free(error);
    return makes;
}

bool
project_read(struct project *project, const char *path, const char *configuration,
    const char *platform, char **error)
{
    char *file, *sources;
    bool done;

    *project = (struct project){0};
    if (!path_is_folder(path)) {
        if (path_is_file(path) && path_has_extension(path, "vcxproj"))
            return project_read_vcxproj(project, path, configuration, platform, error);
        *error = string_format("%s: neither a folder nor a .vcxproj file", path);
        return false;
    }
    file = folder_vcxproj(project, path);
    sources = path_find(path, "sources", NULL);
    if (file && sources && path_is_file(sources) && runs_make(file, configuration, platform)) {
        words_format(&project->notes, "%s runs make: %s is read", file, sources);
        free(file);
        file = NULL;
    }
    if (file)
        done = project_read_vcxproj(project, file, configuration, platform, error);
    else if (sources && path_is_file(sources))
        done = project_read_sources(project, sources, error);
    else
        done = project_read_folder(project, path, error);
    free(sources);
    free(file);
    return done;
}

/* Moves @units of a library to @project, those that are not there yet. */
static void
project_merge(struct project *project, struct project *library)
{
    for (size_t i = 0; i < library->count; i++) {
        bool known = false;

        for (size_t k = 0; k < project->count && !known; k++)
            known = !strcmp(project->units[k].source, library->units[i].source);
        if (known) {
            unit_free(&library->units[i]);
            continue;
        }
        if (project->count == project->room) {
            project->room = project->room ? project->room * 2 : 16;
            project->units = memory_resize(project->units, project->room, sizeof(*project->units));
        }
        project->units[project->count++] = library->units[i];
    }
    library->count = 0;
    for (size_t i = 0; i < library->trace_functions.count; i++)
        words_add(&project->trace_functions, library->trace_functions.items[i]);
    for (size_t i = 0; i < library->notes.count; i++)
        words_add(&project->notes, library->notes.items[i]);
    for (size_t i = 0; i < library->warnings.count; i++)
        words_add(&project->warnings, library->warnings.items[i]);
}

bool
project_add_library(struct project *project, const char *file, const char *configuration,
    const char *platform, char **error)
{
    struct project library = {.depth = project->depth + 1};
    bool done = true;

    if (library.depth > LIBRARY_DEPTH) {
        *error = string_format("%s: libraries refer to each other in a circle", file);
        return false;
    }
    done = project_read_vcxproj(&library, file, configuration, platform, error);
    if (done && library.type && strcasecmp(library.type, "StaticLibrary") != 0) {
        words_format(&project->notes, "%s: makes no static library, left out", file);
    } else if (done) {
        words_format(&project->notes, "%s: its files are built into the driver", file);
        project_merge(project, &library);
    }
    project_free(&library);
    return done;
}

char *
project_of_library(const char *folder, const char *library)
{
    char *at = string_copy(library), *stem = NULL, *found = NULL;

    for (char *c = at; *c; c++)
        if (*c == '\\')
            *c = '/';
    if (strrchr(at, '/') && path_has_extension(at, "lib"))
        stem = path_stem(at);
    for (unsigned i = 0; stem && i < 4 && !found && strrchr(at, '/'); i++) {
        char *name;

        *strrchr(at, '/') = 0;
        name = string_format("%s/%s.vcxproj", at, stem);
        found = path_find(folder, name, NULL);
        free(name);
    }
    free(stem);
    free(at);
    return found;
}

void
project_free(struct project *project)
{
    for (size_t i = 0; i < project->count; i++)
        unit_free(&project->units[i]);
    free(project->units);
    free(project->name);
    free(project->type);
    words_free(&project->trace_functions);
    words_free(&project->notes);
    words_free(&project->warnings);
    *project = (struct project){0};
}
