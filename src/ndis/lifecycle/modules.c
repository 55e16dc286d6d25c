/* SPDX-License-Identifier: MIT */
/* Which filter modules stand on an adapter, for drivers that ask. */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/path.h"

#include <string.h>

#define OTHERWISE_TYPE     2 /* NdisFilterTypeModifying: the INF does not say */
#define OTHERWISE_RUN_TYPE FILTER_OPTIONAL

/* Any module of the machine's, or NULL. */
static struct module *
module_of(NDIS_HANDLE handle)
{
    static const enum object_kind kinds[] = {OBJECT_ADAPTER, OBJECT_FILTER, OBJECT_BINDING};

    for (unsigned i = 0; i < RTL_NUMBER_OF(kinds); i++)
        if (object_of(machine_self(), handle, kinds[i]))
            return handle;
    return NULL;
}

/* Characters behind what is in the buffer already. */
struct text {
    char *at;
};

static void
put_class(struct text *text, NDIS_STRING *string, const char *class)
{
    size_t length = strlen(class);

    string->Buffer = (PWSTR)text->at;
    string->Length = string->MaximumLength = (USHORT)(length * sizeof(WCHAR));
    for (size_t i = 0; i < length; i++)
        string->Buffer[i] = (unsigned char)class[i];
    text->at += string->Length;
}

static void
put_name(struct text *text, NDIS_STRING *string, const struct module *filter)
{
    *string = (NDIS_STRING){0, FILTER_NAME_UNITS * sizeof(WCHAR), (PWSTR)text->at};
    filter_name(filter, string);
    text->at += string->Length;
}

static size_t
name_size(const struct module *filter)
{
    WCHAR units[FILTER_NAME_UNITS];
    NDIS_STRING name = {0, sizeof(units), units};

    filter_name(filter, &name);
    return name.Length + strlen(filter->driver->filter_class) * sizeof(WCHAR);
}

static void
put_filter(struct text *text, NDIS_FILTER_INTERFACE *to, const struct module *filter, bool bypass)
{
    const struct driver *driver = filter->driver;

    memset(to, 0, sizeof(*to));
    to->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT,
        bypass ? NDIS_FILTER_INTERFACE_REVISION_2 : NDIS_FILTER_INTERFACE_REVISION_1,
        NDIS_SIZEOF_FILTER_INTERFACE_REVISION_2}; /* of both */
    to->Flags = NDIS_FILTER_INTERFACE_LW_FILTER;
    if (bypass && !filter->path.send)
        to->Flags |= NDIS_FILTER_INTERFACE_SEND_BYPASS;
    if (bypass && !filter->path.receive)
        to->Flags |= NDIS_FILTER_INTERFACE_RECEIVE_BYPASS;
    to->FilterType = driver->filter_type ? driver->filter_type : OTHERWISE_TYPE;
    to->FilterRunType = driver->filter_run_type ? driver->filter_run_type : OTHERWISE_RUN_TYPE;
    to->IfIndex = filter->adapter->if_index;
    to->NetLuid = filter->adapter->luid;
    put_class(text, &to->FilterClass, driver->filter_class);
    put_name(text, &to->FilterInstanceName, filter);
}

static ULONG
measure(const struct adapter *adapter)
{
    size_t needed = offsetof(NDIS_ENUM_FILTERS, Filter);

    for (struct module *m = adapter->top; m && m->kind == MODULE_FILTER; m = m->lower)
        needed += sizeof(NDIS_FILTER_INTERFACE) + name_size(m);
    return (ULONG)needed;
}

static void
list(const struct adapter *adapter, NDIS_ENUM_FILTERS *all, bool bypass)
{
    NDIS_FILTER_INTERFACE *to = all->Filter;
    struct text text;

    memset(all, 0, offsetof(NDIS_ENUM_FILTERS, Filter));
    all->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT, NDIS_ENUM_FILTERS_REVISION_1,
        NDIS_SIZEOF_ENUM_FILTERS_REVISION_1};
    all->OffsetFirstFilter = offsetof(NDIS_ENUM_FILTERS, Filter);
    for (struct module *m = adapter->top; m && m->kind == MODULE_FILTER; m = m->lower)
        all->NumberOfFilters++;
    text.at = (char *)(all->Filter + all->NumberOfFilters);
    for (struct module *m = adapter->top; m && m->kind == MODULE_FILTER; m = m->lower)
        put_filter(&text, to++, m, bypass);
}

/*
 * NdisEnumerateFilterModules - which filter modules stand on an adapter, from the top
 *
 * @NdisHandle:            of a miniport adapter, a binding or a filter module.
 * @InterfaceBuffer:       gets an NDIS_ENUM_FILTERS, whose array is as long as there are filters,
 *                         and behind it the strings.
 * @InterfaceBufferLength: bytes of it.
 * @BytesNeeded:           how many it takes.
 * @BytesWritten:          how many were written: all, or none.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves; the strings point into the buffer.
 * Errors:    NDIS_STATUS_INVALID_PARAMETER for another handle, NDIS_STATUS_BUFFER_TOO_SHORT.
 * Source:    NF:ndis.NdisEnumerateFilterModules
 */
NDIS_STATUS
NdisEnumerateFilterModules(NDIS_HANDLE NdisHandle, PVOID InterfaceBuffer,
    ULONG InterfaceBufferLength, PULONG BytesNeeded, PULONG BytesWritten)
{
    struct module *asks = module_of(NdisHandle);
    NDIS_STATUS status = NDIS_STATUS_BUFFER_TOO_SHORT;
    KIRQL irql;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    *BytesWritten = 0;
    if (!asks)
        return NDIS_STATUS_INVALID_PARAMETER;
    irql = path_enter(); /* no filter ends meanwhile */
    *BytesNeeded = measure(asks->adapter);
    if (InterfaceBuffer && InterfaceBufferLength >= *BytesNeeded) {
        list(asks->adapter, InterfaceBuffer, asks->registration->minor >= 30);
        *BytesWritten = *BytesNeeded;
        status = NDIS_STATUS_SUCCESS;
    }
    path_leave(irql);
    return status;
}
