/* SPDX-License-Identifier: MIT */
/* See wholefile.h. */
#include "host/wholefile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int
wholefile_open(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

    return fd < 0 ? -errno : fd;
}

void
wholefile_close(int fd)
{
    close(fd);
}

int64_t
wholefile_size(int fd)
{
    struct stat about;

    return fstat(fd, &about) ? -errno : about.st_size;
}

int
wholefile_write(int fd, const char *bytes, size_t size, int64_t at)
{
    size_t done = 0;

    while (done < size) {
        ssize_t n = pwrite(fd, bytes + done, size - done, at + (int64_t)done);
        int error = n < 0 ? errno : EIO;

        if (n < 0 && error == EINTR)
            continue;
        if (n <= 0)
            return ftruncate(fd, at) ? -errno : -error;
        done += (size_t)n;
    }
    return 0;
}
