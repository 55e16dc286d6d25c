/* SPDX-License-Identifier: MIT */
/* project.c - what a driver is made of: from its .vcxproj, or from the files of its folder */
#include "build/project.h"

#include "build/path.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

            words_add(&project_add_unit(project, source)->includes, folder);
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

bool
project_read(struct project *project, const char *path, const char *configuration,
    const char *platform, char **error)
{
    char *file;
    bool done;

    *project = (struct project){0};
    if (!path_is_folder(path)) {
        if (path_is_file(path) && path_has_extension(path, "vcxproj"))
            return project_read_vcxproj(project, path, configuration, platform, error);
        *error = string_format("%s: neither a folder nor a .vcxproj file", path);
        return false;
    }
    file = folder_vcxproj(project, path);
    done = file ? project_read_vcxproj(project, file, configuration, platform, error)
                : project_read_folder(project, path, error);
    free(file);
    return done;
}

void
project_free(struct project *project)
{
    for (size_t i = 0; i < project->count; i++)
        unit_free(&project->units[i]);
    free(project->units);
    free(project->name);
    words_free(&project->trace_functions);
    words_free(&project->notes);
    words_free(&project->warnings);
    *project = (struct project){0};
}
