/* SPDX-License-Identifier: MIT */
/* Asks the host whether memory can be read: a call that fails, with EFAULT when it cannot and with
 * EINVAL when it can, for no signal mask is changed so.
 */
#include "host/readable.h"

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE      4096u
#define MASK      8u /* bytes that the host reads */
#define NO_CHANGE (-1)

static bool
word_is_readable(uintptr_t address)
{
    int before = errno;
    bool fault;

    errno = 0;
    syscall(SYS_rt_sigprocmask, NO_CHANGE, address, NULL, MASK);
    fault = errno == EFAULT;
    errno = before;
    return !fault;
}

bool
host_readable(const void *address, size_t size)
{
    uintptr_t at = (uintptr_t)address & ~(uintptr_t)(MASK - 1), end = (uintptr_t)address + size;

    if (!at || end < at) /* the host takes 0 for no mask at all */
        return false;
    for (; at < end; at = (at | (PAGE - 1)) + 1)
        if (!word_is_readable(at))
            return false;
    return true;
}
