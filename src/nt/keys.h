/* SPDX-License-Identifier: MIT */
/* The inside of the registry: the tree (registry.c) for the Zw calls (key.c) and the Rtl calls
 * (rtlregistry.c).
 *
 *     struct registry --root--> struct key --children--> struct key ...
 *                                          --values----> struct value ...
 *     HANDLE --> struct key_object --> struct key
 *                     watch: who waits for changes (keywatch.c)
 *
 * registry.lock guards all of it. A deleted key leaves the tree at once and is freed when its last
 * handle goes.
 */
#pragma once

#include "host/lock.h"
#include "nt/registry.h"

struct value {
    LIST_ENTRY link; /* in key.values, in order of creation */
    WCHAR *name;     /* name_size bytes, no terminator */
    USHORT name_size;
    ULONG type;
    ULONG size;
    UCHAR *data;
};

struct key {
    LIST_ENTRY link; /* in parent's children, in order of upper-cased names */
    struct key *parent;
    LIST_ENTRY children;
    LIST_ENTRY values;
    WCHAR *name;
    USHORT name_size;
    bool deleted;
    uint32_t opens;   /* handles' objects */
    uint64_t written; /* 100 ns since 1601 */
};

struct registry {
    uint32_t lock;      /* host_lock */
    struct key *root;   /* \Registry's parent: "" */
    LIST_ENTRY watches; /* of key objects */
    struct key_notice *due, **due_last;
};

/* What a key object watches. */
struct key_watch {
    LIST_ENTRY link; /* registry.watches */
    struct key *key; /* NULL: nothing */
    ULONG filter;    /* REG_NOTIFY_CHANGE_* */
    bool tree;
    bool changed; /* since the last call ended */
    LIST_ENTRY notices;
};

/* The body of an object of kind OBJECT_KEY. */
struct key_object {
    struct key *key;
    struct key_watch watch;
};

void registry_lock(struct undis *machine);
/* Tells those that wait for what has changed. <= DISPATCH_LEVEL. */
void registry_unlock(struct undis *machine);

/* The key behind a handle, with a reference to its object and the lock held when it is not NULL. */
struct key_object *key_enter(HANDLE handle, NTSTATUS *status);
void key_leave(struct key_object *object);

/* All with registry.lock held. Names: units without terminator, sizes in bytes. */

/* Walks from @from (NULL: the root). @create: 0 nothing, 1 the last name, 2 every name.
 * *@created tells whether the last name was made. */
NTSTATUS key_walk(struct undis *machine, struct key *from, const WCHAR *path, size_t size,
    int create, struct key **key, bool *created);
struct value *value_find(struct key *key, const WCHAR *name, size_t size);
NTSTATUS value_put(struct undis *machine, struct key *key, const WCHAR *name, size_t size,
    ULONG type, const void *data, ULONG data_size);
void value_remove(struct undis *machine, struct key *key, struct value *value);
/* Takes an empty key out of the tree; frees it when no handle is open. */
void key_delete(struct undis *machine, struct key *key);
void key_closed(struct undis *machine, struct key *key);
/* @what: REG_NOTIFY_CHANGE_*, of @key. */
void key_changed(struct undis *machine, const struct key *key, ULONG what);
/* @key has been deleted. */
void key_gone(struct undis *machine, const struct key *key);
/* The object's last handle is gone. */
void watch_close(struct undis *machine, struct key_watch *watch);
struct key *key_child(struct key *key, ULONG index);
struct value *key_value(struct key *key, ULONG index);
