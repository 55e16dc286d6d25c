/* SPDX-License-Identifier: MIT */
/* A test in a child process: for what ends the process. The child is this program again, with
 * one argument more, so it starts with no thread and no machine.
 */
#pragma once

struct child {
    int status;       /* exit status, or 128 + the signal */
    char text[65536]; /* what it wrote, both streams */
};

/* Runs this program with argument @what; after @seconds it is killed. */
void child_run(struct child *child, const char *what, unsigned seconds);
/* Runs @argv[0], found in PATH, with nothing to read. 127 when there is none. */
void child_run_program(struct child *child, char *const argv[], unsigned seconds);
/* Checks the exit status and that @text was written; says what was when not. */
void child_expect(const struct child *child, int status, const char *text);
