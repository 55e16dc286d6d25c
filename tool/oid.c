/* SPDX-License-Identifier: MIT */
/* undis oid - asks an adapter of a running machine, or sets something of it. */
#include "oids.h"
#include "remote.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SIZE_MAX_OID 65536u

static const char usage[] =
    "usage: undis oid [OPTION]... ADAPTER get OID\n"
    "       undis oid [OPTION]... ADAPTER set OID HEX...\n"
    "       undis oid --list\n"
    "\n"
    "Sends an OID request through the stack of a running machine, as a protocol would. OID is a\n"
    "name, OID_GEN_LINK_SPEED, or a number; HEX are bytes, 01 00 00 00.\n"
    "\n"
    "      --size N        room for the answer; 65536 without it\n"
    "      --control PATH  the machine's socket; without it the only machine that runs\n"
    "      --json          one JSON object on standard output\n"
    "  -h, --help\n"
    "\n"
    "Exit status: 0 done, 1 refused (with the status of NDIS) or no machine, 2 usage.\n";

static int
list(void)
{
    for (unsigned i = 0; i < oid_name_count; i++)
        printf("0x%08X  %s\n", oid_names[i].oid, oid_names[i].name);
    return UNDIS_EXIT_OK;
}

static bool
find(const struct remote *remote, const char *word, uint32_t *oid)
{
    uint64_t value;

    for (unsigned i = 0; i < oid_name_count; i++)
        if (strcasecmp(oid_names[i].name, word) == 0) {
            *oid = oid_names[i].oid;
            return true;
        }
    if (strncasecmp(word, "OID_", 4) == 0) {
        complain(remote->command, UNDIS_EXIT_USAGE,
            "%s: no OID that the headers know; undis oid --list, or its number", word);
        return false;
    }
    if (!remote_number(remote, word, UINT32_MAX, &value))
        return false;
    *oid = (uint32_t)value;
    return true;
}

static int
show(const struct remote *remote, uint32_t oid, uint32_t status, const unsigned char *bytes,
    uint32_t length)
{
    char hex[2 * SIZE_MAX_OID + 1] = "";
    json_t *object;

    if (status && !remote->json)
        return complain(remote->command, UNDIS_EXIT_FAILED, "0x%08X was refused with 0x%08X%s", oid,
            status, status == 0xC0010014u || status == 0xC0010016u ? "; the length is wrong" : "");
    if (!remote->json) {
        remote_dump(bytes, length);
        return UNDIS_EXIT_OK;
    }
    for (uint32_t i = 0; i < length && !status; i++)
        snprintf(hex + (size_t)2 * i, 3, "%02x", bytes[i]);
    object = json_pack("{sI sI sI ss}", "oid", (json_int_t)oid, "status", (json_int_t)status,
        "length", (json_int_t)length, "data", hex);
    json_dumpf(object, stdout, JSON_COMPACT);
    json_decref(object);
    putchar('\n');
    return status ? UNDIS_EXIT_FAILED : UNDIS_EXIT_OK;
}

static int
get(const struct remote *remote, const char *adapter, uint32_t oid)
{
    static unsigned char bytes[SIZE_MAX_OID];
    uint32_t length = remote->size ? remote->size : SIZE_MAX_OID, status = 0;

    if (length > SIZE_MAX_OID)
        return complain(
            remote->command, UNDIS_EXIT_USAGE, "--size: at most %u bytes", SIZE_MAX_OID);
    if (undis_client_oid(remote->client, adapter, false, oid, bytes, &length, &status))
        return remote_failed(remote);
    return show(remote, oid, status, bytes, length > SIZE_MAX_OID ? SIZE_MAX_OID : length);
}

static int
set(const struct remote *remote, const char *adapter, uint32_t oid, char *const *words)
{
    static unsigned char bytes[SIZE_MAX_OID];
    size_t n;
    uint32_t length, status = 0;

    if (!remote_hex(remote, words, bytes, sizeof(bytes), &n))
        return UNDIS_EXIT_USAGE;
    length = (uint32_t)n;
    if (undis_client_oid(remote->client, adapter, true, oid, bytes, &length, &status))
        return remote_failed(remote);
    return show(remote, oid, status, bytes, 0);
}

static int
run(const struct remote *remote, char *const *words)
{
    uint32_t oid;
    bool sets = strcmp(words[1], "set") == 0;

    if (!sets && strcmp(words[1], "get") != 0)
        return complain(remote->command, UNDIS_EXIT_USAGE, "%s: neither get nor set", words[1]);
    if (!find(remote, words[2], &oid))
        return UNDIS_EXIT_USAGE;
    if (sets)
        return set(remote, words[0], oid, words + 3);
    if (words[3])
        return complain(remote->command, UNDIS_EXIT_USAGE, "%s: get takes no bytes", words[3]);
    return get(remote, words[0], oid);
}

int
oid_main(int argc, char **argv)
{
    struct remote remote = {.command = "oid", .usage = usage};
    int first, status;

    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list();
    status = remote_open(&remote, argc, argv, 3, &first);
    if (status >= 0)
        return status;
    status = run(&remote, argv + first);
    undis_client_close(remote.client);
    return status;
}
