/* SPDX-License-Identifier: MIT */
/* A signal to each thread, whose handler does not return. By system calls alone: the heap may be
 * broken, and ThreadSanitizer would keep the signal for later.
 */
#include "host/freeze.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FREEZE_SIGNAL (SIGRTMAX - 5)
#define KERNEL_SIGSET 8
#define WAITS         100 /* of a millisecond */

static uint32_t frozen;

__attribute__((no_sanitize("thread", "address"))) static void
stop(int signal)
{
    (void)signal;
    __atomic_fetch_add(&frozen, 1, __ATOMIC_ACQ_REL);
    for (;;)
        syscall(SYS_pause);
}

/* Tells all that are listed in @buffer; answers how many. */
static unsigned
tell(const char *buffer, long size, pid_t self)
{
    unsigned told = 0;

    for (long at = 0; at < size;) {
        const struct dirent64 *entry = (const void *)(buffer + at);
        pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);

        if (thread > 0 && thread != self)
            told += syscall(SYS_tgkill, getpid(), thread, FREEZE_SIGNAL) == 0;
        at += entry->d_reclen;
    }
    return told;
}

void
freeze_others(void)
{
    static char buffer[16384] __attribute__((aligned(8)));
    /* As the kernel has it. */
    const struct {
        void (*handler)(int);
        unsigned long flags;
        void (*restorer)(void);
        unsigned long mask;
    } action = {stop, 0x04000000u | SA_ONSTACK, NULL, 0};
    const struct timespec moment = {0, 1000000};
    pid_t self = (pid_t)syscall(SYS_gettid);
    unsigned told = 0;
    int folder = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long size;

    syscall(SYS_rt_sigaction, FREEZE_SIGNAL, &action, NULL, KERNEL_SIGSET);
    while (folder >= 0 && (size = syscall(SYS_getdents64, folder, buffer, sizeof(buffer))) > 0)
        told += tell(buffer, size, self);
    if (folder >= 0)
        close(folder);
    for (unsigned k = 0; k < WAITS && __atomic_load_n(&frozen, __ATOMIC_ACQUIRE) < told; k++)
        syscall(SYS_nanosleep, &moment, NULL);
}
