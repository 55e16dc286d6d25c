/* SPDX-License-Identifier: MIT */
/* path.c - file names, those of Windows projects too, and the temporary folder */
#include "build/path.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

char *
path_join(const char *folder, const char *name)
{
    if (*name == '/' || !strcmp(folder, "."))
        return string_copy(name);
    return string_format("%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
}

char *
path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return string_copy(".");
    return string_format("%.*s", slash == path ? 1 : (int)(slash - path), path);
}

char *
path_stem(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');

    return string_format("%.*s", dot && dot != name ? (int)(dot - name) : (int)strlen(name), name);
}

bool
path_is_file(const char *path)
{
    struct stat status;

    return !stat(path, &status) && S_ISREG(status.st_mode);
}

bool
path_is_folder(const char *path)
{
    struct stat status;

    return !stat(path, &status) && S_ISDIR(status.st_mode);
}

bool
path_is_inside(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return !strncmp(path, folder, length) && path[length] == '/';
}

bool
path_has_extension(const char *path, const char *extension)
{
    const char *dot = strrchr(path, '.');

    return dot && !strcasecmp(dot + 1, extension);
}

int
path_make_folders(const char *path)
{
    char *copy = string_copy(path);
    int error = 0;

    for (char *at = copy + 1; !error; at++) {
        if (*at && *at != '/')
            continue;
        char kept = *at;

        *at = 0;
        if (mkdir(copy, 0777) && errno != EEXIST)
            error = -errno;
        *at = kept;
        if (!kept)
            break;
    }
    free(copy);
    return error;
}

static int
remove_entry(const char *path, const struct stat *status, int kind, struct FTW *ftw)
{
    (void)status;
    (void)kind;
    (void)ftw;
    remove(path);
    return 0;
}

void
path_remove_tree(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* The names in a folder, sorted, without those that start with a dot. */
void
path_list(struct words *names, const char *folder)
{
    DIR *stream = opendir(folder);
    struct dirent *entry;

    if (!stream)
        return;
    while ((entry = readdir(stream)))
        if (entry->d_name[0] != '.')
            words_add(names, entry->d_name);
    closedir(stream);
    words_sort(names);
}

static char *
find_entry(const char *folder, const char *name)
{
    struct words names = {0};
    char *found = NULL;

    path_list(&names, folder);
    for (size_t i = 0; i < names.count && !found; i++)
        if (!strcasecmp(names.items[i], name))
            found = path_join(folder, names.items[i]);
    words_free(&names);
    return found;
}

/* The folder above, by its name where that is the same as "..". */
static char *
find_up(char *folder)
{
    const char *slash = strrchr(folder, '/');
    const char *last = slash ? slash + 1 : folder;
    bool plain = *last && strcmp(last, ".") && strcmp(last, "..");
    struct stat status;
    char *up;

    if (plain && !lstat(folder, &status) && S_ISDIR(status.st_mode))
        up = path_folder(folder);
    else
        up = string_format("%s/..", folder);
    free(folder);
    return up;
}

/* One component further down; frees folder; NULL when there is no such entry. */
static char *
find_step(char *folder, const char *name, bool *exact)
{
    char *next;

    if (!strcmp(name, ".."))
        return find_up(folder);
    next = path_join(folder, name);
    if (access(next, F_OK)) {
        free(next);
        next = find_entry(folder, name);
        *exact = false;
    }
    free(folder);
    return next;
}

char *
path_find(const char *folder, const char *name, bool *exact)
{
    bool ignored;
    char *copy = string_copy(name);
    char *found;
    char *rest;

    if (!exact)
        exact = &ignored;
    *exact = !strchr(name, '\\');
    for (char *at = copy; *at; at++)
        if (*at == '\\')
            *at = '/';
    found = string_copy(*copy == '/' ? "/" : folder);
    for (char *part = strtok_r(copy, "/", &rest); part && found; part = strtok_r(NULL, "/", &rest))
        if (strcmp(part, "."))
            found = find_step(found, part, exact);
    free(copy);
    return found;
}

/* The one workspace of this process, for exits from the depth of a function. */
static char *workspace_at_exit;
static pid_t workspace_owner;

static void
workspace_remove(void)
{
    if (workspace_at_exit && workspace_owner == getpid())
        path_remove_tree(workspace_at_exit);
    workspace_at_exit = NULL;
}

char *
workspace_create(void)
{
    static bool registered;
    const char *parent = getenv("TMPDIR");
    char *path = string_format("%s/undis-build-XXXXXX", parent && *parent ? parent : "/tmp");

    if (!mkdtemp(path)) {
        free(path);
        return NULL;
    }
    workspace_owner = getpid();
    workspace_at_exit = path;
    if (!registered)
        atexit(workspace_remove);
    registered = true;
    return path;
}

void
workspace_destroy(char *workspace, bool keep)
{
    if (!keep)
        workspace_remove();
    workspace_at_exit = NULL;
    free(workspace);
}
