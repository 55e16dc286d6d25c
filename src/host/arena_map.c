/* SPDX-License-Identifier: MIT */
/* Where an arena is mapped, which addresses are its own, and its stacks. */
#include "host/arena_parts.h"
#include "host/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Guard pages stay protected when a snapshot from before is put back, so this is outside. */
static uint32_t guarded_stacks[ARENA_SLOTS];

static void *
map_twice(int fd, uintptr_t base)
{
    char *start = mmap((void *)base, 2 * ARENA_SPAN, PROT_NONE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

    if (start == MAP_FAILED)
        return NULL;
    for (unsigned i = 0; start == (void *)base && i < 2; i++)
        if (mmap(start + i * ARENA_SPAN, ARENA_SPAN, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd, 0) == MAP_FAILED)
            base = 0;
    if (start == (void *)base)
        return start;
    munmap(start, 2 * ARENA_SPAN);
    errno = ENOMEM;
    return NULL;
}

static void *
map_lowest(int fd, unsigned *place)
{
    for (*place = 0; *place < ARENA_SLOTS; ++*place) {
        void *base = map_twice(fd, ARENA_BASE + *place * (2 * ARENA_SPAN));

        if (base || errno != EEXIST)
            return base;
    }
    errno = ENOMEM;
    return NULL;
}

struct arena *
arena_create(void)
{
    struct arena *arena;
    unsigned place;
    int error, fd = memfd_create("undis", MFD_CLOEXEC);

    if (fd < 0)
        return NULL;
    if (ftruncate(fd, (off_t)ARENA_SPAN) != 0)
        goto close_file;
    arena = map_lowest(fd, &place);
    if (!arena)
        goto close_file;
    arena->magic = ARENA_MAGIC;
    arena->base = (char *)arena;
    arena->fd = fd;
    arena->place = place;
    arena->top = HEAP_FIRST;
    return arena;

close_file:
    error = errno;
    close(fd);
    errno = error;
    return NULL;
}

/* As if never touched. */
static void
views_clear(struct arena *arena)
{
    if (SHADOW)
        madvise(shadow_of(arena->views), VIEWS_SPAN / 8, MADV_DONTNEED);
}

void
views_reset(struct arena *arena)
{
    if (arena->views)
        views_clear(arena);
    closed_reset(arena);
}

int
arena_open_views(struct arena *arena)
{
    char *start = (char *)(VIEWS_BASE + arena->place * VIEWS_SPAN);

    if (arena->views)
        return 0;
    if (mmap(start, VIEWS_SPAN, PROT_NONE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) != start)
        return -ENOMEM;
    for (unsigned k = 0; k < ARENA_VIEWS - 2; k++) {
        if (mmap(start + k * ARENA_SPAN, ARENA_SPAN, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_NORESERVE | MAP_FIXED, arena->fd, 0) == MAP_FAILED) {
            munmap(start, VIEWS_SPAN);
            return -ENOMEM;
        }
    }
    if (closed_create(arena) != 0) {
        munmap(start, VIEWS_SPAN);
        return -ENOMEM;
    }
    arena->views = start;
    shadow_prepare();
    return 0;
}

static void
views_close(struct arena *arena)
{
    if (!arena->views)
        return;
    views_clear(arena);
    munmap(arena->views, VIEWS_SPAN);
    closed_destroy(arena);
}

void
arena_destroy(struct arena *arena)
{
    int fd = arena->fd;

    __atomic_store_n(&guarded_stacks[arena->place], 0, __ATOMIC_RELAXED);
    arena_open(page_address(arena, HEAP_FIRST), (arena->top - HEAP_FIRST) * PAGE);
    if (arena->stacks)
        shadow_open(stack_address(arena, arena->stacks - 1), arena->stacks * STACK_STEP - PAGE);
    views_close(arena);
    munmap(arena, 2 * ARENA_SPAN);
    close(fd);
}

bool
arena_owns(const struct arena *arena, const void *address)
{
    return (size_t)((const char *)address - arena->base) < 2 * ARENA_SPAN ||
           in_views(arena, address);
}

void *
arena_alias(struct arena *arena, const void *address)
{
    size_t offset = (size_t)((const char *)address - arena->base);

    return (char *)address + (offset < ARENA_SPAN ? ARENA_SPAN : -ARENA_SPAN);
}

void *
arena_home(const struct arena *arena, const void *address)
{
    size_t offset = (size_t)((const char *)address - (const char *)arena);

    if (in_views(arena, address))
        return (char *)arena + (size_t)((const char *)address - arena->views) % ARENA_SPAN;
    return (char *)address - (offset - ARENA_SPAN < ARENA_SPAN ? ARENA_SPAN : 0);
}

void *
arena_view(const struct arena *arena, const void *address, unsigned view)
{
    char *home = arena_home(arena, address);

    return view < 2 ? home + view * ARENA_SPAN
                    : arena->views + (view - 2) * ARENA_SPAN + (home - arena->base);
}

void *
arena_unclosed(const struct arena *arena, void *address)
{
    return arena->views && arena_owns(arena, address) ? arena_view(arena, address, 1) : address;
}

unsigned
arena_view_of(const struct arena *arena, const void *address)
{
    if (in_views(arena, address))
        return 2 + (unsigned)((size_t)((const char *)address - arena->views) / ARENA_SPAN);
    return (size_t)((const char *)address - arena->base) / ARENA_SPAN == 1;
}

void *
arena_stack_get(struct arena *arena)
{
    uint32_t *guarded = &guarded_stacks[arena->place], index;
    char *stack = NULL;

    host_lock(&arena->lock);
    index = arena->free_stack ? arena->free_stack - 1 : arena->stacks;
    if (index >= STACKS)
        goto unlock;
    stack = stack_address(arena, index);
    if (index >= *guarded) {
        if (mprotect(stack - PAGE, PAGE, PROT_NONE) != 0) {
            stack = NULL;
            goto unlock;
        }
        *guarded = index + 1;
    }
    if (arena->free_stack)
        arena->free_stack = arena->next_stack[index];
    else
        arena->stacks++;
    shadow_open(stack, ARENA_STACK);
unlock:
    host_unlock(&arena->lock);
    return stack;
}

bool
arena_is_stack(const struct arena *arena, const void *address)
{
    uintptr_t top = (uintptr_t)arena->base + ARENA_SPAN;

    return top - (uintptr_t)address <= (uintptr_t)arena->stacks * STACK_STEP;
}

void
arena_stack_put(struct arena *arena, void *stack)
{
    size_t below = (size_t)(arena->base + ARENA_SPAN - ARENA_STACK - (char *)stack);
    uint32_t index = (uint32_t)(below / STACK_STEP);

    host_lock(&arena->lock);
    arena->next_stack[index] = (uint16_t)arena->free_stack;
    arena->free_stack = index + 1;
    shadow_close(stack, ARENA_STACK);
    host_unlock(&arena->lock);
}
