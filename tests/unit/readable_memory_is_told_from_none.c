/* SPDX-License-Identifier: MIT */
/* The host says whether memory can be read, to the byte, and changes neither it nor errno. */
#include "host/readable.h"

#include "lib/check.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>

#define PAGE 4096u

int
main(void)
{
    sigset_t before, after;
    char *two =
        mmap(NULL, (size_t)2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    static const char constant[] = "read only";

    CHECK(two != MAP_FAILED);
    CHECK_EQ(mprotect(two + PAGE, PAGE, PROT_NONE), 0);
    sigprocmask(SIG_BLOCK, NULL, &before);
    errno = ERANGE;
    CHECK(host_readable(two, PAGE));
    CHECK(host_readable(two + 1, PAGE - 1));
    CHECK(host_readable(two + PAGE - 1, 1));
    CHECK(!host_readable(two + PAGE - 1, 2));
    CHECK(!host_readable(two + PAGE, 1));
    CHECK(host_readable(constant, sizeof(constant)));
    CHECK(!host_readable(NULL, 1));
    CHECK(!host_readable((const void *)0x6B6B6B6B6B6B6B60, 8)); /* no address */
    CHECK(!host_readable((const void *)(UINTPTR_MAX - 7), 16)); /* around the end */
    CHECK_EQ(errno, ERANGE);
    sigprocmask(SIG_BLOCK, NULL, &after);
    for (int k = 1; k < NSIG; k++)
        CHECK_EQ(sigismember(&before, k), sigismember(&after, k));
    return 0;
}
