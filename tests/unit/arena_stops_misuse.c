/* SPDX-License-Identifier: MIT */
/* Freeing twice, freeing the inside of a block and freeing what is no block end the process; so
 * does running off the end of a fibre's stack. With ASan, so do reads around and after a block. */
#include "host/arena.h"
#include "host/shadow.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena *arena;
static volatile char *block, *stack;
static volatile char sink;

static void
free_twice(void)
{
    arena_free(arena, (void *)block);
    arena_free(arena, (void *)block);
}

static void
free_inside(void)
{
    arena_free(arena, (void *)(block + 16));
}

static void
free_stranger(void)
{
    arena_free(arena, &arena);
}

static void
overflow_stack(void)
{
    sink = stack[-1];
}

static void
read_behind(void)
{
    sink = block[100];
}

static void
read_before(void)
{
    sink = block[-1];
}

static void
read_alias_behind(void)
{
    sink = *(volatile char *)arena_alias(arena, (const void *)(block + 100));
}

static void
read_late(void)
{
    arena_free(arena, (void *)block);
    sink = block[50];
}

static bool
survives(void (*misuse)(void))
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        close(STDERR_FILENO);
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        misuse();
        _exit(0);
    }
    waitpid(child, &status, 0);
    return status == 0;
}

int
main(void)
{
    static void (*const always[])(void) = {free_twice, free_inside, free_stranger, overflow_stack};
    static void (*const shadowed[])(void) = {
        read_behind, read_before, read_alias_behind, read_late};

    for (unsigned i = 0; i < 4 + (SHADOW ? 4 : 0); i++) {
        arena = arena_create();
        if (!arena)
            return 77;
        arena_free(arena, arena_alloc(arena, 100, 16));
        block = arena_alloc(arena, 100, 16);
        stack = arena_stack_get(arena);
        memset((void *)block, 1, 100);
        if (survives(i < 4 ? always[i] : shadowed[i - 4])) {
            fprintf(stderr, "misuse %u was not noticed\n", i);
            return 1;
        }
        arena_destroy(arena);
    }
    return 0;
}
