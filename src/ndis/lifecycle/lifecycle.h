/* SPDX-License-Identifier: MIT */
/* Modules come and go: what src/undis asks for, and what the files of this folder share.
 * Everything here runs at PASSIVE_LEVEL inside the machine.
 */
#pragma once

#include "ndis/stack/call.h"

/* Per machine; 0 or -errno. */
int ndis_create(struct undis *machine);
void ndis_destroy(struct undis *machine);

/* An adapter with no miniport yet. @pdo: answers the miniport's questions about its bus. */
NTSTATUS adapter_create(
    struct undis *machine, const char *name, PDEVICE_OBJECT pdo, struct adapter **created);
/* MiniportInitializeEx; the miniport is Paused afterwards. */
NDIS_STATUS adapter_initialize(struct adapter *adapter, struct driver *driver);
/* The device has been pulled out: layers hear of it, and what follows is adapter_remove. */
void adapter_surprise(struct adapter *adapter);
/* The computer goes off. */
void adapter_shutdown(struct adapter *adapter);
/* A bug check: the same at HIGH_LEVEL, of NDIS 6 only and from 6.30 on by wish. */
void adapter_crash(struct adapter *adapter);
/* Tells the layers from the top down, the miniport last. */
void device_event(struct adapter *adapter, NDIS_DEVICE_PNP_EVENT event);
/* The device goes to D0 to D3, and the layers with it. */
NDIS_STATUS adapter_power(struct adapter *adapter, NDIS_DEVICE_POWER_STATE state);
/* Of that, for miniports that know no power states: halted, and initialized again. */
void adapter_halt_asleep(struct adapter *adapter);
NDIS_STATUS adapter_initialize_again(struct adapter *adapter);
/* Unbinds, detaches and halts what stands on it. */
void adapter_stop(struct adapter *adapter);
/* That, and frees it. */
void adapter_remove(struct adapter *adapter);

/* The adapter of an intermediate driver's instance: @start(@argument) will run as a task when the
 * driver wants it. false: it does already, the caller starts it now. */
bool instance_present(struct adapter *adapter, void (*start)(void *argument), void *argument);
/* It could not be started. */
void instance_failed(struct adapter *adapter);
/* Whether @driver's miniports are instances of an intermediate driver. */
bool instance_layered(struct driver *driver);

/* Pauses from top to bottom, restarts from bottom to top. Restart stops at the first failure. */
void adapter_pause(struct adapter *adapter);
NDIS_STATUS adapter_restart(struct adapter *adapter);

/* Puts @driver's filter on top; the adapter is paused meanwhile. */
NDIS_STATUS filter_attach(struct adapter *adapter, struct driver *driver);
NDIS_STATUS filter_detach(struct adapter *adapter, struct driver *driver);
/* The binding of @driver, or NULL. */
struct module *binding_find(struct adapter *adapter, const struct driver *driver);
/* @driver belongs on the adapter: false when memory is short. And not any more; NULL: nobody. */
bool adapter_configure(struct adapter *adapter, struct driver *driver);
void adapter_configure_no_more(struct adapter *adapter, const struct driver *driver);
NDIS_STATUS binding_open(struct adapter *adapter, struct driver *driver);
/* Its adapters are bound: a protocol is told once. */
void bindings_complete(struct driver *driver);
NDIS_STATUS binding_close(struct adapter *adapter, struct driver *driver);

/* An entry in ndis.registrations, without a version yet: found by its handle only. NULL when memory
 * is short. */
struct ndis_driver *
registration_create(enum object_kind kind, struct driver *driver, NDIS_HANDLE context);
void registration_destroy(struct ndis_driver *registration);
/* A filter's UniqueName, a protocol's Name. */
void registration_name(struct ndis_driver *registration, const UNICODE_STRING *name);
/* NULL when @object is none of the machine's. */
struct driver *driver_of(PDRIVER_OBJECT object);

/* Characteristics of NDIS 3 to 5.1 into a registration without a version. */
NDIS_STATUS
legacy_register(struct ndis_driver *registration, const void *characteristics, UINT length);
/* A module becomes a miniport of NDIS 3 to 5.1, is initialized, halted and no longer one. */
NDIS_STATUS legacy_create(struct module *miniport);
NDIS_STATUS legacy_initialize(struct module *miniport);
/* Asks it for what an NDIS 6 miniport says in its attributes. */
NDIS_STATUS legacy_describe(struct adapter *adapter);
void legacy_halt(struct module *miniport);
/* Asks it whether it hangs, or does not any more; a reset that is under way has ended. */
void legacy_watch(struct module *miniport, bool on);
void legacy_destroy(struct module *miniport);

/* Takes every module of @driver of that kind off every stack: before its deregistration. */
void stacks_leave(struct driver *driver, enum object_kind kind);

/* Steps of the above, for their files. */
/* adapter.general has what the miniport says of power, or NULLs: copies of both kinds instead. */
void keep_power(struct adapter *adapter);
NDIS_STATUS module_pause(struct module *module);
NDIS_STATUS module_restart(struct module *module, PNDIS_RESTART_ATTRIBUTES attributes);
/* restart.c: a list that describes the miniport, NULL when memory is short; its end, after which
 * adapter.restart_attributes is a copy; the end of that. */
PNDIS_RESTART_ATTRIBUTES restart_attributes(struct adapter *adapter);
void restart_attributes_end(struct adapter *adapter, PNDIS_RESTART_ATTRIBUTES list);
void restart_attributes_forget(struct adapter *adapter);
/* Appends the name of a filter module, FILTER_NAME_UNITS at most. */
#define FILTER_NAME_UNITS 128
void filter_name(const struct module *filter, UNICODE_STRING *name);
/* The names of the filter modules, from the top, each behind its length: a block of the machine's
 * memory, or NULL. */
PWSTR filter_names(struct adapter *adapter, ULONG *length);
/* Unbinds, detaches and halts all of it, as a task. */
void adapter_give_up(struct adapter *adapter);
/* Before every FilterRestart of a stack: the registered data-path handlers again, then what the module chooses. */
NDIS_STATUS filter_options(struct module *filter);
NDIS_STATUS
filter_choose(struct module *filter, const NDIS_FILTER_PARTIAL_CHARACTERISTICS *characteristics);
void filter_remove(struct module *filter);
void binding_remove(struct module *binding);
/* Which of the bindings, of which there are some, is removed first: clients go before their call
 * managers. */
struct module *binding_to_go(const struct adapter *adapter);
NDIS_STATUS
binding_event(struct module *binding, NET_PNP_EVENT_CODE code, void *buffer, ULONG size);

/* port.c: the default port of a new adapter; it is the miniport's to activate when its registration
 * attributes say so; the miniport has returned from @after and should have freed the others. */
void ports_begin(struct adapter *adapter);
void ports_register(struct adapter *adapter);
void ports_forget(struct adapter *adapter, struct driver *driver, const char *after);
/* The active ports, in one block of the machine's memory; NULL when it is short. */
PNDIS_PORT ports_list(struct adapter *adapter);
/* Does what a miniport's port event says; false: it is another event. */
bool port_event(struct module *miniport, PNET_PNP_EVENT_NOTIFICATION event, NDIS_STATUS *status);
/* start.c: MiniportStartDevice, if there is one; the resources to initialize with. */
NDIS_STATUS device_start(struct module *miniport, PNDIS_RESOURCE_LIST *resources);
/* leave.c: binds what the stack wants bound and is not, as a task; and here. */
NDIS_STATUS adapter_bind_later(const struct module *miniport);
void adapter_bind_configured(struct adapter *adapter);
/* Takes every binding off, as a task. */
NDIS_STATUS adapter_unbind_later(const struct module *miniport);
/* Whether protocols may be bound: its default port is active, and it is no secondary miniport. */
bool adapter_bindable(struct adapter *adapter);

/* A network event from @module to the layers above, and to a binding. */
NDIS_STATUS event_above(struct module *module, PNET_PNP_EVENT_NOTIFICATION event);
NDIS_STATUS event_at(struct module *binding, PNET_PNP_EVENT_NOTIFICATION event);

/* Calls that may be pended: begin, call the driver, then wait with what it answered. */
void operation_begin(struct module_operation *operation, const char *name);
NDIS_STATUS operation_wait(struct undis *machine, struct module_operation *operation,
    struct module *module, NDIS_STATUS answer);
/* A call that completes, the rule that is broken when nothing is pending, and which operation must
 * be: its name. */
struct completion {
    const char *name, *rule, *operation;
};
void operation_complete(struct undis *machine, struct module_operation *operation,
    struct driver *driver, const struct completion *call, NDIS_STATUS status);

void event_completes(struct module *binding, const struct completion *call,
    const NET_PNP_EVENT *event, NDIS_STATUS status);

/* What the hardware can do beside: copies of what the miniport says, for adapter.assist. */
NDIS_STATUS assist_set(struct adapter *adapter, const NDIS_OBJECT_HEADER *attributes);
NDIS_STATUS offload_set(struct adapter *adapter, const NDIS_OBJECT_HEADER *attributes);
void assist_forget(struct adapter *adapter);

/* Type, revision and size of a structure that a driver passes. */
struct header_size {
    UCHAR revision;
    USHORT size;
};
NDIS_STATUS header_check(
    const NDIS_OBJECT_HEADER *header, UCHAR type, const struct header_size *sizes, unsigned count);
/* The header that a driver of @minor (NDIS 6.@minor) expects: of a structure that grew with NDIS 6.1,
 * 6.20 and 6.30, whose @sizes are in this order. */
NDIS_OBJECT_HEADER header_of_version(UCHAR type, UCHAR minor, const struct header_size sizes[4]);
/* The same where the call says what the structure is: its type may be NDIS_OBJECT_TYPE_DEFAULT. */
NDIS_STATUS header_check_implied(
    const NDIS_OBJECT_HEADER *header, UCHAR type, const struct header_size *sizes, unsigned count);
