/* SPDX-License-Identifier: MIT */
/* SIGINT in the middle of a build: compilers end, temporary files go, the status tells. */
#include "check.h"

#include <signal.h>
#include <sys/wait.h>

/* Something that takes a compiler a while. */
static void
put_slow_driver(const char *folder)
{
    struct text text = {0};

    for (int i = 0; i < 20000; i++)
        text_format(
            &text, "int f%d(int a) { for (int i = 0; i < a; i++) a += i * %d; return a; }\n", i, i);
    put_file(folder, "driver/slow.c", text.bytes);
    text_free(&text);
}

int
main(void)
{
    char *folder = test_folder();
    char *temporary = string_format("%s/tmp", folder);
    struct build_request request = {0};
    struct words left = {0};
    int wait_status;
    pid_t pid;

    put_kit(folder);
    put_slow_driver(folder);
    put_file(folder, "tmp/keep", "");
    setenv("TMPDIR", temporary, 1);
    pid = fork();
    if (pid == 0)
        exit(build_with_kit(folder, &request, NULL));
    for (int i = 0; i < 500 && left.count < 2; i++) {
        words_free(&left);
        usleep(10000);
        path_list(&left, temporary);
    }
    CHECK(left.count == 2);
    words_free(&left);
    kill(pid, SIGINT);
    CHECK(waitpid(pid, &wait_status, 0) == pid);
    CHECK(WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 128 + SIGINT);
    path_list(&left, temporary);
    CHECK(left.count == 1);
    words_free(&left);
    path_remove_tree(folder);
    free(temporary);
    free(folder);
    return EXIT_SUCCESS;
}
