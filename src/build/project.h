/* SPDX-License-Identifier: MIT */
/* project.h - what a driver is made of: its .vcxproj, its "sources", or the files of its folder */
#ifndef BUILD_PROJECT_H
#define BUILD_PROJECT_H

#include "build/unit.h"

/* What the WDK's build says in a free build; MSBuild says nothing then. */
#define PROJECT_FREE "DBG=0"

struct project {
    char *name;     /* of the driver */
    char *type;     /* StaticLibrary, Driver ...; NULL where nothing says it */
    unsigned depth; /* libraries between it and the driver */
    struct unit *units;
    size_t count;
    size_t room;
    struct words trace_functions; /* of the trace preprocessor, as the project declares them */
    struct words notes;           /* for who wants to know: what was chosen or left out */
    struct words warnings;        /* for everybody */
};

/*
 * project_read - a folder, with a .vcxproj or a file "sources" in it or without, or a .vcxproj
 *
 * @configuration, @platform: NULL chooses Release and x64, or what the project has that is nearest.
 *
 * Errors: false, with *error for the user, which the caller frees.
 */
bool project_read(struct project *project, const char *path, const char *configuration,
    const char *platform, char **error);
void project_free(struct project *project);

/* The next three are the parts of project_read. */
bool project_read_folder(struct project *project, const char *folder, char **error);
/* @file: a "sources" of the WDK before Visual Studio projects. */
bool project_read_sources(struct project *project, const char *file, char **error);
bool project_read_vcxproj(struct project *project, const char *file, const char *configuration,
    const char *platform, char **error);

/* What @file, a .vcxproj that a project links with, is made of, when it is a static library. */
bool project_add_library(struct project *project, const char *file, const char *configuration,
    const char *platform, char **error);
/* The .vcxproj that makes @library, a path that ends in .lib: beside it or in a folder above it.
 * NULL when there is none; the caller frees it. */
char *project_of_library(const char *folder, const char *library);

struct unit *project_add_unit(struct project *project, const char *source);

#endif
