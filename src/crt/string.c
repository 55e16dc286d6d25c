/* SPDX-License-Identifier: MIT */
/* Narrow strings. Case is ASCII's: the C locale. */
#include <ctype.h>
#include <string.h>

size_t
strlen(const char *string)
{
    size_t length = 0;

    while (string[length] != 0)
        length++;
    return length;
}

size_t
strnlen(const char *string, size_t max)
{
    size_t length = 0;

    while (length < max && string[length] != 0)
        length++;
    return length;
}

char *
strcpy(char *to, const char *from)
{
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char *
strncpy(char *to, const char *from, size_t count)
{
    size_t length = strnlen(from, count);

    memcpy(to, from, length);
    memset(to + length, 0, count - length);
    return to;
}

char *
strcat(char *to, const char *from)
{
    strcpy(to + strlen(to), from);
    return to;
}

char *
strncat(char *to, const char *from, size_t count)
{
    size_t length = strnlen(from, count);
    char *end = to + strlen(to);

    memcpy(end, from, length);
    end[length] = 0;
    return to;
}

int
strncmp(const char *left, const char *right, size_t count)
{
    for (; count != 0; count--, left++, right++) {
        if (*left != *right)
            return (unsigned char)*left < (unsigned char)*right ? -1 : 1;
        if (*left == 0)
            return 0;
    }
    return 0;
}

int
strcmp(const char *left, const char *right)
{
    return strncmp(left, right, (size_t)-1);
}

int
_strnicmp(const char *left, const char *right, size_t count)
{
    for (; count != 0; count--, left++, right++) {
        int l = tolower((unsigned char)*left), r = tolower((unsigned char)*right);

        if (l != r)
            return l < r ? -1 : 1;
        if (l == 0)
            return 0;
    }
    return 0;
}

int
_stricmp(const char *left, const char *right)
{
    return _strnicmp(left, right, (size_t)-1);
}

char *
strchr(const char *string, int character)
{
    for (;; string++) {
        if (*string == (char)character)
            return (char *)(size_t)string;
        if (*string == 0)
            return NULL;
    }
}

char *
strrchr(const char *string, int character)
{
    const char *found = NULL;

    for (;; string++) {
        if (*string == (char)character)
            found = string;
        if (*string == 0)
            return (char *)(size_t)found;
    }
}

char *
strstr(const char *string, const char *part)
{
    size_t length = strlen(part);

    for (;; string++) {
        if (strncmp(string, part, length) == 0)
            return (char *)(size_t)string;
        if (*string == 0)
            return NULL;
    }
}

size_t
strspn(const char *string, const char *set)
{
    size_t count = 0;

    while (string[count] != 0 && strchr(set, string[count]) != NULL)
        count++;
    return count;
}

size_t
strcspn(const char *string, const char *set)
{
    size_t count = 0;

    while (string[count] != 0 && strchr(set, string[count]) == NULL)
        count++;
    return count;
}

char *
strpbrk(const char *string, const char *set)
{
    string += strcspn(string, set);
    return *string == 0 ? NULL : (char *)(size_t)string;
}

char *
_strupr(char *string)
{
    char *at;

    for (at = string; *at != 0; at++)
        *at = (char)toupper((unsigned char)*at);
    return string;
}

char *
_strlwr(char *string)
{
    char *at;

    for (at = string; *at != 0; at++)
        *at = (char)tolower((unsigned char)*at);
    return string;
}

char *
_strrev(char *string)
{
    size_t left = 0, right = strlen(string);

    for (; left + 1 < right; left++) {
        char kept = string[left];

        string[left] = string[--right];
        string[right] = kept;
    }
    return string;
}

char *
_strset(char *string, int character)
{
    memset(string, character, strlen(string));
    return string;
}

char *
strtok_s(char *string, const char *separators, char **rest)
{
    char *start = string != NULL ? string : *rest, *end;

    start += strspn(start, separators);
    end = start + strcspn(start, separators);
    *rest = *end == 0 ? end : end + 1;
    *end = 0;
    return start == end ? NULL : start;
}
