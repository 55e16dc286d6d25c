/* SPDX-License-Identifier: MIT */
/* undis adapters, undis stats - what stands in a running machine, and its counters. */
#include "remote.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define COMMON                                                                                     \
    "      --control PATH  the machine's socket; without it the only machine that runs\n"          \
    "      --json          one JSON object on standard output\n"                                   \
    "  -h, --help\n"

static const char adapters_usage[] = "usage: undis adapters [OPTION]...\n"
                                     "\n"
                                     "Lists the stacks of a running machine, with the modules of\n"
                                     "each from top to bottom and their states.\n"
                                     "\n" COMMON;

static const char stats_usage[] = "usage: undis stats [OPTION]... [ADAPTER]...\n"
                                  "\n"
                                  "Shows the counters of the ports and layers of a running\n"
                                  "machine, of all adapters or of those named.\n"
                                  "\n" COMMON;

static uint64_t
count(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

static const char *
text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value ? value : "";
}

static void
show_adapter(const json_t *stack)
{
    json_t *layer;
    size_t i;

    printf("%s\n", text(stack, "name"));
    json_array_foreach(json_object_get(stack, "layers"), i, layer) printf(
        "  %-9s %-16s %s\n", text(layer, "layer"), text(layer, "driver"), text(layer, "state"));
}

static void
show_port(const char *name, const json_t *port)
{
    if (json_is_object(port))
        printf("  %-11s read %" PRIu64 ", written %" PRIu64 ", dropped %" PRIu64 ", errors %" PRIu64
               "\n",
            name, count(port, "read"), count(port, "written"), count(port, "dropped"),
            count(port, "errors"));
}

static void
show_stats(const json_t *stack)
{
    static const char *const columns[] = {"sent", "send_completed", "send_pended", "sends_out",
        "indicated", "returned", "resources", "receives_out", "oids", "statuses"};
    static const char *const titles[] = {"sent", "completed", "pended", "out", "indicated",
        "returned", "resources", "out", "oids", "statuses"};
    json_t *layer;
    size_t i;

    printf("%s\n", text(stack, "name"));
    show_port("top port", json_object_get(stack, "top"));
    printf("  %-9s %-12s", "layer", "driver");
    for (size_t k = 0; k < sizeof(titles) / sizeof(titles[0]); k++)
        printf(" %10s", titles[k]);
    putchar('\n');
    json_array_foreach(json_object_get(stack, "layers"), i, layer)
    {
        printf("  %-9s %-12s", text(layer, "layer"), text(layer, "driver"));
        for (size_t k = 0; k < sizeof(columns) / sizeof(columns[0]); k++)
            printf(" %10" PRIu64, count(layer, columns[k]));
        putchar('\n');
    }
    show_port("bottom port", json_object_get(stack, "bottom"));
}

static bool
wanted(const json_t *stack, char *const *names)
{
    if (!*names)
        return true;
    for (; *names; names++)
        if (strcmp(*names, text(stack, "name")) == 0)
            return true;
    return false;
}

/* Leaves the stacks in @all that are named; false when a name is no adapter's. */
static bool
select_stacks(const struct remote *remote, json_t *all, char *const *names)
{
    json_t *stacks = json_object_get(all, "stacks");

    for (char *const *name = names; *name; name++) {
        bool found = false;
        json_t *stack;
        size_t i;

        json_array_foreach(stacks, i, stack) found =
            found || strcmp(*name, text(stack, "name")) == 0;
        if (!found) {
            complain(remote->command, UNDIS_EXIT_FAILED,
                "%s: no adapter has this name; undis adapters lists them", *name);
            return false;
        }
    }
    for (size_t i = json_array_size(stacks); i-- > 0;)
        if (!wanted(json_array_get(stacks, i), names))
            json_array_remove(stacks, i);
    return true;
}

static int
look(struct remote *remote, int argc, char **argv, void (*show)(const json_t *stack))
{
    int first, status = remote_open(remote, argc, argv, 0, &first);
    char *description;
    json_t *all, *stack;
    size_t i;

    if (status >= 0)
        return status;
    if (undis_client_describe(remote->client, &description))
        return remote_failed(remote);
    all = json_loads(description, 0, NULL);
    free(description);
    undis_client_close(remote->client);
    if (!all)
        return complain(remote->command, UNDIS_EXIT_FAILED, "the machine's answer is no JSON");
    status = select_stacks(remote, all, argv + first) ? UNDIS_EXIT_OK : UNDIS_EXIT_FAILED;
    if (!status && remote->json) {
        json_dumpf(all, stdout, JSON_COMPACT);
        putchar('\n');
    } else if (!status) {
        json_array_foreach(json_object_get(all, "stacks"), i, stack) show(stack);
    }
    json_decref(all);
    return status;
}

int
adapters_main(int argc, char **argv)
{
    struct remote remote = {.command = "adapters", .usage = adapters_usage};

    return look(&remote, argc, argv, show_adapter);
}

int
stats_main(int argc, char **argv)
{
    struct remote remote = {.command = "stats", .usage = stats_usage};

    return look(&remote, argc, argv, show_stats);
}
