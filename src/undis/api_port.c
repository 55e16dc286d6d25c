/* SPDX-License-Identifier: MIT */
/* undis_port_* of undis.h: makes ports, ends them, and answers questions about them.
 *
 * Each machine has one internal driver, undisport, whose devices are the machine's ports. Devices
 * come and go inside the machine (nt_call); the list of ports is for who stands outside. A crashing
 * process writes out what ports and captures hold, and goes through the list without its lock.
 */
#include "host/lock.h"
#include "host/port.h"
#include "nt/driver.h"
#include "nt/io.h"
#include "nt/thread.h"
#include "undis/error.h"
#include "undis/machine.h"
#include "undis/ports/port.h"
#include "undis/ports/program.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DRIVER_NAME "undisport"

static const struct port_kind *const kinds[] = {
    &port_null, &port_wire, &port_program, &port_hardware};

static struct undis_port *
port_of(PDEVICE_OBJECT device)
{
    return *(struct undis_port **)device->DeviceExtension;
}

static NTSTATUS
complete(PIRP irp, NTSTATUS status)
{
    irp->IoStatus.Status = status;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS
dispatch_file(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    (void)DeviceObject;
    Irp->IoStatus.Information = 0;
    return complete(Irp, STATUS_SUCCESS);
}

static NTSTATUS
dispatch_pnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status = Irp->IoStatus.Status;

    if (IoGetCurrentIrpStackLocation(Irp)->MinorFunction == IRP_MN_QUERY_INTERFACE) {
        struct undis_port *port = port_of(DeviceObject);
        NTSTATUS answer = port->kind->query_interface ? port->kind->query_interface(port, Irp)
                                                      : port_query_interface(port, Irp);

        if (answer != STATUS_NOT_SUPPORTED)
            status = answer;
    }
    return complete(Irp, status);
}

/* When the machine unloads all its drivers, ports may be left; without their devices. */
static void
unload(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT device;

    while ((device = DriverObject->DeviceObject)) {
        port_of(device)->device = NULL;
        IoDeleteDevice(device);
    }
}

static NTSTATUS
port_driver_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    (void)RegistryPath;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = dispatch_file;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = dispatch_file;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = dispatch_file;
    DriverObject->MajorFunction[IRP_MJ_PNP] = dispatch_pnp;
    DriverObject->DriverUnload = unload;
    return STATUS_SUCCESS;
}

static void
set_name(struct undis_port *port)
{
    char text[32];
    int length = snprintf(text, sizeof(text), "\\Device\\UndisPort%u", port->number);

    for (int i = 0; i <= length; i++)
        port->device_name[i] = (WCHAR)text[i];
}

struct making {
    struct undis_port *port;
    NTSTATUS status;
};

static NTSTATUS
get_driver(struct undis *machine, struct driver **driver)
{
    NTSTATUS status;

    *driver = driver_by_name(machine, DRIVER_NAME);
    if (*driver)
        return STATUS_SUCCESS;
    if (driver_add(machine, DRIVER_NAME, port_driver_entry, driver))
        return STATUS_INSUFFICIENT_RESOURCES;
    status = driver_start(*driver);
    return status;
}

/* Inside the machine: the first free number makes the device's name. */
static void
make_device(void *context)
{
    struct making *making = context;
    struct undis_port *port = making->port;
    struct driver *driver;

    making->status = get_driver(port->machine, &driver);
    if (!NT_SUCCESS(making->status))
        return;
    do {
        UNICODE_STRING name;

        set_name(port);
        RtlInitUnicodeString(&name, port->device_name);
        making->status = io_device_create(driver->object, sizeof(struct undis_port *), &name,
            FILE_DEVICE_PHYSICAL_NETCARD, 0, FALSE, &port->device);
        if (NT_SUCCESS(making->status))
            break;
        port->number++;
    } while (making->status == STATUS_OBJECT_NAME_COLLISION);
    if (!NT_SUCCESS(making->status))
        return;
    *(struct undis_port **)port->device->DeviceExtension = port;
    port->device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
}

static void
delete_device(void *context)
{
    struct undis_port *port = context;

    if (port->device)
        IoDeleteDevice(port->device);
}

static const struct port_kind *
find_kind(const char *name)
{
    size_t length = strcspn(name, "+"); /* options of a NIC stand behind its name */

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strlen(kinds[i]->name) == length && !memcmp(kinds[i]->name, name, length))
            return kinds[i];
    return &port_hosted; /* which knows what the host knows, and says so if it does not */
}

/* Locally administered, the same for the same port of the same machine in every run. */
static void
suggest_address(struct undis_port *port)
{
    const UCHAR address[6] = {0x02, 0x75, 0x6e, (UCHAR)port->machine->id,
        (UCHAR)(port->number >> 8), (UCHAR)port->number};

    memcpy(port->attributes.Address, address, sizeof(address));
}

static int
open_port(struct undis *machine, const char *text, struct undis_port *wire, struct undis_port **out)
{
    struct undis_port *port = machine_alloc(machine, sizeof(*port));
    struct machine *host = machine_host(machine);
    struct making making = {port, STATUS_UNSUCCESSFUL};
    static const UCHAR none[6];
    struct port_spec spec;
    char error[256];
    int result;

    if (!port)
        return undis_fail(-ENOMEM, "port %s: out of memory", text);
    port->machine = machine;
    port->bell = &port->own_bell;
    port->attributes.Ethernet = TRUE;
    port->attributes.HasAddress = TRUE;
    port->attributes.Mtu = 1500;
    port->attributes.LinkSpeed = 10000000000u;
    result = port_spec_parse(&spec, text, error, sizeof(error));
    if (result) {
        undis_fail(result, "%s", error);
        goto free_port;
    }
    snprintf(port->sentence, sizeof(port->sentence), "%s", text);
    port->kind = find_kind(spec.kind);
    result = wire ? hardware_over(port, text, wire) : port->kind->create(port, &spec);
    if (result)
        goto free_port;
    port->sentence[0] = 0;
    result = nt_call(machine, make_device, &making);
    if (!result && !NT_SUCCESS(making.status))
        result = undis_fail(-ENOMEM, "port %s: no device (status %08x)", text, making.status);
    if (result)
        goto destroy_state;
    if (!memcmp(port->attributes.Address, none, sizeof(none)))
        suggest_address(port);
    if (port->kind->device_made)
        port->kind->device_made(port);
    host_lock(&host->ports_lock);
    port->next = host->ports;
    host->ports = port;
    host_unlock(&host->ports_lock);
    *out = port;
    return 0;

destroy_state:
    port->kind->destroy(port);
free_port:
    machine_free(machine, port);
    return result;
}

int
undis_port_open(struct undis *machine, const char *spec, struct undis_port **port)
{
    if (!machine || !spec || !port)
        return undis_fail(-EINVAL, "undis_port_open: a machine, a specification and a place for "
                                   "the port are needed");
    if (!strcmp(spec, "program") || !strncmp(spec, "program:", 8))
        return undis_fail(-EINVAL, "port program: it belongs to a program; use undis_port_program");
    return open_port(machine, spec, NULL, port);
}

int
undis_port_program(struct undis *machine,
    void (*receive)(void *context, const void *frame, size_t length), void *context,
    struct undis_port **port)
{
    int result = open_port(machine, "program", NULL, port);

    if (!result)
        program_attach(*port, receive, context);
    return result;
}

int
undis_hardware_open(
    struct undis *machine, const char *model, struct undis_port *wire, struct undis_port **port)
{
    if (!wire || find_kind(model) != &port_hardware)
        return undis_fail(-EINVAL, "undis_hardware_open: a model (ringnic) and a port for its wire "
                                   "are needed");
    return open_port(machine, model, wire, port);
}

int
undis_port_inject(struct undis_port *port, const void *frame, size_t length)
{
    if (port->kind != &port_program)
        return undis_fail(-EINVAL, "undis_port_inject: a port of undis_port_program is needed");
    return program_inject(port, frame, length);
}

static void
remove_port(struct undis_port *port)
{
    struct undis *machine = port->machine;
    struct machine *host = machine_host(machine);
    struct undis_port **at = &host->ports;

    host_lock(&host->ports_lock);
    while (*at != port)
        at = &(*at)->next;
    *at = port->next;
    host_unlock(&host->ports_lock);
    nt_call(machine, delete_device, port);
    port->kind->destroy(port);
    machine_free(machine, port);
}

int
undis_port_close(struct undis_port *port)
{
    int result = 0;

    if (__atomic_load_n(&port->opened, __ATOMIC_ACQUIRE))
        return undis_fail(-EBUSY, "port UndisPort%u: driver %s has it open; remove its stack first",
            port->number, port->client.driver ? port->client.driver->name : "(unknown)");
    if (__atomic_load_n(&port->references, __ATOMIC_ACQUIRE) > 0)
        return undis_fail(-EBUSY, "port UndisPort%u: %d interfaces are still lent to drivers",
            port->number, (int)port->references);
    if (port->wire && port->device && port->device->AttachedDevice)
        return undis_fail(-EBUSY,
            "port UndisPort%u: an adapter stands on it; remove its stack first", port->number);
    if (port->kind->flush)
        result = port->kind->flush(port);
    if (result)
        undis_fail(result, "port UndisPort%u: not everything was written: %s", port->number,
            strerror(-result));
    remove_port(port);
    return result;
}

/* 0 or why not everything could be written; the transmitter waits meanwhile. */
static int
flush(struct undis_port *port)
{
    int result = 0;

    if (!port->kind->flush)
        return 0;
    host_lock(&port->transmit_lock);
    result = port->kind->flush(port);
    host_unlock(&port->transmit_lock);
    return result;
}

int
undis_port_hold(struct undis_port *port, bool held)
{
    port_hold_for(port, PORT_HELD_BY_HOST, held);
    return 0;
}

int
undis_port_stats(struct undis_port *port, struct undis_port_stats *stats)
{
    int written, failed;

    if (port->wire)
        port = port->wire;
    written = flush(port);
    stats->read = __atomic_load_n(&port->stats.read, __ATOMIC_RELAXED);
    stats->written = __atomic_load_n(&port->stats.written, __ATOMIC_RELAXED);
    stats->read_bytes = __atomic_load_n(&port->stats.read_bytes, __ATOMIC_RELAXED);
    stats->written_bytes = __atomic_load_n(&port->stats.written_bytes, __ATOMIC_RELAXED);
    stats->dropped = __atomic_load_n(&port->stats.dropped, __ATOMIC_RELAXED);
    stats->errors = __atomic_load_n(&port->stats.errors, __ATOMIC_RELAXED);
    stats->ended = __atomic_load_n(&port->stats.ended, __ATOMIC_ACQUIRE);
    stats->finite = port->finite;
    if (written)
        port_failed(port, written, strerror(-written));
    failed = __atomic_load_n(&port->failed, __ATOMIC_ACQUIRE);
    return failed ? undis_fail(failed, "%s", port->sentence) : 0;
}

const char *
undis_port_help(void)
{
    return "null[:mtu=N]                  takes every frame, gives none\n"
           "wire:NAME[,latency=US][,loss=PPM][,duplicate=PPM][,reorder=PPM][,seed=N][,mtu=N]\n"
           "                              a cable; the second port of that name is its other "
           "end\n"
           "ringnic[+msix][+line=N]:PORT  a NIC on the bus, whose wire is PORT; line: 1 to "
           "8\n" HOST_PORT_HELP;
}

static void
stop_driver(void *context)
{
    struct driver *driver = driver_by_name(context, DRIVER_NAME);

    if (driver)
        driver_stop(driver);
}

void
port_close_all(struct undis *machine)
{
    while (machine_host(machine)->ports)
        remove_port(machine_host(machine)->ports);
    nt_call(machine, stop_driver, machine);
}

void
port_flush_all(struct undis *machine)
{
    for (struct undis_port *port = machine_host(machine)->ports; port; port = port->next)
        if (port->kind->flush)
            port->kind->flush(port);
}

bool
port_any_hosted(struct undis *machine)
{
    struct machine *host = machine_host(machine);
    bool any = false;

    host_lock(&host->ports_lock);
    for (struct undis_port *port = host->ports; port; port = port->next)
        any |= port->kind == &port_hosted;
    host_unlock(&host->ports_lock);
    return any;
}

bool
port_all_ended(struct undis *machine)
{
    struct machine *host = machine_host(machine);
    bool ended = true;

    host_lock(&host->ports_lock);
    for (struct undis_port *port = host->ports; port; port = port->next)
        if (port->finite && !port->wire)
            ended &= __atomic_load_n(&port->stats.ended, __ATOMIC_ACQUIRE);
    host_unlock(&host->ports_lock);
    return ended;
}
