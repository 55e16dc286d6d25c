/* SPDX-License-Identifier: MIT */
/* A program of tests runs the one that it is called by. */
#include "entries.h"

#include <stdio.h>
#include <string.h>

int
main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
    const struct test_entry *entry = test_entries;

    while (entry->name && strcmp(entry->name, name) != 0)
        entry++;
    if (entry->name)
        return ((int (*)(int, char **))(void (*)(void))entry->run)(argc, argv);
    fprintf(stderr, "%s: run one of the links to it beside it:\n", argv[0]);
    for (entry = test_entries; entry->name; entry++)
        fprintf(stderr, "    %s\n", entry->name);
    return 2;
}
