/* SPDX-License-Identifier: MIT */
/* Private copies of driver files: made, and swept when their process died without doing so. */
#include "host/image_copy.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
folder(void)
{
    const char *name = getenv("TMPDIR");

    return name && *name ? name : "/tmp";
}

static int
copy_bytes(int from, int to)
{
    struct stat st;
    off_t done = 0;

    if (fstat(from, &st))
        return -errno;
    while (done < st.st_size) {
        ssize_t n = sendfile(to, from, &done, (size_t)(st.st_size - done));

        if (n < 0 && errno != EINTR)
            return -errno;
        if (n == 0)
            return -EIO;
    }
    return 0;
}

static int
write_copy(const char *path, const char *copy)
{
    int from, to, result;

    from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return -errno;
    to = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
    if (to < 0) {
        result = -errno;
        close(from);
        return result;
    }
    result = copy_bytes(from, to);
    if (close(to) && !result)
        result = -errno;
    close(from);
    if (result)
        unlink(copy);
    return result;
}

int
image_copy_make(const char *path, char *copy, size_t copy_size, char *error, size_t error_size)
{
    static unsigned number;
    const char *base = strrchr(path, '/');
    int result;

    base = base ? base + 1 : path;
    do {
        int n =
            snprintf(copy, copy_size, "%s/undis-%d-%u-%s", folder(), (int)getpid(), ++number, base);
        size_t length = strlen(base);

        if (n >= 0 && (size_t)n + 4 < copy_size && (length < 3 || strcmp(base + length - 3, ".so")))
            strcpy(copy + n, ".so");
        result = n < 0 || (size_t)n + 4 >= copy_size ? -ENAMETOOLONG : write_copy(path, copy);
    } while (result == -EEXIST);
    if (result)
        snprintf(error, error_size, "%s: no copy in %s (%s); TMPDIR names another folder", path,
            folder(), strerror(-result));
    return result;
}

/* True for a copy of ours whose process is gone. */
static bool
is_leftover(const char *name)
{
    size_t length = strlen(name), digits;
    char *at;
    long pid;

    if (length < 3 || strcmp(name + length - 3, ".so") || strncmp(name, "undis-", 6))
        return false;
    pid = strtol(name + 6, &at, 10);
    if (pid <= 0 || pid > INT_MAX || *at != '-')
        return false;
    digits = strspn(at + 1, "0123456789");
    return digits && at[1 + digits] == '-' && kill((pid_t)pid, 0) && errno == ESRCH;
}

void
image_copy_sweep(void)
{
    static bool done;
    struct dirent *entry;
    DIR *list;

    if (done)
        return;
    done = true;
    list = opendir(folder());
    while (list && (entry = readdir(list))) {
        if (is_leftover(entry->d_name))
            unlinkat(dirfd(list), entry->d_name, 0);
    }
    if (list)
        closedir(list);
}
