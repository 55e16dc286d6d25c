/* SPDX-License-Identifier: MIT */
/* What the system says of itself by classes of information. */
#include "nt/gate.h"
#include "nt/handle.h"

#include <ntifs.h>
#include <string.h>
#include <undis/undocumented.h>

/* SystemExtendedHandleInformation */
struct handle_information {
    PVOID object;
    HANDLE process, handle;
    ACCESS_MASK granted;
    USHORT back_trace, type;
    ULONG attributes, reserved;
};

struct handles_information {
    ULONG_PTR count, reserved;
    struct handle_information handles[];
};
_Static_assert(sizeof(struct handle_information) == 40 && sizeof(struct handles_information) == 16,
    "as x64 has it");

static NTSTATUS
list_handles(void *buffer, ULONG length, ULONG *needed)
{
    struct undis *machine = machine_self();
    unsigned count = handles_list(machine, NULL, 0), listed;
    struct handle_entry *entries = machine_alloc(machine, (count + 1) * sizeof(*entries));
    struct handles_information *all = buffer;

    if (!entries)
        return STATUS_INSUFFICIENT_RESOURCES;
    listed = handles_list(machine, entries, count);
    if (listed < count)
        count = listed;
    *needed = (ULONG)(sizeof(*all) + count * sizeof(*all->handles));
    for (unsigned i = 0; buffer && length >= *needed && i < count; i++)
        all->handles[i] = (struct handle_information){.object = entries[i].body,
            .process = PsGetCurrentProcessId(),
            .handle = entries[i].handle,
            .granted = GENERIC_ALL};
    machine_free(machine, entries);
    if (!buffer || length < *needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    all->count = count;
    all->reserved = 0;
    return STATUS_SUCCESS;
}

static const struct {
    ULONG class;
    NTSTATUS (*answer)(void *buffer, ULONG length, ULONG *needed);
} classes[] = {
    {64, list_handles},
};

/*
 * ZwQuerySystemInformation - what the system says of itself: which handles are open
 *
 * @SystemInformationClass:  64, SystemExtendedHandleInformation.
 * @SystemInformation:       gets it.
 * @SystemInformationLength: bytes of it.
 * @ReturnLength:            how many it takes; may be NULL.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves; the objects are not referenced.
 * Errors:    STATUS_INFO_LENGTH_MISMATCH when it does not fit, STATUS_INVALID_INFO_CLASS for
 *            another class, STATUS_INSUFFICIENT_RESOURCES.
 * Source:    undocumented
 * Gaps:      other classes (CAVEATS.md, system information).
 */
NTSTATUS
ZwQuerySystemInformation(ULONG SystemInformationClass, PVOID SystemInformation,
    ULONG SystemInformationLength, PULONG ReturnLength)
{
    ULONG needed = 0;
    NTSTATUS status = STATUS_INVALID_INFO_CLASS;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    for (size_t i = 0; i < RTL_NUMBER_OF(classes); i++)
        if (classes[i].class == SystemInformationClass)
            status = classes[i].answer(SystemInformation, SystemInformationLength, &needed);
    if (ReturnLength)
        *ReturnLength = needed;
    return status;
}
