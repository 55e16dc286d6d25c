/* SPDX-License-Identifier: MIT */
/* path.h - file names, those of Windows projects too, and the temporary folder */
#ifndef BUILD_PATH_H
#define BUILD_PATH_H

#include "build/text.h"

/* Every returned string belongs to the caller. */
char *path_join(const char *folder, const char *name);
char *path_folder(const char *path);
char *path_stem(const char *path); /* last component without its extension */
bool path_is_file(const char *path);
bool path_is_folder(const char *path);
bool path_is_inside(const char *path, const char *folder);
bool path_has_extension(const char *path, const char *extension);
int path_make_folders(const char *path);
void path_remove_tree(const char *path);
void path_list(struct words *names, const char *folder);

/*
 * path_find - a file or folder whose name is spelled as Windows may spell it
 *
 * @name: with slashes or backslashes, in any case; relative to folder unless absolute.
 *
 * Gives the name as it is on disk, or NULL. *exact tells whether name itself would have done.
 */
char *path_find(const char *folder, const char *name, bool *exact);

/* A new folder under TMPDIR that goes at exit, kept or not; NULL with errno. */
char *workspace_create(void);
void workspace_destroy(char *workspace, bool keep);

#endif
