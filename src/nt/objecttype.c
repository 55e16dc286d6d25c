/* SPDX-License-Identifier: MIT */
/* The object types that drivers name, and references by pointer that look at them. Constant data:
 * the same for every machine. */
#include "nt/handle.h"

struct _OBJECT_TYPE {
    enum object_kind kind;
};

#define OBJECT_TYPE(name, value)                                                                   \
    static struct _OBJECT_TYPE name##_type = {value};                                              \
    static POBJECT_TYPE name##_pointer = &name##_type;                                             \
    POBJECT_TYPE *name = &name##_pointer /* NOLINT(bugprone-macro-parentheses): a declarator */

/*
 * ExEventObjectType - the type of events
 *
 * Source:    NF:wdm.ObReferenceObjectByHandle
 */
OBJECT_TYPE(ExEventObjectType, OBJECT_EVENT);

/*
 * IoFileObjectType - the type of files
 *
 * Source:    NF:wdm.ObReferenceObjectByHandle
 */
OBJECT_TYPE(IoFileObjectType, OBJECT_FILE);

/*
 * IoDriverObjectType - the type of drivers
 *
 * Source:    undocumented
 */
OBJECT_TYPE(IoDriverObjectType, OBJECT_DRIVER);

/*
 * IoDeviceObjectType - the type of devices
 *
 * Source:    undocumented
 */
OBJECT_TYPE(IoDeviceObjectType, OBJECT_DEVICE);

/*
 * PsThreadType - the type of threads
 *
 * Source:    NF:wdm.ObReferenceObjectByHandle
 */
OBJECT_TYPE(PsThreadType, OBJECT_THREAD);

/*
 * CmKeyObjectType - the type of registry keys
 *
 * Source:    NF:ntifs.ObOpenObjectByPointer
 */
OBJECT_TYPE(CmKeyObjectType, OBJECT_KEY);

/*
 * ObReferenceObjectByPointer - one reference more when the object is of the type asked for
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the object lives until the matching ObDereferenceObject.
 * Errors:    STATUS_OBJECT_TYPE_MISMATCH.
 * Source:    NF:wdm.ObReferenceObjectByPointer
 */
NTSTATUS
ObReferenceObjectByPointer(
    PVOID Object, ACCESS_MASK DesiredAccess, POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode)
{
    UNREFERENCED_PARAMETER(DesiredAccess);
    UNREFERENCED_PARAMETER(AccessMode);
    if (ObjectType != NULL && object_of(machine_self(), Object, ObjectType->kind) == NULL)
        return STATUS_OBJECT_TYPE_MISMATCH;
    ObfReferenceObject(Object);
    return STATUS_SUCCESS;
}

/*
 * ObDereferenceObjectDeferDelete - as ObDereferenceObject: the end of an object is not deferred
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the caller's reference back.
 * Errors:    none.
 * Source:    NF:wdm.ObDereferenceObjectDeferDelete
 */
VOID
ObDereferenceObjectDeferDelete(PVOID Object)
{
    ObfDereferenceObject(Object);
}

/*
 * ObOpenObjectByPointer - a handle to an object
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller closes it with ZwClose.
 * Errors:    STATUS_OBJECT_TYPE_MISMATCH, STATUS_INSUFFICIENT_RESOURCES.
 * Source:    NF:ntifs.ObOpenObjectByPointer
 */
NTSTATUS
ObOpenObjectByPointer(PVOID Object, ULONG HandleAttributes, PACCESS_STATE PassedAccessState,
    ACCESS_MASK DesiredAccess, POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode, PHANDLE Handle)
{
    struct object *prefix = object_prefix(Object);

    UNREFERENCED_PARAMETER(HandleAttributes);
    UNREFERENCED_PARAMETER(PassedAccessState);
    UNREFERENCED_PARAMETER(DesiredAccess);
    UNREFERENCED_PARAMETER(AccessMode);
    if (ObjectType != NULL && object_of(machine_self(), Object, ObjectType->kind) == NULL)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (prefix->home == NULL)
        return STATUS_NOT_SUPPORTED;
    return handle_open(machine_self(), Object, Handle);
}
