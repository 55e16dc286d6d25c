/* SPDX-License-Identifier: MIT */
/* The futex lock of host/lock.h: one exchange when nobody else wants it, a short spin when the
 * holder is on another processor and about to leave, then sleep.
 */
#include "host/lock.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SPINS 64

int
host_futex_wait(uint32_t *word, uint32_t expected, uint64_t deadline)
{
    struct timespec when, *until = NULL;

    if (deadline != HOST_FOREVER) {
        when.tv_sec = (time_t)(deadline / 1000000000u);
        when.tv_nsec = (long)(deadline % 1000000000u);
        until = &when;
    }
    if (syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, until, NULL,
            FUTEX_BITSET_MATCH_ANY) == 0)
        return 0;
    return errno == ETIMEDOUT ? -ETIMEDOUT : 0;
}

void
host_futex_wake(uint32_t *word, unsigned count)
{
    syscall(
        SYS_futex, word, FUTEX_WAKE_PRIVATE, count > INT_MAX ? INT_MAX : (int)count, NULL, NULL, 0);
}

static void
lock_slowly(uint32_t *word)
{
    for (int i = 0; i < SPINS; i++) {
        uint32_t free = 0;

        if (__atomic_load_n(word, __ATOMIC_RELAXED) == 0 &&
            __atomic_compare_exchange_n(word, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return;
        __builtin_ia32_pause();
    }
    while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0)
        host_futex_wait(word, 2, HOST_FOREVER);
}

void
host_lock(uint32_t *word)
{
    uint32_t free = 0;

    if (!__atomic_compare_exchange_n(word, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        lock_slowly(word);
}

void
host_unlock(uint32_t *word)
{
    if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2)
        host_futex_wake(word, 1);
}
