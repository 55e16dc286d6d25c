/* SPDX-License-Identifier: MIT */
/* OID requests of the program: undis_stack_oid. */
#include "ndis/path/oid.h"
#include "ndis/stack/adapter.h"
#include "nt/gate.h"
#include "undis/error.h"
#include "undis/machine.h"
#include <errno.h>
#include <string.h>

struct oid {
    struct undis_stack *stack;
    bool set;
    uint32_t oid;
    void *buffer;
    uint32_t *length, *status;
};

#define GUARD      64u
#define GUARD_BYTE 0xA5

/* A buffer that ends where the request says, with what tells who wrote behind it. */
static char *
guarded(struct undis *machine, const void *buffer, size_t size)
{
    char *copy = machine_alloc(machine, size + GUARD);

    if (!copy)
        return NULL;
    memcpy(copy, buffer, size);
    memset(copy + size, GUARD_BYTE, GUARD);
    return copy;
}

static void
check_guard(const struct oid *oid, const char *copy, size_t size)
{
    for (size_t k = 0; k < GUARD; k++)
        if (copy[size + k] != (char)GUARD_BYTE)
            gate_bug_check("oid-buffer-no-overrun",
                "%s, or who stands above it, wrote %zu bytes behind the %zu that OID 0x%08X has "
                "room for",
                oid->stack->adapter->miniport->driver->name, k + 1, size, oid->oid);
}

static int
oid_inside(void *arguments)
{
    const struct oid *oid = arguments;
    struct undis *machine = oid->stack->machine;
    NDIS_OID_REQUEST *request = object_create(machine, OBJECT_OID_REQUEST, sizeof(*request));
    size_t room = *oid->length;
    char *copy = guarded(machine, oid->buffer, room);
    struct _QUERY *query;

    if (!request || !copy) {
        object_destroy(request);
        machine_free(machine, copy);
        return undis_fail(-ENOMEM, "no memory for an OID request");
    }
    query = &request->DATA.QUERY_INFORMATION;
    request->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_OID_REQUEST,
        NDIS_OID_REQUEST_REVISION_1, NDIS_SIZEOF_OID_REQUEST_REVISION_1};
    request->RequestType = oid->set ? NdisRequestSetInformation : NdisRequestQueryInformation;
    query->Oid = oid->oid;
    query->InformationBuffer = copy;
    query->InformationBufferLength = *oid->length;
    *oid->status = (uint32_t)oid_run_host(oid->stack->adapter, request);
    *oid->length = *oid->status == NDIS_STATUS_SUCCESS ? query->BytesWritten : query->BytesNeeded;
    check_guard(oid, copy, room);
    memcpy(oid->buffer, copy, room);
    machine_free(machine, copy);
    object_destroy(request);
    return 0;
}

int
undis_stack_oid(struct undis_stack *stack, bool set, uint32_t oid, void *buffer, uint32_t *length,
    uint32_t *status)
{
    struct oid arguments = {stack, set, oid, buffer, length, status};

    if (!stack->started)
        return undis_fail(-ENODEV, "%s: is not started", stack->name);
    return machine_inside(stack->machine, oid_inside, &arguments);
}
