/* SPDX-License-Identifier: MIT */
/* A machine in a child process that serves clients: undis run --control socket, with the driver
 * "holder" and an adapter net0, in the current folder of shell.h.
 */
#pragma once

#include "shell.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <undis_client.h>

#define SERVED_SOCKET "socket"

static pid_t served;

static inline void
served_kill(void)
{
    if (served > 0)
        kill(served, SIGKILL);
}

/* Returns when a client can connect. */
static inline void
served_start(bool simulated)
{
    const char *tool = getenv("UNDIS");
    FILE *file = fopen("served.stack", "we");
    struct undis_client *client;

    CHECK(file && tool);
    fprintf(file,
        "%s\nquiet\ncontrol " SERVED_SOCKET "\ndriver holder\nfile %s/holder.so\nstack net0\n"
        "protocol frames\nfilter pass\nminiport portnic\n",
        simulated ? "simulated" : "processors 2", UNDIS_TEST_DRIVERS);
    CHECK(fclose(file) == 0);
    served = fork();
    CHECK(served >= 0);
    if (served == 0) {
        int out = open("served.out", O_WRONLY | O_CREAT | O_TRUNC, 0600);

        dup2(out, 1);
        dup2(out, 2);
        execl(tool, "undis", "run", "served.stack", (char *)NULL);
        _exit(127);
    }
    atexit(served_kill);
    for (int i = 0; undis_client_connect(SERVED_SOCKET, &client); i++) {
        CHECK(i < 1000 && waitpid(served, NULL, WNOHANG) == 0);
        usleep(10000);
    }
    undis_client_close(client);
}

/* ^C: its exit status, with no rule broken and its socket gone. */
static inline void
served_stop(void)
{
    int status;

    CHECK(kill(served, SIGINT) == 0);
    CHECK(waitpid(served, &status, 0) == served);
    served = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status))
        CHECK(system("cat served.out >&2") != 0);
    CHECK_EQ(status, 0);
    CHECK(access(SERVED_SOCKET, F_OK) != 0);
    child_expect(shell("cat served.out"), 0, "no rule was broken");
}
