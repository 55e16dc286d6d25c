/* SPDX-License-Identifier: MIT */
/* What the commands share that look into a running machine, see remote.h. */
#include "remote.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

int
remote_failed(const struct remote *remote)
{
    return complain(remote->command, UNDIS_EXIT_FAILED, "%s", undis_client_error());
}

bool
remote_number(const struct remote *remote, const char *text, uint64_t max, uint64_t *value)
{
    char *end;

    errno = 0;
    *value = strtoull(text, &end, 0);
    if (!errno && !*end && end != text && *text != '-' && *value <= max)
        return true;
    complain(remote->command, UNDIS_EXIT_USAGE, "%s: not a number from 0 to %llu", text,
        (unsigned long long)max);
    return false;
}

static int
take(struct remote *remote, int key)
{
    uint64_t value;

    switch (key) {
    case 'j': remote->json = true; return -1;
    case 'c': remote->path = optarg; return -1;
    case 'i': remote->input = optarg; return -1;
    case 's':
        if (!remote_number(remote, optarg, 16u << 20, &value))
            return UNDIS_EXIT_USAGE;
        remote->size = (uint32_t)value;
        return -1;
    case 'h': fputs(remote->usage, stdout); return UNDIS_EXIT_OK;
    default: fputs(remote->usage, stderr); return UNDIS_EXIT_USAGE;
    }
}

int
remote_open(struct remote *remote, int argc, char **argv, int least, int *first)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
        {"control", required_argument, NULL, 'c'}, {"input", required_argument, NULL, 'i'},
        {"size", required_argument, NULL, 's'}, {"help", no_argument, NULL, 'h'}, {0}};
    int key, status = -1;

    while (status < 0 && (key = getopt_long(argc, argv, "h", options, NULL)) != -1)
        status = take(remote, key);
    if (status >= 0)
        return status;
    if (argc - optind < least || (remote->input && !remote->takes_input)) {
        fputs(remote->usage, stderr);
        return UNDIS_EXIT_USAGE;
    }
    *first = optind;
    if (undis_client_connect(remote->path, &remote->client))
        return remote_failed(remote);
    return -1;
}

static int
digit(char c)
{
    if (isdigit((unsigned char)c))
        return c - '0';
    return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

static bool
add_hex(const char *word, unsigned char *bytes, size_t room, size_t *n)
{
    if (word[0] == '0' && word[1] == 'x')
        word += 2;
    while (*word) {
        if (*word == '-' || *word == ':' || *word == ' ') {
            word++;
            continue;
        }
        if (digit(word[0]) < 0 || digit(word[1]) < 0 || *n == room)
            return false;
        bytes[(*n)++] = (unsigned char)((unsigned)digit(word[0]) << 4 | (unsigned)digit(word[1]));
        word += 2;
    }
    return true;
}

bool
remote_hex(
    const struct remote *remote, char *const *words, unsigned char *bytes, size_t room, size_t *n)
{
    *n = 0;
    for (; *words; words++)
        if (!add_hex(*words, bytes, room, n)) {
            complain(remote->command, UNDIS_EXIT_USAGE,
                "%s: not hexadecimal bytes, two digits each, at most %zu of them", *words, room);
            return false;
        }
    return true;
}

void
remote_dump(const unsigned char *bytes, size_t n)
{
    for (size_t at = 0; at < n; at += 16) {
        printf("%06zx ", at);
        for (size_t i = at; i < at + 16; i++)
            if (i < n)
                printf(" %02x", bytes[i]);
            else
                fputs("   ", stdout);
        fputs("  ", stdout);
        for (size_t i = at; i < at + 16 && i < n; i++)
            putchar(isprint(bytes[i]) ? bytes[i] : '.');
        putchar('\n');
    }
}
