/* SPDX-License-Identifier: MIT */
/* Who waits for changes of keys: ZwNotifyChangeKey.
 *
 *     handle --> key_object.watch --notices--> one for each call that is out
 *                      ^
 *     key_changed -----+  registry.watches; under the lock the notices that are due get their
 *                         result and go to registry.due
 *     registry_unlock     without the lock: events are set, work is queued
 */
#include "nt/gate.h"
#include "nt/handle.h"
#include "nt/keys.h"
#include "nt/thread.h"
#include "nt/work.h"

#define FILTER                                                                                     \
    (REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_ATTRIBUTES | REG_NOTIFY_CHANGE_LAST_SET |          \
        REG_NOTIFY_CHANGE_SECURITY)

/* A call that is out. */
struct key_notice {
    LIST_ENTRY link; /* watch.notices */
    struct key_notice *next;
    PIO_STATUS_BLOCK result;
    PKEVENT event;  /* the caller's, with a reference, or NULL */
    PKEVENT waiter; /* on the stack of a call that waits, or NULL */
    PWORK_QUEUE_ITEM item;
    struct driver *driver;
};

static bool
is_below(const struct key *key, const struct key *above)
{
    while (key && key != above)
        key = key->parent;
    return key != NULL;
}

/* Every call that is out on @watch ends. Without one the change waits for the next. */
static void
complete(struct undis *machine, struct key_watch *watch, NTSTATUS status)
{
    watch->changed = IsListEmpty(&watch->notices);
    while (!IsListEmpty(&watch->notices)) {
        struct key_notice *notice =
            CONTAINING_RECORD(RemoveHeadList(&watch->notices), struct key_notice, link);

        /* The memory of what has been unloaded is left alone. */
        if (!__atomic_load_n(&machine->ended, __ATOMIC_ACQUIRE))
            *notice->result = (IO_STATUS_BLOCK){.Status = status};
        *machine->registry->due_last = notice;
        machine->registry->due_last = &notice->next;
    }
}

void
key_changed(struct undis *machine, const struct key *key, ULONG what)
{
    LIST_ENTRY *head = &machine->registry->watches, *at;

    for (at = head->Flink; at != head; at = at->Flink) {
        struct key_watch *watch = CONTAINING_RECORD(at, struct key_watch, link);

        if (watch->filter & what && (watch->tree ? is_below(key, watch->key) : key == watch->key))
            complete(machine, watch, STATUS_NOTIFY_ENUM_DIR);
    }
}

void
key_gone(struct undis *machine, const struct key *key)
{
    LIST_ENTRY *head = &machine->registry->watches, *at;

    for (at = head->Flink; at != head; at = at->Flink) {
        struct key_watch *watch = CONTAINING_RECORD(at, struct key_watch, link);

        if (watch->key == key)
            complete(machine, watch, STATUS_NOTIFY_CLEANUP);
    }
}

void
watch_close(struct undis *machine, struct key_watch *watch)
{
    if (!watch->key)
        return;
    complete(machine, watch, STATUS_NOTIFY_CLEANUP);
    RemoveEntryList(&watch->link);
    watch->key = NULL;
}

static void
deliver(struct undis *machine, struct key_notice *notice)
{
    bool ended = __atomic_load_n(&machine->ended, __ATOMIC_ACQUIRE);

    if (notice->item && !ended)
        work_queue_item(machine, notice->item, notice->driver);
    if (notice->event) {
        KeSetEvent(notice->event, IO_NO_INCREMENT, FALSE);
        reference_put(notice->event);
    }
    if (notice->waiter)
        KeSetEvent(notice->waiter, IO_NO_INCREMENT, FALSE);
    machine_free(machine, notice);
}

void
registry_lock(struct undis *machine)
{
    host_lock(&machine->registry->lock);
}

void
registry_unlock(struct undis *machine)
{
    struct registry *registry = machine->registry;
    struct key_notice *due = registry->due;

    registry->due = NULL;
    registry->due_last = &registry->due;
    host_unlock(&registry->lock);
    while (due) {
        struct key_notice *next = due->next;

        deliver(machine, due);
        due = next;
    }
}

/* The lock is held. The first call on a handle says what is watched. */
static void
watch_open(struct undis *machine, struct key_object *object, ULONG filter, bool tree)
{
    struct key_watch *watch = &object->watch;

    if (watch->key)
        return;
    watch->key = object->key;
    watch->filter = filter;
    watch->tree = tree;
    InitializeListHead(&watch->notices);
    InsertTailList(&machine->registry->watches, &watch->link);
}

/* Takes @notice; answers STATUS_PENDING or how it ended at once. */
static NTSTATUS
watch_call(HANDLE handle, ULONG filter, bool tree, struct key_notice *notice)
{
    struct undis *machine = machine_self();
    NTSTATUS status;
    struct key_object *object = key_enter(handle, &status);

    if (!object)
        return status;
    watch_open(machine, object, filter, tree);
    InsertTailList(&object->watch.notices, &notice->link);
    status = STATUS_PENDING;
    if (object->watch.changed) {
        status = STATUS_NOTIFY_ENUM_DIR;
        complete(machine, &object->watch, status);
    }
    key_leave(object);
    return status;
}

static struct key_notice *
notice_create(HANDLE event, NTSTATUS *status)
{
    struct undis *machine = machine_self();
    struct key_notice *notice = object_fails(machine, OBJECT_NONE, sizeof(*notice))
                                    ? NULL
                                    : machine_alloc(machine, sizeof(*notice));

    *status = STATUS_INSUFFICIENT_RESOURCES;
    if (!notice || !event)
        return notice;
    notice->event = handle_get(machine, event, OBJECT_EVENT);
    if (notice->event) {
        KeClearEvent(notice->event);
        return notice;
    }
    machine_free(machine, notice);
    *status = STATUS_INVALID_HANDLE;
    return NULL;
}

static NTSTATUS
watch_refused(struct key_notice *notice, NTSTATUS status)
{
    if (notice->event)
        reference_put(notice->event);
    machine_free(machine_self(), notice);
    return status;
}

/*
 * ZwNotifyChangeKey - tells when a key changes
 *
 * @Event: set at the end; cleared first. May be NULL.
 * @ApcRoutine: of a driver: a WORK_QUEUE_ITEM that is queued at the end, or NULL.
 * @ApcContext: with it: the WORK_QUEUE_TYPE; there is one queue.
 * @IoStatusBlock: STATUS_NOTIFY_ENUM_DIR after a change, STATUS_NOTIFY_CLEANUP when the handle was
 *     closed or the key deleted.
 * @CompletionFilter, @WatchTree: what is watched: names of subkeys, values, and those below too. The
 *     first call on a handle says it; between two calls changes are remembered. Attributes and
 *     security never change here. A value that is set to what it was is no change.
 * @Buffer, @BufferSize: reserved: not looked at.
 * @Asynchronous: STATUS_PENDING at once, unless a change is remembered; else the call waits.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: IoStatusBlock and the work item are in use until the end.
 * Errors:    STATUS_INVALID_HANDLE for the key or the event, STATUS_KEY_DELETED,
 *            STATUS_INVALID_PARAMETER for a filter or queue that there is not,
 *            STATUS_INSUFFICIENT_RESOURCES.
 * Source:    NF:ntifs.ZwNotifyChangeKey
 */
NTSTATUS
ZwNotifyChangeKey(HANDLE KeyHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine, PVOID ApcContext,
    PIO_STATUS_BLOCK IoStatusBlock, ULONG CompletionFilter, BOOLEAN WatchTree, PVOID Buffer,
    ULONG BufferSize, BOOLEAN Asynchronous)
{
    struct key_notice *notice;
    KEVENT ended;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(Buffer);
    UNREFERENCED_PARAMETER(BufferSize);
    if (!CompletionFilter || CompletionFilter & ~FILTER ||
        (ApcRoutine && (ULONG_PTR)ApcContext >= MaximumWorkQueue))
        return STATUS_INVALID_PARAMETER;
    notice = notice_create(Event, &status);
    if (!notice)
        return status;
    notice->result = IoStatusBlock;
    notice->item = (PWORK_QUEUE_ITEM)ApcRoutine;
    notice->driver = block_self->driver;
    KeInitializeEvent(&ended, NotificationEvent, FALSE);
    notice->waiter = Asynchronous ? NULL : &ended;
    status = watch_call(KeyHandle, CompletionFilter, WatchTree, notice);
    if (!NT_SUCCESS(status))
        return watch_refused(notice, status);
    if (!Asynchronous) {
        KeWaitForSingleObject(&ended, Executive, KernelMode, FALSE, NULL);
        status = IoStatusBlock->Status;
    }
    return status;
}
