/* SPDX-License-Identifier: MIT */
/* The registry's tree. See keys.h for the structures and the lock. */
#include "nt/registry.h"
#include "nt/keys.h"
#include "nt/unicode.h"
#include <errno.h>
#include <string.h>

static struct key *
key_of(LIST_ENTRY *entry)
{
    return CONTAINING_RECORD(entry, struct key, link);
}

static struct value *
value_of(LIST_ENTRY *entry)
{
    return CONTAINING_RECORD(entry, struct value, link);
}

static uint64_t
system_time(struct undis *machine)
{
    return machine->boot_time + executive_now(machine->executive) / 100;
}

static struct key *
key_make(struct undis *machine, struct key *parent, const WCHAR *name, size_t size)
{
    struct key *key = machine_alloc(machine, sizeof(*key));
    LIST_ENTRY *at;

    if (key == NULL)
        return NULL;
    key->name = machine_alloc(machine, size + sizeof(WCHAR));
    if (key->name == NULL) {
        machine_free(machine, key);
        return NULL;
    }
    memcpy(key->name, name, size);
    key->name_size = (USHORT)size;
    key->parent = parent;
    key->written = system_time(machine);
    InitializeListHead(&key->children);
    InitializeListHead(&key->values);
    if (parent == NULL)
        return key;
    for (at = parent->children.Flink; at != &parent->children; at = at->Flink) {
        struct key *other = key_of(at);

        if (wide_compare(name, size / 2, other->name, other->name_size / 2u, TRUE) < 0)
            break;
    }
    InsertTailList(at, &key->link);
    parent->written = key->written;
    key_changed(machine, parent, REG_NOTIFY_CHANGE_NAME);
    return key;
}

static struct key *
key_find(struct key *parent, const WCHAR *name, size_t size)
{
    LIST_ENTRY *at;

    for (at = parent->children.Flink; at != &parent->children; at = at->Flink) {
        struct key *key = key_of(at);

        if (key->name_size == size && wide_compare(name, size / 2, key->name, size / 2, TRUE) == 0)
            return key;
    }
    return NULL;
}

NTSTATUS
key_walk(struct undis *machine, struct key *from, const WCHAR *path, size_t size, int create,
    struct key **key, bool *created)
{
    const WCHAR *at = path, *end = path + size / sizeof(WCHAR);
    struct key *here = from != NULL ? from : machine->registry->root;

    *created = false;
    if (here->deleted)
        return STATUS_KEY_DELETED;
    while (at < end) {
        const WCHAR *stop = at;
        struct key *next;

        while (stop < end && *stop != '\\')
            stop++;
        if (stop == at) {
            at++;
            continue;
        }
        next = key_find(here, at, (size_t)(stop - at) * sizeof(WCHAR));
        if (next == NULL) {
            if (create == 0 || (create == 1 && stop != end))
                return STATUS_OBJECT_NAME_NOT_FOUND;
            next = key_make(machine, here, at, (size_t)(stop - at) * sizeof(WCHAR));
            if (next == NULL)
                return STATUS_INSUFFICIENT_RESOURCES;
            *created = true;
        }
        here = next;
        at = stop;
    }
    *key = here;
    return STATUS_SUCCESS;
}

struct value *
value_find(struct key *key, const WCHAR *name, size_t size)
{
    LIST_ENTRY *at;

    for (at = key->values.Flink; at != &key->values; at = at->Flink) {
        struct value *value = value_of(at);

        if (value->name_size == size &&
            wide_compare(name, size / 2, value->name, size / 2, TRUE) == 0)
            return value;
    }
    return NULL;
}

static struct value *
value_make(struct undis *machine, struct key *key, const WCHAR *name, size_t size)
{
    struct value *value = machine_alloc(machine, sizeof(*value));

    if (value == NULL)
        return NULL;
    value->name = machine_alloc(machine, size + sizeof(WCHAR));
    if (value->name == NULL) {
        machine_free(machine, value);
        return NULL;
    }
    memcpy(value->name, name, size);
    value->name_size = (USHORT)size;
    InsertTailList(&key->values, &value->link);
    return value;
}

static bool
is_same(const struct value *value, ULONG type, const void *data, ULONG size)
{
    return value->type == type && value->size == size &&
           (size == 0 || memcmp(value->data, data, size) == 0);
}

NTSTATUS
value_put(struct undis *machine, struct key *key, const WCHAR *name, size_t size, ULONG type,
    const void *data, ULONG data_size)
{
    struct value *value = value_find(key, name, size);
    UCHAR *copy = machine_alloc(machine, data_size + 1u);
    bool same = value != NULL && is_same(value, type, data, data_size);

    if (copy == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (value == NULL)
        value = value_make(machine, key, name, size);
    if (value == NULL) {
        machine_free(machine, copy);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    if (data_size != 0)
        memcpy(copy, data, data_size);
    machine_free(machine, value->data);
    value->data = copy;
    value->size = data_size;
    value->type = type;
    key->written = system_time(machine);
    if (!same)
        key_changed(machine, key, REG_NOTIFY_CHANGE_LAST_SET);
    return STATUS_SUCCESS;
}

void
value_remove(struct undis *machine, struct key *key, struct value *value)
{
    RemoveEntryList(&value->link);
    key->written = system_time(machine);
    key_changed(machine, key, REG_NOTIFY_CHANGE_LAST_SET);
    machine_free(machine, value->data);
    machine_free(machine, value->name);
    machine_free(machine, value);
}

static void
key_free(struct undis *machine, struct key *key)
{
    while (!IsListEmpty(&key->values))
        value_remove(machine, key, value_of(key->values.Flink));
    machine_free(machine, key->name);
    machine_free(machine, key);
}

void
key_delete(struct undis *machine, struct key *key)
{
    if (key->parent != NULL) {
        RemoveEntryList(&key->link);
        key_changed(machine, key->parent, REG_NOTIFY_CHANGE_NAME);
    }
    key_gone(machine, key);
    key->deleted = true;
    key->parent = NULL;
    if (key->opens == 0)
        key_free(machine, key);
}

void
key_closed(struct undis *machine, struct key *key)
{
    if (--key->opens == 0 && key->deleted)
        key_free(machine, key);
}

/* The key and everything below it, deepest first. */
static void
key_delete_tree(struct undis *machine, struct key *key)
{
    struct key *at = key;

    while (!IsListEmpty(&key->children)) {
        at = key;
        while (!IsListEmpty(&at->children))
            at = key_of(at->children.Flink);
        key_delete(machine, at);
    }
    key_delete(machine, key);
}

struct key *
key_child(struct key *key, ULONG index)
{
    LIST_ENTRY *at = key->children.Flink;

    while (at != &key->children && index-- != 0)
        at = at->Flink;
    return at == &key->children ? NULL : key_of(at);
}

struct value *
key_value(struct key *key, ULONG index)
{
    LIST_ENTRY *at = key->values.Flink;

    while (at != &key->values && index-- != 0)
        at = at->Flink;
    return at == &key->values ? NULL : value_of(at);
}

int
registry_create(struct undis *machine)
{
    static const WCHAR *const keys[] = {
        L"\\Registry\\Machine\\System\\CurrentControlSet\\Services",
        L"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\Class",
        L"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\DeviceClasses",
        L"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\Network",
        L"\\Registry\\Machine\\System\\CurrentControlSet\\Enum",
        L"\\Registry\\Machine\\Hardware\\DeviceMap",
        L"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion",
        L"\\Registry\\User\\.Default",
    };
    size_t i;

    machine->registry = machine_alloc(machine, sizeof(*machine->registry));
    if (machine->registry == NULL)
        return -ENOMEM;
    InitializeListHead(&machine->registry->watches);
    machine->registry->due_last = &machine->registry->due;
    machine->registry->root = key_make(machine, NULL, L"", 0);
    for (i = 0; i < RTL_NUMBER_OF(keys) && machine->registry->root != NULL; i++) {
        struct key *key;
        bool created;

        if (key_walk(machine, NULL, keys[i], wide_length(keys[i]) * sizeof(WCHAR), 2, &key,
                &created) == STATUS_SUCCESS)
            continue;
        key_delete_tree(machine, machine->registry->root);
        machine->registry->root = NULL;
    }
    if (machine->registry->root != NULL)
        return 0;
    machine_free(machine, machine->registry);
    machine->registry = NULL;
    return -ENOMEM;
}

void
registry_destroy(struct undis *machine)
{
    if (machine->registry == NULL)
        return;
    key_delete_tree(machine, machine->registry->root);
    machine_free(machine, machine->registry);
    machine->registry = NULL;
}

NTSTATUS
registry_set(struct undis *machine, const WCHAR *path, const WCHAR *name, ULONG type,
    const void *data, ULONG size)
{
    struct key *key;
    bool created;
    NTSTATUS status;

    registry_lock(machine);
    status = key_walk(machine, NULL, path, wide_length(path) * sizeof(WCHAR), 2, &key, &created);
    if (status == STATUS_SUCCESS && name != NULL)
        status = value_put(machine, key, name, wide_length(name) * sizeof(WCHAR), type, data, size);
    registry_unlock(machine);
    return status;
}

/* The key at @path; the lock is held when this returns, whatever it answers. */
static struct key *
lock_and_find(struct undis *machine, const WCHAR *path)
{
    struct key *key;
    bool created;

    registry_lock(machine);
    if (key_walk(machine, NULL, path, wide_length(path) * sizeof(WCHAR), 0, &key, &created) !=
        STATUS_SUCCESS)
        return NULL;
    return key;
}

NTSTATUS
registry_get(struct undis *machine, const WCHAR *path, const WCHAR *name, ULONG *type, void *data,
    ULONG *size)
{
    struct key *key = lock_and_find(machine, path);
    struct value *value =
        key == NULL ? NULL : value_find(key, name, wide_length(name) * sizeof(WCHAR));
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;

    if (value != NULL) {
        status = STATUS_SUCCESS;
        if (data != NULL && *size < value->size)
            status = STATUS_BUFFER_TOO_SMALL;
        else if (data != NULL)
            memcpy(data, value->data, value->size);
        if (type != NULL)
            *type = value->type;
        if (size != NULL)
            *size = value->size;
    }
    registry_unlock(machine);
    return status;
}

NTSTATUS
registry_unset(struct undis *machine, const WCHAR *path, const WCHAR *name)
{
    struct key *key = lock_and_find(machine, path);
    struct value *value =
        key == NULL ? NULL : value_find(key, name, wide_length(name) * sizeof(WCHAR));

    if (value != NULL)
        value_remove(machine, key, value);
    registry_unlock(machine);
    return value != NULL ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
}

NTSTATUS
registry_remove(struct undis *machine, const WCHAR *path)
{
    struct key *key = lock_and_find(machine, path);

    if (key != NULL)
        key_delete_tree(machine, key);
    registry_unlock(machine);
    return key != NULL ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
}

static NTSTATUS
copy_name(const WCHAR *from, size_t size, WCHAR *name, unsigned max)
{
    if (size / sizeof(WCHAR) >= max)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(name, from, size);
    name[size / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS
registry_value_name(
    struct undis *machine, const WCHAR *path, unsigned index, WCHAR *name, unsigned max)
{
    struct key *key = lock_and_find(machine, path);
    struct value *value = key == NULL ? NULL : key_value(key, index);
    NTSTATUS status = STATUS_NO_MORE_ENTRIES;

    if (value != NULL)
        status = copy_name(value->name, value->name_size, name, max);
    registry_unlock(machine);
    return key == NULL ? STATUS_OBJECT_NAME_NOT_FOUND : status;
}

NTSTATUS
registry_key_name(
    struct undis *machine, const WCHAR *path, unsigned index, WCHAR *name, unsigned max)
{
    struct key *key = lock_and_find(machine, path);
    struct key *child = key == NULL ? NULL : key_child(key, index);
    NTSTATUS status = STATUS_NO_MORE_ENTRIES;

    if (child != NULL)
        status = copy_name(child->name, child->name_size, name, max);
    registry_unlock(machine);
    return key == NULL ? STATUS_OBJECT_NAME_NOT_FOUND : status;
}
