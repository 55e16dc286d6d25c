/* SPDX-License-Identifier: MIT */
/* Names of devices and symbolic links.
 *
 *     \\.\X, \DosDevices\X, \GLOBAL??\X, \??\Global\X  --normalised-->  \??\X  --link-->  \Device\X
 *
 * Names compare without case. A name may have more text behind it: \Device\X\rest opens \Device\X
 * with the file name \rest.
 */
#include "host/lock.h"
#include "nt/iomanager.h"
#include "nt/unicode.h"
#include <string.h>

#define LINKS_MAX 16 /* followed in one look-up */

static const struct {
    const WCHAR *text;
} roots[] = {{L"\\DosDevices\\"}, {L"\\GLOBAL?\?\\"}, {L"\\\\.\\"}, {L"\\?\?\\"}};

/* Bytes of @prefix when @text begins with it. */
static size_t
prefix_size(const WCHAR *text, size_t size, const WCHAR *prefix)
{
    size_t length = wide_length(prefix);

    if (size / sizeof(WCHAR) < length || wide_compare(text, length, prefix, length, TRUE) != 0)
        return 0;
    return length * sizeof(WCHAR);
}

NTSTATUS
name_normalize(PCUNICODE_STRING text, PUNICODE_STRING normal)
{
    static const WCHAR root[] = L"\\?\?\\";
    size_t head = 0, skip = 0, i;
    const WCHAR *from = text->Buffer;

    for (i = 0; i < RTL_NUMBER_OF(roots) && skip == 0; i++)
        skip = prefix_size(from, text->Length, roots[i].text);
    if (skip != 0) {
        head = sizeof(root) - sizeof(WCHAR);
        skip += prefix_size(from + skip / sizeof(WCHAR), text->Length - skip, L"Global\\");
    } else if (text->Length == 0 || from[0] != '\\') {
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    }
    normal->Length = (USHORT)(head + text->Length - skip);
    normal->MaximumLength = (USHORT)(normal->Length + sizeof(WCHAR));
    normal->Buffer = machine_alloc(machine_self(), normal->MaximumLength);
    if (normal->Buffer == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(normal->Buffer, root, head);
    memcpy((PCHAR)normal->Buffer + head, (const char *)from + skip, (size_t)text->Length - skip);
    return STATUS_SUCCESS;
}

void
name_free(PUNICODE_STRING normal)
{
    machine_free(machine_self(), normal->Buffer);
    memset(normal, 0, sizeof(*normal));
}

/* With io.lock. The longest name that is @text or is followed by a backslash in it. */
static struct io_name *
name_find(struct io *io, const UNICODE_STRING *text, BOOLEAN whole)
{
    struct io_name *best = NULL;
    LIST_ENTRY *at;

    for (at = io->names.Flink; at != &io->names; at = at->Flink) {
        struct io_name *name = CONTAINING_RECORD(at, struct io_name, link);
        size_t length = name->text.Length / sizeof(WCHAR);

        if (name->text.Length > text->Length ||
            wide_compare(name->text.Buffer, length, text->Buffer, length, TRUE) != 0)
            continue;
        if (name->text.Length != text->Length && (whole || text->Buffer[length] != '\\'))
            continue;
        if (best == NULL || name->text.Length > best->text.Length)
            best = name;
    }
    return best;
}

static void
name_release(struct io_name *name)
{
    name_free(&name->text);
    if (name->target.Buffer != NULL)
        name_free(&name->target);
    machine_free(machine_self(), name);
}

NTSTATUS
name_add(PCUNICODE_STRING text, PDEVICE_OBJECT device, PCUNICODE_STRING target,
    PDRIVER_OBJECT maker, struct io_name **made)
{
    struct undis *machine = machine_self();
    struct io_name *name =
        object_fails(machine, OBJECT_NONE, 0) ? NULL : machine_alloc(machine, sizeof(*name));
    struct io *io = machine->io;
    bool taken;
    NTSTATUS status;

    if (name == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    name->device = device;
    name->maker = maker;
    status = name_normalize(text, &name->text);
    if (status == STATUS_SUCCESS && target != NULL)
        status = name_normalize(target, &name->target);
    if (status != STATUS_SUCCESS) {
        name_release(name);
        return status;
    }
    host_lock(&io->lock);
    taken = name_find(io, &name->text, TRUE) != NULL;
    if (!taken)
        InsertTailList(&io->names, &name->link);
    host_unlock(&io->lock);
    if (taken) {
        name_release(name);
        return STATUS_OBJECT_NAME_COLLISION;
    }
    if (made != NULL)
        *made = name;
    return STATUS_SUCCESS;
}

void
name_remove(struct io_name *name)
{
    struct io *io = machine_self()->io;

    host_lock(&io->lock);
    RemoveEntryList(&name->link);
    host_unlock(&io->lock);
    name_release(name);
}

/* Puts the link's target in front of what is behind the link's name. With io.lock. */
static NTSTATUS
substitute(const struct io_name *link, PUNICODE_STRING text)
{
    size_t behind = (size_t)text->Length - link->text.Length;

    if (link->target.Length + behind > text->MaximumLength)
        return STATUS_NAME_TOO_LONG;
    memmove(
        (PCHAR)text->Buffer + link->target.Length, (PCHAR)text->Buffer + link->text.Length, behind);
    memcpy(text->Buffer, link->target.Buffer, link->target.Length);
    text->Length = (USHORT)(link->target.Length + behind);
    return STATUS_SUCCESS;
}

static NTSTATUS
follow(struct io *io, PUNICODE_STRING text, PDEVICE_OBJECT *device, PUNICODE_STRING rest)
{
    unsigned links;

    for (links = 0; links < LINKS_MAX; links++) {
        struct io_name *name = name_find(io, text, FALSE);
        NTSTATUS status;

        if (name == NULL)
            return STATUS_OBJECT_NAME_NOT_FOUND;
        if (name->device != NULL) {
            *device = name->device;
            rest->Length = rest->MaximumLength = (USHORT)(text->Length - name->text.Length);
            rest->Buffer = text->Buffer + name->text.Length / sizeof(WCHAR);
            return STATUS_SUCCESS;
        }
        status = substitute(name, text);
        if (status != STATUS_SUCCESS)
            return status;
    }
    return STATUS_OBJECT_NAME_INVALID;
}

NTSTATUS
name_resolve(PCUNICODE_STRING text, PDEVICE_OBJECT *device, WCHAR *buffer, PUNICODE_STRING rest)
{
    struct io *io = machine_self()->io;
    UNICODE_STRING normal = {0}, work = {0, PATH_UNITS * sizeof(WCHAR), buffer};
    NTSTATUS status = name_normalize(text, &normal);

    if (status != STATUS_SUCCESS)
        return status;
    status = STATUS_NAME_TOO_LONG;
    if (normal.Length <= work.MaximumLength) {
        memcpy(buffer, normal.Buffer, normal.Length);
        work.Length = normal.Length;
        host_lock(&io->lock);
        status = follow(io, &work, device, rest);
        host_unlock(&io->lock);
    }
    name_free(&normal);
    return status;
}

/*
 * IoCreateSymbolicLink - another name for a device
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the link stands until IoDeleteSymbolicLink.
 * Errors:    STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_PATH_SYNTAX_BAD,
 *            STATUS_INSUFFICIENT_RESOURCES.
 * Source:    NF:wdm.IoCreateSymbolicLink
 */
NTSTATUS
IoCreateSymbolicLink(PUNICODE_STRING SymbolicLinkName, PUNICODE_STRING DeviceName)
{
    struct driver *driver = block_self->driver;

    return name_add(
        SymbolicLinkName, NULL, DeviceName, driver == NULL ? NULL : driver->object, NULL);
}

/*
 * IoCreateUnprotectedSymbolicLink - as IoCreateSymbolicLink: links have no protection here
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the link stands until IoDeleteSymbolicLink.
 * Errors:    as IoCreateSymbolicLink.
 * Source:    NF:wdm.IoCreateUnprotectedSymbolicLink
 */
NTSTATUS
IoCreateUnprotectedSymbolicLink(PUNICODE_STRING SymbolicLinkName, PUNICODE_STRING DeviceName)
{
    return IoCreateSymbolicLink(SymbolicLinkName, DeviceName);
}

/*
 * IoDeleteSymbolicLink - the link's name is free again; files opened through it stay open
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_TYPE_MISMATCH for a device's name.
 * Source:    NF:wdm.IoDeleteSymbolicLink
 */
NTSTATUS
IoDeleteSymbolicLink(PUNICODE_STRING SymbolicLinkName)
{
    struct io *io = machine_self()->io;
    UNICODE_STRING normal = {0};
    struct io_name *name;
    NTSTATUS status = name_normalize(SymbolicLinkName, &normal);

    if (status != STATUS_SUCCESS)
        return status;
    host_lock(&io->lock);
    name = name_find(io, &normal, TRUE);
    if (name == NULL)
        status = STATUS_OBJECT_NAME_NOT_FOUND;
    else if (name->device != NULL)
        status = STATUS_OBJECT_TYPE_MISMATCH;
    else
        RemoveEntryList(&name->link);
    host_unlock(&io->lock);
    if (status == STATUS_SUCCESS)
        name_release(name);
    name_free(&normal);
    return status;
}
