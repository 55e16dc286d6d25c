/* SPDX-License-Identifier: MIT */
/* See child.h. */
#include "child.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void
become(char *const argv[], int out, unsigned seconds)
{
    int in = open("/dev/null", O_RDONLY);

    setpgid(0, 0);
    alarm(seconds); /* outlives exec */
    dup2(in, 0);
    dup2(out, 1);
    dup2(out, 2);
    execvp(argv[0], argv);
    _exit(127);
}

static void
collect(struct child *child, int in)
{
    size_t used = 0;
    char rest[4096];
    ssize_t n;

    for (;;) {
        size_t room = sizeof(child->text) - 1 - used;

        n = room ? read(in, child->text + used, room) : read(in, rest, sizeof(rest));
        if (n <= 0)
            break;
        if (room)
            used += (size_t)n;
    }
    child->text[used] = 0;
}

void
child_run_program(struct child *child, char *const argv[], unsigned seconds)
{
    int ends[2], status;
    pid_t pid;

    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    fflush(NULL);
    pid = fork();
    CHECK(pid >= 0);
    if (pid == 0)
        become(argv, ends[1], seconds);
    close(ends[1]);
    collect(child, ends[0]);
    close(ends[0]);
    CHECK(waitpid(pid, &status, 0) == pid);
    kill(-pid, SIGKILL); /* what it may have left behind, in its own process group */
    child->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void
child_run(struct child *child, const char *what, unsigned seconds)
{
    char self[1024];
    char *argv[] = {self, (char *)what, NULL}, *slash;
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    CHECK(n > 0);
    self[n] = 0;
    /* Called by the name of the test: one program holds many. */
    slash = strrchr(self, '/');
    CHECK(slash != NULL);
    snprintf(
        slash + 1, (size_t)(self + sizeof(self) - slash - 1), "%s", program_invocation_short_name);
    child_run_program(child, argv, seconds);
}

void
child_expect(const struct child *child, int status, const char *text)
{
    if (child->status == status && strstr(child->text, text))
        return;
    fprintf(stderr, "the child ended with %d, expected %d and \"%s\"; it wrote:\n%s\n",
        child->status, status, text, child->text);
    test_fail(__FILE__, __LINE__, text);
}
