/* SPDX-License-Identifier: MIT */
/* Loading, starting and stopping drivers. See driver.h. */
#include "nt/driver.h"
#include "host/image.h"
#include "nt/call.h"
#include "nt/io.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

/* struct driver and what hangs on it, in one block of the arena. */
struct driver_block {
    struct driver driver;
    DRIVER_EXTENSION extension;
    UNICODE_STRING registry_path, hardware;
    char name[64];
    WCHAR driver_name[80], path[160], service[64];
};

static const WCHAR driver_folder[] = L"\\Driver\\";
static const WCHAR services[] = L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\";
static const WCHAR hardware[] = L"\\Registry\\Machine\\Hardware\\Description\\System";

/* @prefix and the ASCII @name in @buffer, which is large enough. */
static void
compose(UNICODE_STRING *string, WCHAR *buffer, const WCHAR *prefix, const char *name)
{
    size_t n = 0;

    while (*prefix)
        buffer[n++] = *prefix++;
    while (*name)
        buffer[n++] = (unsigned char)*name++;
    buffer[n] = 0;
    string->Buffer = buffer;
    string->Length = (USHORT)(n * sizeof(WCHAR));
    string->MaximumLength = (USHORT)((n + 1) * sizeof(WCHAR));
}

static struct driver_block *
block_of(struct driver *driver)
{
    return CONTAINING_RECORD(driver, struct driver_block, driver);
}

static PDRIVER_OBJECT
object_make(struct driver_block *block)
{
    PDRIVER_OBJECT object =
        object_create(block->driver.machine, OBJECT_DRIVER, sizeof(DRIVER_OBJECT));

    if (!object)
        return NULL;
    object_prefix(object)->maker = &block->driver;
    object->Type = IO_TYPE_DRIVER;
    object->Size = sizeof(*object);
    object->DriverExtension = &block->extension;
    object->HardwareDatabase = &block->hardware;
    compose(&object->DriverName, block->driver_name, driver_folder, block->name);
    compose(&block->extension.ServiceKeyName, block->service, L"", block->name);
    compose(&block->registry_path, block->path, services, block->name);
    block->hardware.Buffer = (PWCH)(uintptr_t)hardware;
    block->hardware.Length = sizeof(hardware) - sizeof(WCHAR);
    block->hardware.MaximumLength = sizeof(hardware);
    block->extension.DriverObject = object;
    for (unsigned k = 0; k <= IRP_MJ_MAXIMUM_FUNCTION; k++)
        object->MajorFunction[k] = io_invalid_request;
    return object;
}

/* -EEXIST when the name is taken. */
static int
enter(struct driver *driver)
{
    struct undis *machine = driver->machine;
    uint32_t id = 1;
    LIST_ENTRY *link;
    int error = 0;

    executive_lock(machine->executive, &machine->driver_lock);
    for (link = machine->drivers.Flink; link != &machine->drivers; link = link->Flink) {
        const struct driver *other = CONTAINING_RECORD(link, struct driver, link);
        if (strcmp(other->name, driver->name) == 0)
            error = -EEXIST;
        if (other->id >= id)
            id = other->id + 1;
    }
    if (!error) {
        driver->id = id;
        driver->link.Flink = &machine->drivers;
        driver->link.Blink = machine->drivers.Blink;
        __atomic_store_n(&machine->drivers.Blink->Flink, &driver->link, __ATOMIC_RELEASE);
        machine->drivers.Blink = &driver->link;
    }
    executive_unlock(machine->executive, &machine->driver_lock);
    return error;
}

/* Who stands at @driver just now (driver_at) still finds his way on from there. */
static void
leave(struct driver *driver)
{
    struct undis *machine = driver->machine;

    executive_lock(machine->executive, &machine->driver_lock);
    __atomic_store_n(&driver->link.Blink->Flink, driver->link.Flink, __ATOMIC_RELEASE);
    driver->link.Flink->Blink = driver->link.Blink;
    executive_unlock(machine->executive, &machine->driver_lock);
}

static void
destroy(struct driver *driver)
{
    struct driver_block *block = block_of(driver);

    if (driver->object)
        object_destroy(driver->object);
    if (driver->image)
        image_close(driver->image);
    machine_free(driver->machine, block);
}

/* A DPC or timer may still name the driver: its block stays, so that the call can be reported. */
static void
bury(struct driver *driver)
{
    __atomic_store_n(&driver->gone, true, __ATOMIC_RELEASE);
    object_destroy(driver->object);
    driver->object = NULL;
    if (driver->image)
        image_close(driver->image);
    driver->image = NULL;
}

/* Everything but image and entry. */
static int
make(struct undis *machine, const char *name, struct driver **driver)
{
    struct driver_block *block;

    if (!name || !*name || strlen(name) >= sizeof(block->name))
        return -EINVAL;
    block = machine_alloc(machine, sizeof(*block));
    if (!block)
        return -ENOMEM;
    strcpy(block->name, name);
    block->driver.machine = machine;
    block->driver.name = block->name;
    block->driver.object = object_make(block);
    if (!block->driver.object) {
        destroy(&block->driver);
        return -ENOMEM;
    }
    *driver = &block->driver;
    return 0;
}

static void *
resolve(void *context, const char *symbol)
{
    const struct undis *machine = context;
    const struct gate_import *import = gate_import_find(symbol);

    if (!import)
        return NULL;
    return (void *)(machine->hooks && import->checked ? import->checked : import->plain);
}

int
driver_open(struct undis *machine, const char *path, const char *name, struct driver **driver,
    char *error, size_t error_size)
{
    struct driver *made;
    int result = make(machine, name, &made);

    if (error_size)
        *error = 0;
    if (result)
        return result;
    result = image_open(&made->image, path, resolve, machine, error, error_size);
    if (result)
        goto destroy_driver;
    image_span(made->image, &made->start, &made->end);
    made->entry = (PDRIVER_INITIALIZE)image_symbol(made->image, "DriverEntry");
    result = made->entry ? enter(made) : -ENOEXEC;
    if (result)
        goto destroy_driver;
    made->object->DriverInit = made->entry;
    made->object->DriverStart = (void *)made->entry;
    *driver = made;
    return 0;

destroy_driver:
    destroy(made);
    return result;
}

int
driver_add(
    struct undis *machine, const char *name, PDRIVER_INITIALIZE entry, struct driver **driver)
{
    struct driver *made;
    int result = make(machine, name, &made);

    if (result)
        return result;
    made->entry = entry;
    result = enter(made);
    if (result) {
        destroy(made);
        return result;
    }
    made->object->DriverInit = entry;
    made->object->DriverStart = (void *)entry;
    *driver = made;
    return 0;
}

/* Waits until no task is inside below DISPATCH_LEVEL, nor at it. */
static void
wait_until_empty(struct driver *driver)
{
    struct undis *machine = driver->machine;
    uint32_t seen = __atomic_or_fetch(&driver->inside, DRIVER_LEAVING, __ATOMIC_ACQ_REL);

    while (seen != DRIVER_LEAVING) {
        executive_wait(machine->executive, &driver->inside, seen, EXECUTIVE_FOREVER);
        seen = __atomic_load_n(&driver->inside, __ATOMIC_ACQUIRE);
    }
    processor_grace(machine);
}

/* The driver is out: what is left of it goes. */
static void
remove_driver(struct driver *driver)
{
    driver->leaving = true;
    wait_until_empty(driver);
    io_driver_gone(driver->object);
    gate_event("unloaded", driver, 0);
    leave(driver);
    bury(driver);
}

NTSTATUS
driver_start(struct driver *driver)
{
    NTSTATUS status;

    assert(irql_now() == PASSIVE_LEVEL);
    status = call_driver_entry(driver, &block_of(driver)->registry_path);
    if (!NT_SUCCESS(status)) {
        remove_driver(driver);
        return status;
    }
    io_driver_started(driver->object);
    gate_event("started", driver, 0);
    return STATUS_SUCCESS;
}

NTSTATUS
driver_stop(struct driver *driver)
{
    if (!driver->object->DriverUnload)
        return STATUS_INVALID_DEVICE_REQUEST;
    driver->leaving = true;
    call_driver_unload(driver);
    remove_driver(driver);
    return STATUS_SUCCESS;
}

struct driver *
driver_by_name(struct undis *machine, const char *name)
{
    struct driver *found = NULL;

    executive_lock(machine->executive, &machine->driver_lock);
    for (LIST_ENTRY *link = machine->drivers.Flink; link != &machine->drivers; link = link->Flink) {
        struct driver *driver = CONTAINING_RECORD(link, struct driver, link);
        if (strcmp(driver->name, name) == 0)
            found = driver;
    }
    executive_unlock(machine->executive, &machine->driver_lock);
    return found;
}

/* Takes no lock, so that a crash report and a completion at DISPATCH_LEVEL can ask. */
struct driver *
driver_at(struct undis *machine, const void *address)
{
    LIST_ENTRY *link = &machine->drivers;
    uintptr_t at = (uintptr_t)address;

    while ((link = __atomic_load_n(&link->Flink, __ATOMIC_ACQUIRE)) != &machine->drivers) {
        struct driver *driver = CONTAINING_RECORD(link, struct driver, link);

        if (at >= driver->start && at < driver->end &&
            !__atomic_load_n(&driver->gone, __ATOMIC_ACQUIRE))
            return driver;
    }
    return NULL;
}

/*
 * MmGetSystemRoutineAddress - the address of an exported call
 *
 * @SystemRoutineName: name as exported.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    NULL: undis does not provide it.
 * Source:    NF:wdm.MmGetSystemRoutineAddress
 */
PVOID
MmGetSystemRoutineAddress(PUNICODE_STRING SystemRoutineName)
{
    char name[128];
    size_t n = SystemRoutineName->Length / sizeof(WCHAR);

    gate_require_irql(PASSIVE_LEVEL, "MmGetSystemRoutineAddress");
    if (n >= sizeof(name))
        return NULL;
    for (size_t k = 0; k < n; k++) {
        if (SystemRoutineName->Buffer[k] >= 128)
            return NULL;
        name[k] = (char)SystemRoutineName->Buffer[k];
    }
    name[n] = 0;
    return resolve(machine_self(), name);
}
