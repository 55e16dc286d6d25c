/* SPDX-License-Identifier: MIT */
/* Wide strings of 16-bit units. */
#include <string.h>
#include <wchar.h>

size_t
wcslen(const wchar_t *string)
{
    size_t length = 0;

    while (string[length] != 0)
        length++;
    return length;
}

size_t
wcsnlen(const wchar_t *string, size_t max)
{
    size_t length = 0;

    while (length < max && string[length] != 0)
        length++;
    return length;
}

wchar_t *
wcscpy(wchar_t *to, const wchar_t *from)
{
    memcpy(to, from, (wcslen(from) + 1) * sizeof(*to));
    return to;
}

wchar_t *
wcsncpy(wchar_t *to, const wchar_t *from, size_t count)
{
    size_t length = wcsnlen(from, count);

    memcpy(to, from, length * sizeof(*to));
    memset(to + length, 0, (count - length) * sizeof(*to));
    return to;
}

wchar_t *
wcscat(wchar_t *to, const wchar_t *from)
{
    wcscpy(to + wcslen(to), from);
    return to;
}

wchar_t *
wcsncat(wchar_t *to, const wchar_t *from, size_t count)
{
    size_t length = wcsnlen(from, count);
    wchar_t *end = to + wcslen(to);

    memcpy(end, from, length * sizeof(*to));
    end[length] = 0;
    return to;
}

int
wcsncmp(const wchar_t *left, const wchar_t *right, size_t count)
{
    for (; count != 0; count--, left++, right++) {
        if (*left != *right)
            return *left < *right ? -1 : 1;
        if (*left == 0)
            return 0;
    }
    return 0;
}

int
wcscmp(const wchar_t *left, const wchar_t *right)
{
    return wcsncmp(left, right, (size_t)-1);
}

int
_wcsnicmp(const wchar_t *left, const wchar_t *right, size_t count)
{
    for (; count != 0; count--, left++, right++) {
        unsigned l = towlower(*left), r = towlower(*right);

        if (l != r)
            return l < r ? -1 : 1;
        if (l == 0)
            return 0;
    }
    return 0;
}

int
_wcsicmp(const wchar_t *left, const wchar_t *right)
{
    return _wcsnicmp(left, right, (size_t)-1);
}

wchar_t *
wcschr(const wchar_t *string, wchar_t character)
{
    for (;; string++) {
        if (*string == character)
            return (wchar_t *)(size_t)string;
        if (*string == 0)
            return NULL;
    }
}

wchar_t *
wcsrchr(const wchar_t *string, wchar_t character)
{
    const wchar_t *found = NULL;

    for (;; string++) {
        if (*string == character)
            found = string;
        if (*string == 0)
            return (wchar_t *)(size_t)found;
    }
}

wchar_t *
wcsstr(const wchar_t *string, const wchar_t *part)
{
    size_t length = wcslen(part);

    for (;; string++) {
        if (wcsncmp(string, part, length) == 0)
            return (wchar_t *)(size_t)string;
        if (*string == 0)
            return NULL;
    }
}

size_t
wcsspn(const wchar_t *string, const wchar_t *set)
{
    size_t count = 0;

    while (string[count] != 0 && wcschr(set, string[count]) != NULL)
        count++;
    return count;
}

size_t
wcscspn(const wchar_t *string, const wchar_t *set)
{
    size_t count = 0;

    while (string[count] != 0 && wcschr(set, string[count]) == NULL)
        count++;
    return count;
}

wchar_t *
_wcsupr(wchar_t *string)
{
    wchar_t *at;

    for (at = string; *at != 0; at++)
        *at = (wchar_t)towupper(*at);
    return string;
}

wchar_t *
_wcslwr(wchar_t *string)
{
    wchar_t *at;

    for (at = string; *at != 0; at++)
        *at = (wchar_t)towlower(*at);
    return string;
}

wchar_t *
_wcsrev(wchar_t *string)
{
    size_t left = 0, right = wcslen(string);

    for (; left + 1 < right; left++) {
        wchar_t kept = string[left];

        string[left] = string[--right];
        string[right] = kept;
    }
    return string;
}
