/* SPDX-License-Identifier: MIT */
/* The registry by path: RtlQueryRegistryValues and its neighbours, over the Zw calls.
 *
 * A query routine is the driver's own and runs on its behalf, with no lock held and a copy of the
 * value that lives as long as the call.
 */
#include "nt/machine.h"
#include "nt/pool.h"
#include "nt/unicode.h"
#include <string.h>

#define TAG_VALUE POOL_TAG('R', 'e', 'g', 'V')

static const WCHAR *const roots[] = {
    [RTL_REGISTRY_ABSOLUTE] = L"",
    [RTL_REGISTRY_SERVICES] = L"\\Registry\\Machine\\System\\CurrentControlSet\\Services",
    [RTL_REGISTRY_CONTROL] = L"\\Registry\\Machine\\System\\CurrentControlSet\\Control",
    [RTL_REGISTRY_WINDOWS_NT] =
        L"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion",
    [RTL_REGISTRY_DEVICEMAP] = L"\\Registry\\Machine\\Hardware\\DeviceMap",
    [RTL_REGISTRY_USER] = L"\\Registry\\User\\.Default",
};

static NTSTATUS
open_at(HANDLE root, const WCHAR *path, BOOLEAN create, PHANDLE handle)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, path);
    InitializeObjectAttributes(
        &attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, root, NULL);
    if (create)
        return ZwCreateKey(handle, KEY_ALL_ACCESS, &attributes, 0, NULL, 0, NULL);
    return ZwOpenKey(handle, KEY_ALL_ACCESS, &attributes);
}

/* The key that RelativeTo and Path name. *@handle is to be closed. */
static NTSTATUS
open_key(ULONG relative_to, PCWSTR path, BOOLEAN create, PHANDLE handle)
{
    HANDLE root;
    NTSTATUS status;

    if (relative_to & RTL_REGISTRY_HANDLE)
        return open_at((HANDLE)(ULONG_PTR)path, L"", FALSE, handle);
    relative_to &= ~RTL_REGISTRY_OPTIONAL;
    if (relative_to >= RTL_REGISTRY_MAXIMUM)
        return STATUS_INVALID_PARAMETER;
    if (relative_to == RTL_REGISTRY_ABSOLUTE)
        return open_at(NULL, path, create, handle);
    status = open_at(NULL, roots[relative_to], FALSE, &root);
    if (status != STATUS_SUCCESS)
        return status;
    status = open_at(root, path == NULL ? L"" : path, create, handle);
    ZwClose(root);
    return status;
}

/*
 * RtlCheckRegistryKey - whether a key exists
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND when it does not.
 * Source:    NF:wdm.RtlCheckRegistryKey
 */
NTSTATUS
RtlCheckRegistryKey(ULONG RelativeTo, PWSTR Path)
{
    HANDLE key;
    NTSTATUS status = open_key(RelativeTo, Path, FALSE, &key);

    if (status == STATUS_SUCCESS)
        ZwClose(key);
    return status;
}

/*
 * RtlCreateRegistryKey - makes a key whose parent exists
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND without the parent.
 * Source:    NF:wdm.RtlCreateRegistryKey
 */
NTSTATUS
RtlCreateRegistryKey(ULONG RelativeTo, PWSTR Path)
{
    HANDLE key;
    NTSTATUS status = open_key(RelativeTo, Path, TRUE, &key);

    if (status == STATUS_SUCCESS)
        ZwClose(key);
    return status;
}

/*
 * RtlWriteRegistryValue - makes or replaces a value; the key is made when its parent exists
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: copies the data.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND without the parent.
 * Source:    NF:wdm.RtlWriteRegistryValue
 */
NTSTATUS
RtlWriteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName, ULONG ValueType,
    PVOID ValueData, ULONG ValueLength)
{
    UNICODE_STRING name;
    HANDLE key;
    NTSTATUS status = open_key(RelativeTo, Path, TRUE, &key);

    if (status != STATUS_SUCCESS)
        return status;
    RtlInitUnicodeString(&name, ValueName);
    status = ZwSetValueKey(key, &name, 0, ValueType, ValueData, ValueLength);
    ZwClose(key);
    return status;
}

/*
 * RtlDeleteRegistryValue - removes a value
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND.
 * Source:    NF:wdm.RtlDeleteRegistryValue
 */
NTSTATUS
RtlDeleteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName)
{
    UNICODE_STRING name;
    HANDLE key;
    NTSTATUS status = open_key(RelativeTo, Path, FALSE, &key);

    if (status != STATUS_SUCCESS)
        return status;
    RtlInitUnicodeString(&name, ValueName);
    status = ZwDeleteValueKey(key, &name);
    ZwClose(key);
    return status;
}

/* A value as an entry of the table sees it. */
struct found {
    PWSTR name;
    ULONG type;
    PVOID data;
    ULONG size;
};

static NTSTATUS
store_string(PUNICODE_STRING target, const struct found *found)
{
    ULONG size = found->size;

    if (size > UNICODE_STRING_MAX_BYTES)
        return STATUS_BUFFER_TOO_SMALL;
    if (target->Buffer == NULL) {
        target->Buffer = pool_alloc(size, TAG_VALUE, POOL_ZERO);
        if (target->Buffer == NULL)
            return STATUS_NO_MEMORY;
        target->MaximumLength = (USHORT)size;
    }
    if (size > target->MaximumLength)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(target->Buffer, found->data, size);
    while (size >= sizeof(WCHAR) && ((PWSTR)found->data)[size / sizeof(WCHAR) - 1] == 0)
        size -= sizeof(WCHAR);
    target->Length = (USHORT)size;
    return STATUS_SUCCESS;
}

/* RTL_QUERY_REGISTRY_DIRECT: strings into a UNICODE_STRING, up to four bytes as they are, longer
 * data by the size that the target says: negative, data alone; positive, behind size and type. */
static NTSTATUS
store_direct(const RTL_QUERY_REGISTRY_TABLE *entry, const struct found *found)
{
    PLONG header = entry->EntryContext;
    ULONG want = entry->DefaultType >> RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;

    if (entry->Flags & RTL_QUERY_REGISTRY_TYPECHECK && want != found->type)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (found->type == REG_SZ || found->type == REG_EXPAND_SZ || found->type == REG_MULTI_SZ)
        return store_string(entry->EntryContext, found);
    if (found->size <= sizeof(ULONG)) {
        memcpy(entry->EntryContext, found->data, found->size);
        return STATUS_SUCCESS;
    }
    if (*header < 0) {
        if (found->size > 0 - (ULONG)*header)
            return STATUS_BUFFER_TOO_SMALL;
        memcpy(header, found->data, found->size);
        return STATUS_SUCCESS;
    }
    if (found->size + 2 * sizeof(ULONG) > (ULONG)*header)
        return STATUS_BUFFER_TOO_SMALL;
    header[0] = (LONG)found->size;
    header[1] = (LONG)found->type;
    memcpy(header + 2, found->data, found->size);
    return STATUS_SUCCESS;
}

static NTSTATUS
deliver(const RTL_QUERY_REGISTRY_TABLE *entry, const struct found *found, PVOID context)
{
    PWSTR at = found->data, end = at + found->size / sizeof(WCHAR);
    NTSTATUS status = STATUS_SUCCESS;

    if (entry->Flags & RTL_QUERY_REGISTRY_DIRECT)
        return store_direct(entry, found);
    if (found->type != REG_MULTI_SZ || entry->Flags & RTL_QUERY_REGISTRY_NOEXPAND) {
        status = entry->QueryRoutine(
            found->name, found->type, found->data, found->size, context, entry->EntryContext);
        return status == STATUS_BUFFER_TOO_SMALL ? STATUS_SUCCESS : status;
    }
    while (at < end && *at != 0 && NT_SUCCESS(status)) {
        ULONG size = 0;

        while (at + size < end && at[size] != 0)
            size++;
        status = entry->QueryRoutine(found->name, REG_SZ, at, (size + 1) * (ULONG)sizeof(WCHAR),
            context, entry->EntryContext);
        at += size + 1;
    }
    return status;
}

/* The value's full information in pool memory; @index is looked at when @name is NULL. */
static NTSTATUS
read_value(HANDLE key, PUNICODE_STRING name, ULONG index, PKEY_VALUE_FULL_INFORMATION *value)
{
    ULONG length = 0, needed = 256;
    NTSTATUS status;

    *value = NULL;
    do {
        if (*value != NULL)
            pool_free(*value, 0);
        length = needed;
        /* Two terminators behind the data, so that a string without one ends. */
        *value = pool_alloc(length + 2 * sizeof(WCHAR), TAG_VALUE, POOL_ZERO);
        if (*value == NULL)
            return STATUS_NO_MEMORY;
        status =
            name != NULL
                ? ZwQueryValueKey(key, name, KeyValueFullInformation, *value, length, &needed)
                : ZwEnumerateValueKey(key, index, KeyValueFullInformation, *value, length, &needed);
    } while (status == STATUS_BUFFER_OVERFLOW || status == STATUS_BUFFER_TOO_SMALL);
    if (status == STATUS_SUCCESS)
        return status;
    pool_free(*value, 0);
    *value = NULL;
    return status;
}

static NTSTATUS
deliver_default(const RTL_QUERY_REGISTRY_TABLE *entry, PVOID context)
{
    ULONG type = entry->DefaultType & ((1u << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT) - 1);
    struct found found = {entry->Name, type, entry->DefaultData, entry->DefaultLength};

    if (entry->Flags & RTL_QUERY_REGISTRY_REQUIRED)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (type == REG_NONE || entry->DefaultData == NULL)
        return STATUS_SUCCESS;
    if (found.size == 0 && (type == REG_SZ || type == REG_EXPAND_SZ))
        found.size = (ULONG)((wide_length(found.data) + 1) * sizeof(WCHAR));
    return deliver(entry, &found, context);
}

static NTSTATUS
query_named(HANDLE key, const RTL_QUERY_REGISTRY_TABLE *entry, PVOID context)
{
    PKEY_VALUE_FULL_INFORMATION value;
    UNICODE_STRING name;
    NTSTATUS status;

    RtlInitUnicodeString(&name, entry->Name);
    status = read_value(key, &name, 0, &value);
    if (status == STATUS_OBJECT_NAME_NOT_FOUND)
        return deliver_default(entry, context);
    if (status == STATUS_SUCCESS) {
        struct found found = {
            entry->Name, value->Type, (PCHAR)value + value->DataOffset, value->DataLength};

        status = deliver(entry, &found, context);
        pool_free(value, 0);
        if (NT_SUCCESS(status) && entry->Flags & RTL_QUERY_REGISTRY_DELETE)
            ZwDeleteValueKey(key, &name);
    }
    return status;
}

/* An entry without a name: every value of the key. */
static NTSTATUS
query_all(HANDLE key, const RTL_QUERY_REGISTRY_TABLE *entry, PVOID context)
{
    PKEY_VALUE_FULL_INFORMATION value;
    ULONG index;
    NTSTATUS status = STATUS_SUCCESS;

    for (index = 0; NT_SUCCESS(status); index++) {
        status = read_value(key, NULL, index, &value);
        if (status == STATUS_NO_MORE_ENTRIES)
            return index == 0 && entry->Flags & RTL_QUERY_REGISTRY_REQUIRED
                       ? STATUS_OBJECT_NAME_NOT_FOUND
                       : STATUS_SUCCESS;
        if (status == STATUS_SUCCESS) {
            UNICODE_STRING counted = {
                (USHORT)value->NameLength, (USHORT)value->NameLength, value->Name};
            PWSTR name = pool_alloc(value->NameLength + sizeof(WCHAR), TAG_VALUE, POOL_ZERO);
            struct found found = {
                name, value->Type, (PCHAR)value + value->DataOffset, value->DataLength};

            status = STATUS_NO_MEMORY;
            if (name != NULL) {
                memcpy(name, counted.Buffer, counted.Length);
                status = deliver(entry, &found, context);
                pool_free(name, 0);
            }
            pool_free(value, 0);
        }
    }
    return status;
}

static NTSTATUS
query_entry(HANDLE key, const RTL_QUERY_REGISTRY_TABLE *entry, PVOID context)
{
    if (entry->Flags & RTL_QUERY_REGISTRY_NOVALUE)
        return entry->QueryRoutine == NULL
                   ? STATUS_INVALID_PARAMETER
                   : entry->QueryRoutine(NULL, REG_NONE, NULL, 0, context, entry->EntryContext);
    if (entry->Name == NULL)
        return query_all(key, entry, context);
    return query_named(key, entry, context);
}

static NTSTATUS
query_table(HANDLE top, PRTL_QUERY_REGISTRY_TABLE table, PVOID context)
{
    HANDLE key = top, subkey = NULL;
    NTSTATUS status = STATUS_SUCCESS;

    for (; NT_SUCCESS(status) &&
           (table->QueryRoutine != NULL || table->Name != NULL ||
               table->Flags & (RTL_QUERY_REGISTRY_SUBKEY | RTL_QUERY_REGISTRY_DIRECT));
         table++) {
        if (table->Flags & (RTL_QUERY_REGISTRY_TOPKEY | RTL_QUERY_REGISTRY_SUBKEY)) {
            if (subkey != NULL)
                ZwClose(subkey);
            subkey = NULL;
            key = top;
        }
        if (table->Flags & RTL_QUERY_REGISTRY_SUBKEY) {
            RTL_QUERY_REGISTRY_TABLE all = *table;

            status = open_at(top, table->Name, FALSE, &subkey);
            if (status == STATUS_OBJECT_NAME_NOT_FOUND &&
                !(table->Flags & RTL_QUERY_REGISTRY_REQUIRED)) {
                subkey = NULL;
                status = STATUS_SUCCESS;
                continue;
            }
            key = NT_SUCCESS(status) ? subkey : top;
            all.Name = NULL;
            if (NT_SUCCESS(status) && table->QueryRoutine != NULL)
                status = query_entry(key, &all, context);
            continue;
        }
        if (table->QueryRoutine == NULL && !(table->Flags & RTL_QUERY_REGISTRY_DIRECT))
            continue;
        status = query_entry(key, table, context);
    }
    if (subkey != NULL)
        ZwClose(subkey);
    return status;
}

/*
 * RtlQueryRegistryValues - reads the values that a table names: through query routines, or directly
 *     into variables
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: strings stored into an empty UNICODE_STRING are pool memory that the caller frees.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND for a missing key or required value,
 *            STATUS_OBJECT_TYPE_MISMATCH, STATUS_BUFFER_TOO_SMALL, what a routine answers.
 * Source:    NF:wdm.RtlQueryRegistryValues
 */
NTSTATUS
RtlQueryRegistryValues(ULONG RelativeTo, PCWSTR Path, PRTL_QUERY_REGISTRY_TABLE QueryTable,
    PVOID Context, PVOID Environment)
{
    HANDLE key;
    NTSTATUS status = open_key(RelativeTo, Path, FALSE, &key);

    UNREFERENCED_PARAMETER(Environment);
    if (status != STATUS_SUCCESS)
        return status;
    status = query_table(key, QueryTable, Context);
    ZwClose(key);
    return status;
}
