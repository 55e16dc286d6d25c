/* SPDX-License-Identifier: MIT */
/* Tests of the tool: shell scripts in a folder of the test's own, which is the current one, and in
 * network namespaces when they want interfaces. In scripts $UNDIS is the tool.
 */
#pragma once

#include "check.h"
#include "child.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHELL_SECONDS 50

static struct child shell_child;
static char shell_folder[256];

static int
shell_remove(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

static void
shell_leave(void)
{
    nftw(shell_folder, shell_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* To be called first. */
static inline void
shell_enter(void)
{
    const char *tool = getenv("UNDIS_TOOL"), *base = getenv("TMPDIR");

    if (!tool) {
        fputs("UNDIS_TOOL does not say where the tool is\n", stderr);
        exit(TEST_SKIP);
    }
    snprintf(shell_folder, sizeof(shell_folder), "%s/undis-test-XXXXXX", base ? base : "/tmp");
    CHECK(mkdtemp(shell_folder) && chdir(shell_folder) == 0);
    atexit(shell_leave);
    setenv("UNDIS", tool, 1);
    setenv("TMPDIR", shell_folder, 1);
}

/* Runs @script; what it writes is in ->text. */
static inline const struct child *
shell(const char *script)
{
    char *argv[] = {"sh", "-c", (char *)script, NULL};

    child_run_program(&shell_child, argv, SHELL_SECONDS);
    return &shell_child;
}

/* The same in a network namespace, as root there; skips the test when that or TAP interfaces are
 * not to be had. */
static inline const struct child *
shell_network(const char *script)
{
    static const char *const ways[] = {"-n", "-Urn"};
    char *probe[] = {"unshare", NULL, "ip", "tuntap", "add", "dev", "probe", "mode", "tap", NULL};
    char *argv[] = {"unshare", NULL, "sh", "-c", (char *)script, NULL};

    for (size_t i = 0; i < 2; i++) {
        probe[1] = argv[1] = (char *)ways[i];
        child_run_program(&shell_child, probe, SHELL_SECONDS);
        if (shell_child.status)
            continue;
        child_run_program(&shell_child, argv, SHELL_SECONDS);
        return &shell_child;
    }
    fputs("no network namespace or no TAP interfaces here\n", stderr);
    exit(TEST_SKIP);
}
