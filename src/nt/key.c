/* SPDX-License-Identifier: MIT */
/* Keys by handle: the Zw calls on the registry. Access rights and security are not looked at. */
#include "nt/handle.h"
#include "nt/keys.h"
#include "nt/unicode.h"
#include <string.h>

/* What a query writes: the part that fits goes to @buffer, @total is what there was. */
struct answer {
    UCHAR *buffer;
    ULONG length;
    ULONG total;
};

static void
answer_put(struct answer *answer, ULONG at, const void *data, ULONG size)
{
    if (at + size > answer->total)
        answer->total = at + size;
    if (at >= answer->length || size == 0)
        return;
    memcpy(answer->buffer + at, data, at + size > answer->length ? answer->length - at : size);
}

/* @fixed: bytes without which the answer says nothing. */
static NTSTATUS
answer_end(const struct answer *answer, ULONG fixed, PULONG result_length)
{
    *result_length = answer->total;
    if (answer->length < fixed)
        return STATUS_BUFFER_TOO_SMALL;
    return answer->length < answer->total ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static void
key_last(void *body)
{
    struct undis *machine = object_prefix(body)->machine;
    struct key_object *object = body;

    if (object->key == NULL)
        return;
    registry_lock(machine);
    watch_close(machine, &object->watch);
    key_closed(machine, object->key);
    registry_unlock(machine);
}

struct key_object *
key_enter(HANDLE handle, NTSTATUS *status)
{
    struct undis *machine = machine_self();
    struct key_object *object = handle_get(machine, handle, OBJECT_KEY);

    if (object == NULL) {
        *status = STATUS_INVALID_HANDLE;
        return NULL;
    }
    registry_lock(machine);
    if (!object->key->deleted) {
        *status = STATUS_SUCCESS;
        return object;
    }
    registry_unlock(machine);
    reference_put(object);
    *status = STATUS_KEY_DELETED;
    return NULL;
}

void
key_leave(struct key_object *object)
{
    registry_unlock(machine_self());
    reference_put(object);
}

static NTSTATUS
find_or_create(POBJECT_ATTRIBUTES attributes, int create, struct key_object *object, bool *created)
{
    struct undis *machine = machine_self();
    PUNICODE_STRING name = attributes->ObjectName;
    struct key_object *root = NULL;
    NTSTATUS status;

    if (attributes->RootDirectory != NULL) {
        root = handle_get(machine, attributes->RootDirectory, OBJECT_KEY);
        if (root == NULL)
            return STATUS_INVALID_HANDLE;
    } else if (name == NULL || name->Length == 0 || name->Buffer[0] != '\\') {
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    }
    registry_lock(machine);
    status = key_walk(machine, root == NULL ? NULL : root->key, name == NULL ? NULL : name->Buffer,
        name == NULL ? 0 : name->Length, create, &object->key, created);
    if (status == STATUS_SUCCESS)
        object->key->opens++;
    registry_unlock(machine);
    if (root != NULL)
        reference_put(root);
    return status;
}

static NTSTATUS
open_key(PHANDLE handle, POBJECT_ATTRIBUTES attributes, int create, bool *created)
{
    struct undis *machine = machine_self();
    struct key_object *object = reference_create(machine, OBJECT_KEY, sizeof(*object), key_last);
    NTSTATUS status;

    if (object == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    status = find_or_create(attributes, create, object, created);
    if (status == STATUS_SUCCESS)
        status = handle_open(machine, object, handle);
    reference_put(object);
    return status;
}

/*
 * ZwOpenKey - a handle to a key that exists
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller closes it with ZwClose.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND, STATUS_INVALID_HANDLE for the root,
 *            STATUS_OBJECT_PATH_SYNTAX_BAD, STATUS_KEY_DELETED.
 * Source:    NF:wdm.ZwOpenKey
 */
NTSTATUS
ZwOpenKey(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes)
{
    bool created;

    UNREFERENCED_PARAMETER(DesiredAccess);
    return open_key(KeyHandle, ObjectAttributes, 0, &created);
}

/*
 * ZwOpenKeyEx - as ZwOpenKey; the options change nothing
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller closes it with ZwClose.
 * Errors:    as ZwOpenKey.
 * Source:    NF:wdm.ZwOpenKeyEx
 */
NTSTATUS
ZwOpenKeyEx(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
    ULONG OpenOptions)
{
    UNREFERENCED_PARAMETER(OpenOptions);
    return ZwOpenKey(KeyHandle, DesiredAccess, ObjectAttributes);
}

/*
 * ZwCreateKey - a handle to a key, made when its parent exists and it does not
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller closes it with ZwClose.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND when the parent is missing, else as ZwOpenKey.
 * Source:    NF:wdm.ZwCreateKey
 */
NTSTATUS
ZwCreateKey(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
    ULONG TitleIndex, PUNICODE_STRING Class, ULONG CreateOptions, PULONG Disposition)
{
    bool created;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DesiredAccess);
    UNREFERENCED_PARAMETER(TitleIndex);
    UNREFERENCED_PARAMETER(Class);
    UNREFERENCED_PARAMETER(CreateOptions);
    status = open_key(KeyHandle, ObjectAttributes, 1, &created);
    if (status == STATUS_SUCCESS && Disposition != NULL)
        *Disposition = created ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
    return status;
}

/*
 * ZwDeleteKey - takes a key without subkeys out of the tree
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle stays open until ZwClose.
 * Errors:    STATUS_CANNOT_DELETE when it has subkeys, STATUS_KEY_DELETED, STATUS_INVALID_HANDLE.
 * Source:    NF:wdm.ZwDeleteKey
 */
NTSTATUS
ZwDeleteKey(HANDLE KeyHandle)
{
    NTSTATUS status;
    struct key_object *object = key_enter(KeyHandle, &status);

    if (object == NULL)
        return status;
    if (!IsListEmpty(&object->key->children) || object->key->parent == NULL)
        status = STATUS_CANNOT_DELETE;
    else
        key_delete(machine_self(), object->key);
    key_leave(object);
    return status;
}

/*
 * ZwFlushKey - the registry is in memory alone: there is nothing to write
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_KEY_DELETED, STATUS_INVALID_HANDLE.
 * Source:    NF:wdm.ZwFlushKey
 */
NTSTATUS
ZwFlushKey(HANDLE KeyHandle)
{
    NTSTATUS status;
    struct key_object *object = key_enter(KeyHandle, &status);

    if (object != NULL)
        key_leave(object);
    return status;
}

/*
 * ZwSetValueKey - makes or replaces a value
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: copies name and data.
 * Errors:    STATUS_INSUFFICIENT_RESOURCES, STATUS_KEY_DELETED, STATUS_INVALID_HANDLE.
 * Source:    NF:wdm.ZwSetValueKey
 */
NTSTATUS
ZwSetValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName, ULONG TitleIndex, ULONG Type, PVOID Data,
    ULONG DataSize)
{
    NTSTATUS status;
    struct key_object *object = key_enter(KeyHandle, &status);

    UNREFERENCED_PARAMETER(TitleIndex);
    if (object == NULL)
        return status;
    status = value_put(
        machine_self(), object->key, ValueName->Buffer, ValueName->Length, Type, Data, DataSize);
    key_leave(object);
    return status;
}

/*
 * ZwDeleteValueKey - removes a value
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND, STATUS_KEY_DELETED, STATUS_INVALID_HANDLE.
 * Source:    NF:wdm.ZwDeleteValueKey
 */
NTSTATUS
ZwDeleteValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName)
{
    NTSTATUS status;
    struct key_object *object = key_enter(KeyHandle, &status);
    struct value *value;

    if (object == NULL)
        return status;
    value = value_find(object->key, ValueName->Buffer, ValueName->Length);
    if (value != NULL)
        value_remove(machine_self(), object->key, value);
    else
        status = STATUS_OBJECT_NAME_NOT_FOUND;
    key_leave(object);
    return status;
}

static NTSTATUS
answer_value_full(struct answer *answer, const struct value *value, PULONG result_length)
{
    ULONG fixed = FIELD_OFFSET(KEY_VALUE_FULL_INFORMATION, Name);
    KEY_VALUE_FULL_INFORMATION full = {0};

    full.Type = value->type;
    full.NameLength = value->name_size;
    full.DataLength = value->size;
    full.DataOffset = (fixed + value->name_size + 7) & ~7u;
    answer_put(answer, 0, &full, fixed);
    answer_put(answer, fixed, value->name, value->name_size);
    answer_put(answer, full.DataOffset, value->data, value->size);
    return answer_end(answer, fixed, result_length);
}

static NTSTATUS
answer_value(const struct value *value, KEY_VALUE_INFORMATION_CLASS class, PVOID buffer,
    ULONG length, PULONG result_length)
{
    struct answer answer = {buffer, length, 0};
    KEY_VALUE_BASIC_INFORMATION basic = {0};
    KEY_VALUE_PARTIAL_INFORMATION partial = {0};
    ULONG fixed;

    switch (class) {
    case KeyValueBasicInformation:
        fixed = FIELD_OFFSET(KEY_VALUE_BASIC_INFORMATION, Name);
        basic.Type = value->type;
        basic.NameLength = value->name_size;
        answer_put(&answer, 0, &basic, fixed);
        answer_put(&answer, fixed, value->name, value->name_size);
        return answer_end(&answer, fixed, result_length);
    case KeyValueFullInformation: return answer_value_full(&answer, value, result_length);
    case KeyValuePartialInformation:
        fixed = FIELD_OFFSET(KEY_VALUE_PARTIAL_INFORMATION, Data);
        partial.Type = value->type;
        partial.DataLength = value->size;
        answer_put(&answer, 0, &partial, fixed);
        answer_put(&answer, fixed, value->data, value->size);
        return answer_end(&answer, fixed, result_length);
    default: return STATUS_INVALID_PARAMETER;
    }
}

/*
 * ZwQueryValueKey - a value by name: basic, full or partial information
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND, STATUS_BUFFER_TOO_SMALL without room for the fixed part,
 *            STATUS_BUFFER_OVERFLOW when data are cut, STATUS_INVALID_PARAMETER for another class;
 *            ResultLength says what is needed.
 * Source:    NF:wdm.ZwQueryValueKey
 */
NTSTATUS
ZwQueryValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName,
    KEY_VALUE_INFORMATION_CLASS KeyValueInformationClass, PVOID KeyValueInformation, ULONG Length,
    PULONG ResultLength)
{
    NTSTATUS status;
    struct key_object *object = key_enter(KeyHandle, &status);
    struct value *value;

    if (object == NULL)
        return status;
    value = value_find(object->key, ValueName->Buffer, ValueName->Length);
    if (value != NULL && object_fails(machine_self(), OBJECT_NONE, value->size))
        status = STATUS_INSUFFICIENT_RESOURCES;
    else if (value == NULL)
        status = STATUS_OBJECT_NAME_NOT_FOUND;
    else
        status = answer_value(
            value, KeyValueInformationClass, KeyValueInformation, Length, ResultLength);
    key_leave(object);
    return status;
}

/*
 * ZwEnumerateValueKey - a value by number, in order of creation
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_NO_MORE_ENTRIES behind the last, else as ZwQueryValueKey.
 * Source:    NF:wdm.ZwEnumerateValueKey
 */
NTSTATUS
ZwEnumerateValueKey(HANDLE KeyHandle, ULONG Index,
    KEY_VALUE_INFORMATION_CLASS KeyValueInformationClass, PVOID KeyValueInformation, ULONG Length,
    PULONG ResultLength)
{
    NTSTATUS status;
    struct key_object *object = key_enter(KeyHandle, &status);
    struct value *value;

    if (object == NULL)
        return status;
    value = key_value(object->key, Index);
    if (value == NULL)
        status = STATUS_NO_MORE_ENTRIES;
    else
        status = answer_value(
            value, KeyValueInformationClass, KeyValueInformation, Length, ResultLength);
    key_leave(object);
    return status;
}

static void
count_children(const struct key *key, KEY_FULL_INFORMATION *full)
{
    LIST_ENTRY *at;

    for (at = key->children.Flink; at != &key->children; at = at->Flink) {
        ULONG size = CONTAINING_RECORD(at, struct key, link)->name_size;

        full->SubKeys++;
        full->MaxNameLen = size > full->MaxNameLen ? size : full->MaxNameLen;
    }
    for (at = key->values.Flink; at != &key->values; at = at->Flink) {
        const struct value *value = CONTAINING_RECORD(at, struct value, link);

        full->Values++;
        if (value->name_size > full->MaxValueNameLen)
            full->MaxValueNameLen = value->name_size;
        if (value->size > full->MaxValueDataLen)
            full->MaxValueDataLen = value->size;
    }
}

/* "\REGISTRY\...": from the root down. */
static NTSTATUS
answer_path(struct answer *answer, const struct key *key, PULONG result_length)
{
    ULONG fixed = FIELD_OFFSET(KEY_NAME_INFORMATION, Name), size = 0, end;
    const struct key *at;

    for (at = key; at->parent != NULL; at = at->parent)
        size += sizeof(WCHAR) + at->name_size;
    answer_put(answer, 0, &size, sizeof(size));
    end = fixed + size;
    for (at = key; at->parent != NULL; at = at->parent) {
        end -= at->name_size;
        answer_put(answer, end, at->name, at->name_size);
        end -= sizeof(WCHAR);
        answer_put(answer, end, L"\\", sizeof(WCHAR));
    }
    return answer_end(answer, fixed, result_length);
}

static NTSTATUS
answer_key(const struct key *key, KEY_INFORMATION_CLASS class, PVOID buffer, ULONG length,
    PULONG result_length)
{
    struct answer answer = {buffer, length, 0};
    KEY_BASIC_INFORMATION basic = {0};
    KEY_NODE_INFORMATION node = {0};
    KEY_FULL_INFORMATION full = {0};
    ULONG fixed;

    switch (class) {
    case KeyBasicInformation:
        fixed = FIELD_OFFSET(KEY_BASIC_INFORMATION, Name);
        basic.LastWriteTime.QuadPart = (LONGLONG)key->written;
        basic.NameLength = key->name_size;
        answer_put(&answer, 0, &basic, fixed);
        break;
    case KeyNodeInformation:
        fixed = FIELD_OFFSET(KEY_NODE_INFORMATION, Name);
        node.LastWriteTime.QuadPart = (LONGLONG)key->written;
        node.ClassOffset = MAXULONG;
        node.NameLength = key->name_size;
        answer_put(&answer, 0, &node, fixed);
        break;
    case KeyFullInformation:
        fixed = FIELD_OFFSET(KEY_FULL_INFORMATION, Class);
        full.LastWriteTime.QuadPart = (LONGLONG)key->written;
        full.ClassOffset = MAXULONG;
        count_children(key, &full);
        answer_put(&answer, 0, &full, fixed);
        return answer_end(&answer, fixed, result_length);
    case KeyNameInformation: return answer_path(&answer, key, result_length);
    default: return STATUS_INVALID_PARAMETER;
    }
    answer_put(&answer, fixed, key->name, key->name_size);
    return answer_end(&answer, fixed, result_length);
}

/*
 * ZwQueryKey - a key's basic, node, full or name information
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_BUFFER_TOO_SMALL, STATUS_BUFFER_OVERFLOW, STATUS_INVALID_PARAMETER for another
 *            class; ResultLength says what is needed.
 * Source:    NF:wdm.ZwQueryKey
 */
NTSTATUS
ZwQueryKey(HANDLE KeyHandle, KEY_INFORMATION_CLASS KeyInformationClass, PVOID KeyInformation,
    ULONG Length, PULONG ResultLength)
{
    NTSTATUS status;
    struct key_object *object = key_enter(KeyHandle, &status);

    if (object == NULL)
        return status;
    status = answer_key(object->key, KeyInformationClass, KeyInformation, Length, ResultLength);
    key_leave(object);
    return status;
}

/*
 * ZwEnumerateKey - a subkey by number, in alphabetical order
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_NO_MORE_ENTRIES behind the last, else as ZwQueryKey.
 * Source:    NF:wdm.ZwEnumerateKey
 */
NTSTATUS
ZwEnumerateKey(HANDLE KeyHandle, ULONG Index, KEY_INFORMATION_CLASS KeyInformationClass,
    PVOID KeyInformation, ULONG Length, PULONG ResultLength)
{
    NTSTATUS status;
    struct key_object *object = key_enter(KeyHandle, &status);
    struct key *child;

    if (object == NULL)
        return status;
    child = key_child(object->key, Index);
    if (child == NULL)
        status = STATUS_NO_MORE_ENTRIES;
    else
        status = answer_key(child, KeyInformationClass, KeyInformation, Length, ResultLength);
    key_leave(object);
    return status;
}
