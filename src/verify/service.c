/* SPDX-License-Identifier: MIT */
/* Checks of services: events, lookaside lists, resources, device numbers ... : initialised before
 * use, deleted once.
 */
#include "verify/check.h"

#include <string.h>

static void *
argument(const struct gate_call *call, unsigned k)
{
    return (void *)call->args[k];
}

static void
make_event(struct verify *verify, struct gate_call *call)
{
    place_make(verify, argument(call, 0), PLACE_EVENT, call->import->name);
}

static void
use_event(struct verify *verify, struct gate_call *call)
{
    if (fails(verify, RULE_EVENT_INIT, !place_find(verify, argument(call, 0), PLACE_EVENT)))
        broken(verify, RULE_EVENT_INIT, call, NULL, NULL, NULL,
            "%s called %s for an event that nobody has initialised", call->driver->name,
            call->import->name);
}

static void
make_list(struct verify *verify, struct gate_call *call)
{
    const struct place *place = place_find(verify, argument(call, 0), PLACE_LOOKASIDE);

    if (fails(verify, RULE_LOOKASIDE, place && !place->ended))
        broken_at(verify, RULE_LOOKASIDE, call, NULL, &place->made, "initialised here",
            "%s initialises a lookaside list that is in use", call->driver->name);
    if (fails(verify, RULE_LOOKASIDE, (call->args[0] & 15) != 0))
        broken(verify, RULE_LOOKASIDE, call, NULL, NULL, NULL,
            "%s initialises a lookaside list that is not aligned to 16 bytes", call->driver->name);
    if (fails(verify, RULE_LOOKASIDE, !call->args[1] != !call->args[2]))
        broken(verify, RULE_LOOKASIDE, call, NULL, NULL, NULL,
            "%s initialises a lookaside list with one of Allocate and Free only",
            call->driver->name);
    place_make(verify, argument(call, 0), PLACE_LOOKASIDE, call->import->name);
}

static void
use_list(struct verify *verify, struct gate_call *call)
{
    const struct place *place = place_find(verify, argument(call, 0), PLACE_LOOKASIDE);

    if (fails(verify, RULE_LOOKASIDE, !place || place->ended))
        broken_at(verify, RULE_LOOKASIDE, call, NULL, place ? &place->made : NULL, "deleted here",
            place ? "%s called %s for a lookaside list that is deleted"
                  : "%s called %s for a lookaside list that nobody has initialised",
            call->driver->name, call->import->name);
}

static void
end_place(struct verify *verify, const struct gate_call *call, enum place_kind kind)
{
    struct place *place = place_find(verify, argument(call, 0), kind);

    if (!place)
        return;
    place->ended = true;
    move_now(verify, &place->made, call->import->name);
}

static void
delete_list(struct verify *verify, struct gate_call *call)
{
    use_list(verify, call);
    end_place(verify, call, PLACE_LOOKASIDE);
}

static void
make_resource(struct verify *verify, struct gate_call *call)
{
    place_make(verify, argument(call, 0), PLACE_RESOURCE, call->import->name);
}

static void
delete_resource(struct verify *verify, struct gate_call *call)
{
    end_place(verify, call, PLACE_RESOURCE);
}

const struct check service_imports[] = {
    {"NdisInitializeEvent", make_event, NULL},
    {"NdisSetEvent", use_event, NULL},
    {"NdisResetEvent", use_event, NULL},
    {"NdisWaitEvent", use_event, NULL},
    {"ExInitializeNPagedLookasideList", make_list, NULL},
    {"ExInitializePagedLookasideList", make_list, NULL},
    {"ExInitializeLookasideListEx", make_list, NULL},
    {"ExAllocateFromNPagedLookasideList", use_list, NULL},
    {"ExAllocateFromPagedLookasideList", use_list, NULL},
    {"ExAllocateFromLookasideListEx", use_list, NULL},
    {"ExFreeToNPagedLookasideList", use_list, NULL},
    {"ExFreeToPagedLookasideList", use_list, NULL},
    {"ExFreeToLookasideListEx", use_list, NULL},
    {"ExDeleteNPagedLookasideList", delete_list, NULL},
    {"ExDeletePagedLookasideList", delete_list, NULL},
    {"ExDeleteLookasideListEx", delete_list, NULL},
    {"ExInitializeResourceLite", make_resource, NULL},
    {"ExDeleteResourceLite", delete_resource, NULL},
    {NULL, NULL, NULL},
};
