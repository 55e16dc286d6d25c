/* SPDX-License-Identifier: MIT */
/* The bounded copies of Annex K as Windows has them: what does not fit leaves an empty string and
 * an error; _TRUNCATE as a limit cuts instead and answers STRUNCATE. No handler is called. */
#include <errno.h>
#include <string.h>

/* A limit that no string reaches. */
#define WHOLE (_TRUNCATE - 1)

#ifndef STRUNCATE
#define STRUNCATE 80
#endif

errno_t
memcpy_s(void *to, rsize_t capacity, const void *from, rsize_t size)
{
    if (size == 0)
        return 0;
    if (to == NULL || from == NULL || size > capacity) {
        if (to != NULL)
            memset(to, 0, capacity);
        return to == NULL || from == NULL ? EINVAL : ERANGE;
    }
    memcpy(to, from, size);
    return 0;
}

errno_t
memmove_s(void *to, rsize_t capacity, const void *from, rsize_t size)
{
    if (size == 0)
        return 0;
    if (to == NULL || from == NULL)
        return EINVAL;
    if (size > capacity)
        return ERANGE;
    memmove(to, from, size);
    return 0;
}

errno_t
strncpy_s(char *to, rsize_t capacity, const char *from, rsize_t limit)
{
    size_t length;

    if (to == NULL || capacity == 0)
        return EINVAL;
    *to = 0;
    if (from == NULL)
        return limit == 0 ? 0 : EINVAL;
    length = strnlen(from, limit != _TRUNCATE ? limit : capacity);
    if (length >= capacity) {
        if (limit != _TRUNCATE)
            return ERANGE;
        memcpy(to, from, capacity - 1);
        to[capacity - 1] = 0;
        return STRUNCATE;
    }
    memcpy(to, from, length);
    to[length] = 0;
    return 0;
}

errno_t
strcpy_s(char *to, rsize_t capacity, const char *from)
{
    return strncpy_s(to, capacity, from, WHOLE);
}

errno_t
strncat_s(char *to, rsize_t capacity, const char *from, rsize_t limit)
{
    size_t used = to == NULL ? 0 : strnlen(to, capacity);
    errno_t error;

    if (to == NULL || used == capacity)
        return EINVAL;
    error = strncpy_s(to + used, capacity - used, from, limit);
    if (error != 0 && error != STRUNCATE)
        *to = 0;
    return error;
}

errno_t
strcat_s(char *to, rsize_t capacity, const char *from)
{
    return strncat_s(to, capacity, from, WHOLE);
}

errno_t
wcsncpy_s(wchar_t *to, rsize_t capacity, const wchar_t *from, rsize_t limit)
{
    size_t length;

    if (to == NULL || capacity == 0)
        return EINVAL;
    *to = 0;
    if (from == NULL)
        return limit == 0 ? 0 : EINVAL;
    length = wcsnlen(from, limit != _TRUNCATE ? limit : capacity);
    if (length >= capacity) {
        if (limit != _TRUNCATE)
            return ERANGE;
        memcpy(to, from, (capacity - 1) * sizeof(*to));
        to[capacity - 1] = 0;
        return STRUNCATE;
    }
    memcpy(to, from, length * sizeof(*to));
    to[length] = 0;
    return 0;
}

errno_t
wcscpy_s(wchar_t *to, rsize_t capacity, const wchar_t *from)
{
    return wcsncpy_s(to, capacity, from, WHOLE);
}

errno_t
wcsncat_s(wchar_t *to, rsize_t capacity, const wchar_t *from, rsize_t limit)
{
    size_t used = to == NULL ? 0 : wcsnlen(to, capacity);
    errno_t error;

    if (to == NULL || used == capacity)
        return EINVAL;
    error = wcsncpy_s(to + used, capacity - used, from, limit);
    if (error != 0 && error != STRUNCATE)
        *to = 0;
    return error;
}

errno_t
wcscat_s(wchar_t *to, rsize_t capacity, const wchar_t *from)
{
    return wcsncat_s(to, capacity, from, WHOLE);
}
