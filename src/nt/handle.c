/* SPDX-License-Identifier: MIT */
/* Handles and referenced objects. See handle.h. */
#include "nt/handle.h"
#include "host/lock.h"
#include "nt/gate.h"
#include "nt/wait.h"
#include <errno.h>
#include <string.h>

#define FIRST_SLOTS 64

struct handles {
    uint32_t lock; /* host_lock */
    uint32_t size;
    void **bodies; /* slot n is handle (n + 1) * 4; NULL: free */
};

int
handles_create(struct undis *machine)
{
    machine->handles = machine_alloc(machine, sizeof(*machine->handles));
    return machine->handles ? 0 : -ENOMEM;
}

void
handles_destroy(struct undis *machine)
{
    struct handles *handles = machine->handles;

    if (!handles)
        return;
    for (uint32_t k = 0; k < handles->size; k++)
        if (handles->bodies[k])
            reference_put(handles->bodies[k]);
    machine_free(machine, handles->bodies);
    machine_free(machine, handles);
    machine->handles = NULL;
}

static struct reference *
reference_of(void *body)
{
    return object_prefix(body)->home;
}

void *
reference_create(struct undis *machine, enum object_kind kind, size_t size, reference_last_fn *last)
{
    struct reference *reference = machine_alloc(machine, sizeof(*reference));
    void *body;

    if (!reference)
        return NULL;
    body = object_create(machine, kind, size);
    if (!body) {
        machine_free(machine, reference);
        return NULL;
    }
    reference->count = 1;
    reference->last = last;
    object_prefix(body)->home = reference;
    return body;
}

void
reference_get(void *body)
{
    struct reference *reference = reference_of(body);

    if (reference)
        __atomic_fetch_add(&reference->count, 1, __ATOMIC_RELAXED);
}

uint32_t
reference_put(void *body)
{
    struct object *prefix = object_prefix(body);
    struct reference *reference = prefix->home;
    uint32_t old;

    if (!reference)
        return 1;
    old = __atomic_fetch_sub(&reference->count, 1, __ATOMIC_ACQ_REL);
    if (old == 0)
        gate_bug_check(
            NULL, "%s %u: one dereference too many", object_kind_name(prefix->kind), prefix->id);
    if (old > 1)
        return old - 1;
    if (reference->last)
        reference->last(body);
    machine_free(prefix->machine, reference);
    object_destroy(body);
    return 0;
}

/* Under the lock. */
static bool
grow(struct undis *machine, struct handles *handles)
{
    uint32_t size = handles->size ? handles->size * 2 : FIRST_SLOTS;
    void **bodies = machine_alloc(machine, size * sizeof(*bodies));

    if (!bodies)
        return false;
    if (handles->size)
        memcpy(bodies, handles->bodies, handles->size * sizeof(*bodies));
    machine_free(machine, handles->bodies);
    handles->bodies = bodies;
    handles->size = size;
    return true;
}

NTSTATUS
handle_open(struct undis *machine, void *body, HANDLE *handle)
{
    struct handles *handles = machine->handles;
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
    uint32_t slot = 0;

    host_lock(&handles->lock);
    while (slot < handles->size && handles->bodies[slot])
        slot++;
    if (slot < handles->size || grow(machine, handles)) {
        reference_get(body);
        handles->bodies[slot] = body;
        *handle = (HANDLE)(uintptr_t)((slot + 1) * 4);
        status = STATUS_SUCCESS;
    }
    host_unlock(&handles->lock);
    return status;
}

/* Under the lock. The slot of @handle, NULL when it is none. */
static void **
slot_of(struct handles *handles, HANDLE handle)
{
    uintptr_t value = (uintptr_t)handle;

    if (value == 0 || value % 4 || value / 4 > handles->size || !handles->bodies[value / 4 - 1])
        return NULL;
    return &handles->bodies[value / 4 - 1];
}

void *
handle_get(struct undis *machine, HANDLE handle, enum object_kind kind)
{
    struct handles *handles = machine->handles;
    void **slot, *body = NULL;

    host_lock(&handles->lock);
    slot = slot_of(handles, handle);
    if (slot && (kind == OBJECT_NONE || object_prefix(*slot)->kind == kind)) {
        body = *slot;
        reference_get(body);
    }
    host_unlock(&handles->lock);
    return body;
}

void *
handle_peek(struct undis *machine, HANDLE handle)
{
    struct handles *handles = machine->handles;
    void **slot, *body;

    host_lock(&handles->lock);
    slot = slot_of(handles, handle);
    body = slot ? *slot : NULL;
    host_unlock(&handles->lock);
    return body;
}

NTSTATUS
handle_close(struct undis *machine, HANDLE handle)
{
    struct handles *handles = machine->handles;
    void **slot, *body = NULL;

    host_lock(&handles->lock);
    slot = slot_of(handles, handle);
    if (slot) {
        body = *slot;
        *slot = NULL;
    }
    host_unlock(&handles->lock);
    if (!body)
        return STATUS_INVALID_HANDLE;
    reference_put(body);
    return STATUS_SUCCESS;
}

unsigned
handles_list(struct undis *machine, struct handle_entry *entries, unsigned room)
{
    struct handles *handles = machine->handles;
    unsigned count = 0;

    host_lock(&handles->lock);
    for (uint32_t k = 0; k < handles->size; k++) {
        if (!handles->bodies[k])
            continue;
        if (count < room)
            entries[count] =
                (struct handle_entry){(HANDLE)(uintptr_t)((k + 1) * 4), handles->bodies[k]};
        count++;
    }
    host_unlock(&handles->lock);
    return count;
}

/* Whether references to @body are counted: made by reference_create. */
static bool
counted(const void *body)
{
    static const enum object_kind kinds[] = {
        OBJECT_FILE, OBJECT_KEY, OBJECT_THREAD, OBJECT_EVENT, OBJECT_TIMER, OBJECT_DEVICE};

    for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        const struct object *prefix = object_of(machine_self(), body, kinds[k]);
        if (prefix)
            return prefix->home != NULL;
    }
    return false;
}

/*
 * ZwClose - closes a handle
 *
 * @Handle: an open handle.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is gone, and its object with the last reference.
 * Errors:    STATUS_INVALID_HANDLE: it is none.
 * Source:    NF:wdm.ZwClose
 */
NTSTATUS
ZwClose(HANDLE Handle)
{
    gate_require_irql(PASSIVE_LEVEL, "ZwClose");
    if ((LONGLONG)(uintptr_t)Handle < 0)
        return STATUS_SUCCESS;
    return handle_close(machine_self(), Handle);
}

/*
 * ObCloseHandle - closes a handle
 *
 * @Handle: an open handle.
 * @PreviousMode: KernelMode or UserMode.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is gone, and its object with the last reference.
 * Errors:    STATUS_INVALID_HANDLE: it is none.
 * Source:    NF:wdm.ObCloseHandle
 */
NTSTATUS
ObCloseHandle(HANDLE Handle, KPROCESSOR_MODE PreviousMode)
{
    (void)PreviousMode;
    return ZwClose(Handle);
}

/*
 * ObReferenceObjectByHandle - the object behind a handle
 *
 * @Handle: an open handle.
 * @DesiredAccess: rights, not checked.
 * @ObjectType: what it must be, NULL: anything.
 * @AccessMode: not checked.
 * @Object: initialised dispatcher object, resident.
 * @HandleInformation: gets zeros, or NULL.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller has a reference to be given back with ObDereferenceObject.
 * Errors:    STATUS_INVALID_HANDLE: it is none. STATUS_OBJECT_TYPE_MISMATCH: it is another's.
 * Source:    NF:wdm.ObReferenceObjectByHandle
 */
NTSTATUS
ObReferenceObjectByHandle(HANDLE Handle, ACCESS_MASK DesiredAccess, POBJECT_TYPE ObjectType,
    KPROCESSOR_MODE AccessMode, PVOID *Object, POBJECT_HANDLE_INFORMATION HandleInformation)
{
    NTSTATUS status;
    void *body;

    gate_require_irql(PASSIVE_LEVEL, "ObReferenceObjectByHandle");
    if (Handle == NtCurrentThread()) {
        body = KeGetCurrentThread();
        if (counted(body))
            reference_get(body);
    } else {
        body = handle_get(machine_self(), Handle, OBJECT_NONE);
    }
    *Object = NULL;
    if (!body)
        return STATUS_INVALID_HANDLE;
    /* Of the two references one is given back: all if it is of another type. */
    status = ObReferenceObjectByPointer(body, DesiredAccess, ObjectType, AccessMode);
    ObfDereferenceObject(body);
    if (!NT_SUCCESS(status))
        return status;
    *Object = body;
    if (HandleInformation)
        memset(HandleInformation, 0, sizeof(*HandleInformation));
    return STATUS_SUCCESS;
}

/*
 * ZwSetSecurityObject - lets everybody at an object, who may already; refuses any other descriptor
 *
 * @Handle: an open handle.
 * @SecurityInformation: OWNER_SECURITY_INFORMATION and so on.
 * @SecurityDescriptor: a valid one.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_INVALID_HANDLE, STATUS_ACCESS_VIOLATION (NULL), STATUS_INVALID_SECURITY_DESCR,
 *            STATUS_NOT_SUPPORTED for all but DACL_SECURITY_INFORMATION alone without a list.
 * Source:    NF:ntifs.ZwSetSecurityObject
 * Gaps:      the descriptor is not kept (CAVEATS.md, security)
 */
NTSTATUS
ZwSetSecurityObject(HANDLE Handle, SECURITY_INFORMATION SecurityInformation,
    PSECURITY_DESCRIPTOR SecurityDescriptor)
{
    void *body = handle_get(machine_self(), Handle, OBJECT_NONE);
    const SECURITY_DESCRIPTOR *descriptor = SecurityDescriptor;
    bool listed;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!body)
        return STATUS_INVALID_HANDLE;
    ObfDereferenceObject(body);
    if (!SecurityDescriptor)
        return STATUS_ACCESS_VIOLATION;
    if (!RtlValidSecurityDescriptor(SecurityDescriptor))
        return STATUS_INVALID_SECURITY_DESCR;
    listed = (descriptor->Control & SE_SELF_RELATIVE) ||
             ((descriptor->Control & SE_DACL_PRESENT) && descriptor->Dacl);
    return SecurityInformation == DACL_SECURITY_INFORMATION && !listed ? STATUS_SUCCESS
                                                                       : STATUS_NOT_SUPPORTED;
}

/*
 * ObfReferenceObject - one more reference to an object
 *
 * @Object: initialised dispatcher object, resident.
 *
 * IRQL:      <=DISPATCH_LEVEL
 * Ownership: the caller has it.
 * Errors:    none; the references there are now, 1 for what is not counted.
 * Source:    NF:wdm.ObfReferenceObject
 */
LONG_PTR
ObfReferenceObject(PVOID Object)
{
    if (!counted(Object))
        return 1;
    reference_get(Object);
    return reference_of(Object)->count;
}

/*
 * ObfDereferenceObject - gives a reference back
 *
 * @Object: initialised dispatcher object, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the object goes with the last one.
 * Errors:    none; the references left, 1 for what is not counted.
 * Source:    NF:wdm.ObDereferenceObject
 */
LONG_PTR
ObfDereferenceObject(PVOID Object)
{
    return counted(Object) ? (LONG_PTR)reference_put(Object) : 1;
}
