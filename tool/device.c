/* SPDX-License-Identifier: MIT */
/* undis device - opens a device of a driver in a running machine, as a Win32 program would. */
#include "remote.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX (16u << 20)

static const char usage[] =
    "usage: undis device [OPTION]... open NAME\n"
    "       undis device [OPTION]... read NAME\n"
    "       undis device [OPTION]... write NAME [HEX...]\n"
    "       undis device [OPTION]... ioctl NAME CODE [HEX...]\n"
    "\n"
    "Opens a device of a driver in a running machine, by a name as \\\\.\\NDISPROT or NDISPROT,\n"
    "does one thing with it, and closes it. A read waits for the driver; ^C cancels it.\n"
    "\n"
    "      --size N        room for what comes back; 65536 for read, 0 for ioctl\n"
    "      --input FILE    the bytes of a write or ioctl; - is standard input\n"
    "      --control PATH  the machine's socket; without it the only machine that runs\n"
    "      --json          one JSON object on standard output\n"
    "  -h, --help\n"
    "\n"
    "Exit status: 0 done, 1 refused (with the NTSTATUS) or no machine, 2 usage.\n";

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int number)
{
    interrupted = number;
}

static const struct verb {
    const char *name;
    enum undis_client_transfer transfer;
    int least; /* words behind the verb */
    bool takes_bytes;
} verbs[] = {
    {"open", UNDIS_CLIENT_READ, 1, false},
    {"read", UNDIS_CLIENT_READ, 1, false},
    {"write", UNDIS_CLIENT_WRITE, 1, true},
    {"ioctl", UNDIS_CLIENT_IOCTL, 2, true},
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

struct bytes {
    unsigned char *at;
    size_t n;
};

static bool
read_input(const struct remote *remote, char *const *words, struct bytes *in)
{
    FILE *from = stdin;

    in->at = malloc(BYTES_MAX);
    if (!in->at)
        return complain(remote->command, 0, "no memory");
    if (!remote->input)
        return remote_hex(remote, words, in->at, BYTES_MAX, &in->n);
    if (*words) {
        complain(remote->command, 0, "%s: --input has the bytes already", *words);
        return false;
    }
    if (strcmp(remote->input, "-") != 0)
        from = fopen(remote->input, "re");
    if (!from) {
        complain(remote->command, 0, "%s: %s", remote->input, strerror(errno));
        return false;
    }
    in->n = fread(in->at, 1, BYTES_MAX, from);
    if (from != stdin)
        (void)fclose(from);
    return true;
}

/* Waits in poll, which a signal ends. */
static void
wait_or_cancel(struct undis_client *client, undis_client_request request)
{
    struct sigaction action = {.sa_handler = on_interrupt}, before;
    struct pollfd ready = {undis_client_fd(client), POLLIN, 0};

    sigaction(SIGINT, &action, &before);
    while (!interrupted && poll(&ready, 1, 500) <= 0)
        ;
    if (interrupted)
        undis_client_cancel(client, request);
    sigaction(SIGINT, &before, NULL);
}

static int
show(const struct remote *remote, const struct undis_client_result *result,
    const unsigned char *out, size_t shown)
{
    uint32_t status = result->status;
    json_t *object;
    char *hex;

    if (!remote->json && (int32_t)status < 0 && (status & 0xc0000000u) == 0xc0000000u)
        return complain(remote->command, UNDIS_EXIT_FAILED, "the driver answered 0x%08X", status);
    if (!remote->json) {
        remote_dump(out, shown);
        return UNDIS_EXIT_OK;
    }
    hex = calloc(2, shown + 1);
    for (size_t i = 0; hex && i < shown; i++)
        snprintf(hex + 2 * i, 3, "%02x", out[i]);
    object = json_pack("{sI sI ss}", "status", (json_int_t)status, "done", (json_int_t)result->done,
        "data", hex ? hex : "");
    free(hex);
    json_dumpf(object, stdout, JSON_COMPACT);
    json_decref(object);
    putchar('\n');
    return (status & 0xc0000000u) == 0xc0000000u ? UNDIS_EXIT_FAILED : UNDIS_EXIT_OK;
}

static int
transfer(const struct remote *remote, const struct verb *verb,
    const struct undis_client_device *device, uint32_t code, const struct bytes *in)
{
    size_t room = remote->size ? remote->size : verb->transfer == UNDIS_CLIENT_READ ? 65536 : 0;
    unsigned char *out = calloc(1, room + 1);
    undis_client_request request;
    struct undis_client_result result = {0};
    int error;

    if (!out)
        return complain(remote->command, UNDIS_EXIT_FAILED, "no memory");
    error = undis_client_begin(device, verb->transfer, code, in->at, in->n, room, &request);
    if (!error) {
        wait_or_cancel(remote->client, request);
        error = undis_client_end(remote->client, request, -1, out, room, &result);
    }
    if (error)
        error = remote_failed(remote);
    else
        error = show(remote, &result, out, result.done < room ? result.done : room);
    free(out);
    return error;
}

static int
run(const struct remote *remote, const struct verb *verb, char *const *words)
{
    struct bytes in = {0};
    struct undis_client_device device;
    char name[300];
    uint64_t code = 0;
    int status = UNDIS_EXIT_OK;

    snprintf(name, sizeof(name), "%s%s", words[0][0] == '\\' ? "" : "\\\\.\\", words[0]);
    if (verb->transfer == UNDIS_CLIENT_IOCTL && !remote_number(remote, words[1], UINT32_MAX, &code))
        return UNDIS_EXIT_USAGE;
    if (!verb->takes_bytes && words[verb->least])
        return complain(remote->command, UNDIS_EXIT_USAGE, "%s: %s takes no bytes",
            words[verb->least], verb->name);
    if (verb->takes_bytes && !read_input(remote, words + verb->least, &in))
        status = UNDIS_EXIT_USAGE;
    else if (undis_client_open(remote->client, name, &device))
        status = remote_failed(remote);
    else {
        if (verb != verbs)
            status = transfer(remote, verb, &device, (uint32_t)code, &in);
        if (undis_client_close_device(&device) && !status)
            status = remote_failed(remote);
    }
    free(in.at);
    return status;
}

int
device_main(int argc, char **argv)
{
    struct remote remote = {.command = "device", .usage = usage, .takes_input = true};
    int first, status = remote_open(&remote, argc, argv, 2, &first);
    const struct verb *verb = verbs;

    if (status >= 0)
        return status;
    while (verb < verbs + VERBS && strcmp(verb->name, argv[first]) != 0)
        verb++;
    if (verb == verbs + VERBS || argc - first - 1 < verb->least) {
        fputs(usage, stderr);
        status = UNDIS_EXIT_USAGE;
    } else {
        status = run(&remote, verb, argv + first + 1);
    }
    undis_client_close(remote.client);
    return status;
}
