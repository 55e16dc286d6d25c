/* SPDX-License-Identifier: MIT */
/* ZwNotifyChangeKey ends, with its event set and its work item queued, when what was asked for has
 * changed: names of subkeys or values, of the key alone or of those below; when the handle is
 * closed; and when the key is deleted. Changes between two calls are remembered.
 */
#include "nt.h"
#include "nt/registry.h"

#define SERVICE L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\Net"
#define BELOW   SERVICE L"\\Parameters"

/* One watcher. */
struct watcher {
    HANDLE key, event;
    PKEVENT signal;
    IO_STATUS_BLOCK result;
};

static struct undis *machine;

static NTSTATUS
open_key(const WCHAR *path, HANDLE *key)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, path);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return ZwOpenKey(key, KEY_NOTIFY, &attributes);
}

static void
set(const WCHAR *path, ULONG number)
{
    CHECK(registry_set(machine, path, L"Value", REG_DWORD, &number, sizeof(number)) == 0);
}

static void
open_watcher(struct watcher *w)
{
    w->result.Status = 0x7777;
    CHECK(open_key(SERVICE, &w->key) == STATUS_SUCCESS);
    CHECK(ZwCreateEvent(&w->event, EVENT_ALL_ACCESS, NULL, NotificationEvent, TRUE) == 0);
    CHECK(ObReferenceObjectByHandle(w->event, EVENT_ALL_ACCESS, *ExEventObjectType, KernelMode,
              (PVOID *)&w->signal, NULL) == STATUS_SUCCESS);
}

static void
close_watcher(struct watcher *w)
{
    ObDereferenceObject(w->signal);
    CHECK(ZwClose(w->event) == STATUS_SUCCESS);
    if (w->key)
        CHECK(ZwClose(w->key) == STATUS_SUCCESS);
}

static NTSTATUS
watch(struct watcher *w, ULONG filter, BOOLEAN tree)
{
    return ZwNotifyChangeKey(w->key, w->event, NULL, NULL, &w->result, filter, tree, NULL, 0, TRUE);
}

/* It has not ended. */
static void
check_out(struct watcher *w)
{
    CHECK(KeReadStateEvent(w->signal) == 0);
    CHECK(w->result.Status == 0x7777);
}

/* It has, in this way. */
static void
check_told(struct watcher *w, NTSTATUS status)
{
    CHECK(KeReadStateEvent(w->signal) != 0);
    CHECK(w->result.Status == status);
    w->result.Status = 0x7777;
}

/* Values of the key alone. */
static void
values(void)
{
    struct watcher w;

    open_watcher(&w);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_LAST_SET, FALSE) == STATUS_PENDING);
    check_out(&w);
    set(BELOW, 1);
    set(SERVICE, 7); /* what it was */
    CHECK(registry_set(machine, SERVICE L"\\New", NULL, 0, NULL, 0) == 0);
    check_out(&w);
    set(SERVICE, 8);
    check_told(&w, STATUS_NOTIFY_ENUM_DIR);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_LAST_SET, FALSE) == STATUS_PENDING);
    check_out(&w);
    CHECK(registry_unset(machine, SERVICE, L"Value") == 0);
    check_told(&w, STATUS_NOTIFY_ENUM_DIR);
    close_watcher(&w);
}

/* Names of subkeys, at any depth; the first call says what is watched. */
static void
names(void)
{
    struct watcher w;

    open_watcher(&w);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_NAME, TRUE) == STATUS_PENDING);
    set(SERVICE, 3);
    check_out(&w);
    CHECK(registry_set(machine, BELOW L"\\Deep", NULL, 0, NULL, 0) == 0);
    check_told(&w, STATUS_NOTIFY_ENUM_DIR);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_LAST_SET, FALSE) == STATUS_PENDING);
    set(SERVICE, 4);
    check_out(&w);
    CHECK(registry_remove(machine, BELOW L"\\Deep") == 0);
    check_told(&w, STATUS_NOTIFY_ENUM_DIR);
    close_watcher(&w);
}

/* Between two calls; then both calls that are out end. */
static void
remembered(void)
{
    IO_STATUS_BLOCK other = {.Status = 0x7777};
    struct watcher w;

    open_watcher(&w);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_LAST_SET, FALSE) == STATUS_PENDING);
    set(SERVICE, 5);
    check_told(&w, STATUS_NOTIFY_ENUM_DIR);
    set(SERVICE, 6);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_LAST_SET, FALSE) == STATUS_NOTIFY_ENUM_DIR);
    check_told(&w, STATUS_NOTIFY_ENUM_DIR);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_LAST_SET, FALSE) == STATUS_PENDING);
    CHECK(ZwNotifyChangeKey(w.key, NULL, NULL, NULL, &other, REG_NOTIFY_CHANGE_LAST_SET, FALSE,
              NULL, 0, TRUE) == STATUS_PENDING);
    check_out(&w);
    set(SERVICE, 9);
    check_told(&w, STATUS_NOTIFY_ENUM_DIR);
    CHECK(other.Status == STATUS_NOTIFY_ENUM_DIR);
    close_watcher(&w);
}

static void
closed(void)
{
    struct watcher w;

    open_watcher(&w);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_NAME, FALSE) == STATUS_PENDING);
    CHECK(ZwClose(w.key) == STATUS_SUCCESS);
    check_told(&w, STATUS_NOTIFY_CLEANUP);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_NAME, FALSE) == STATUS_INVALID_HANDLE);
    w.key = NULL;
    close_watcher(&w);
    CHECK(registry_set(machine, SERVICE L"\\More", NULL, 0, NULL, 0) == 0);
}

static KEVENT worked;

static VOID
work(PVOID Parameter)
{
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
    KeSetEvent(Parameter, IO_NO_INCREMENT, FALSE);
}

static void
work_items(void)
{
    IO_STATUS_BLOCK result = {.Status = 0x7777};
    WORK_QUEUE_ITEM item;
    HANDLE key;

    KeInitializeEvent(&worked, NotificationEvent, FALSE);
    ExInitializeWorkItem(&item, work, &worked);
    CHECK(open_key(SERVICE, &key) == STATUS_SUCCESS);
    CHECK(ZwNotifyChangeKey(key, NULL, (PIO_APC_ROUTINE)(PVOID)&item, (PVOID)DelayedWorkQueue,
              &result, REG_NOTIFY_CHANGE_LAST_SET, FALSE, NULL, 0, TRUE) == STATUS_PENDING);
    CHECK(KeReadStateEvent(&worked) == 0);
    set(SERVICE, 10);
    CHECK(result.Status == STATUS_NOTIFY_ENUM_DIR);
    CHECK(KeWaitForSingleObject(&worked, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    CHECK(ZwClose(key) == STATUS_SUCCESS);
}

/* What changes the key until it is told to stop. */
static struct {
    KEVENT stop, stopped;
} changer;

static VOID
change(PVOID Parameter)
{
    LARGE_INTEGER between = milliseconds(1);
    ULONG number = 0;

    UNREFERENCED_PARAMETER(Parameter);
    do
        set(SERVICE, number++);
    while (KeWaitForSingleObject(&changer.stop, Executive, KernelMode, FALSE, &between) ==
           STATUS_TIMEOUT);
    KeSetEvent(&changer.stopped, IO_NO_INCREMENT, FALSE);
}

/* A call that waits; then the key goes. */
static void
waits(void)
{
    IO_STATUS_BLOCK result;
    WORK_QUEUE_ITEM item;
    struct watcher w;
    NTSTATUS status;

    open_watcher(&w);
    KeInitializeEvent(&changer.stop, NotificationEvent, FALSE);
    KeInitializeEvent(&changer.stopped, NotificationEvent, FALSE);
    ExInitializeWorkItem(&item, change, NULL);
    ExQueueWorkItem(&item, DelayedWorkQueue);
    status = ZwNotifyChangeKey(
        w.key, NULL, NULL, NULL, &result, REG_NOTIFY_CHANGE_LAST_SET, FALSE, NULL, 0, FALSE);
    CHECK(status == STATUS_NOTIFY_ENUM_DIR && result.Status == status);
    KeSetEvent(&changer.stop, IO_NO_INCREMENT, FALSE);
    CHECK(KeWaitForSingleObject(&changer.stopped, Executive, KernelMode, FALSE, NULL) ==
          STATUS_SUCCESS);
    CHECK(registry_remove(machine, SERVICE) == 0);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_LAST_SET, FALSE) == STATUS_KEY_DELETED);
    close_watcher(&w);
}

static void
deleted(void)
{
    struct watcher w;

    open_watcher(&w);
    CHECK(watch(&w, REG_NOTIFY_CHANGE_LAST_SET, FALSE) == STATUS_PENDING);
    CHECK(registry_remove(machine, SERVICE) == 0);
    check_told(&w, STATUS_NOTIFY_CLEANUP);
    close_watcher(&w);
}

static void
refused(void)
{
    struct watcher w;
    HANDLE event;

    open_watcher(&w);
    CHECK(watch(&w, 0, FALSE) == STATUS_INVALID_PARAMETER);
    CHECK(watch(&w, 0x10, FALSE) == STATUS_INVALID_PARAMETER);
    CHECK(ZwNotifyChangeKey(w.key, NULL, (PIO_APC_ROUTINE)(PVOID)&w, (PVOID)MaximumWorkQueue,
              &w.result, REG_NOTIFY_CHANGE_NAME, FALSE, NULL, 0, TRUE) == STATUS_INVALID_PARAMETER);
    event = w.event;
    w.event = w.key;
    CHECK(watch(&w, REG_NOTIFY_CHANGE_NAME, FALSE) == STATUS_INVALID_HANDLE);
    w.event = event;
    close_watcher(&w);
}

static void
test(void *context)
{
    HANDLE left;
    IO_STATUS_BLOCK result;

    machine = context;
    set(SERVICE, 7);
    set(BELOW, 0);
    values();
    names();
    remembered();
    closed();
    work_items();
    refused();
    deleted();
    set(SERVICE, 7);
    waits();
    /* Nobody closes this one: the machine does. */
    set(SERVICE, 7);
    CHECK(open_key(SERVICE, &left) == STATUS_SUCCESS);
    CHECK(ZwNotifyChangeKey(left, NULL, NULL, NULL, &result, REG_NOTIFY_CHANGE_NAME, TRUE, NULL, 0,
              TRUE) == STATUS_PENDING);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
