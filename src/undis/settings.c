/* SPDX-License-Identifier: MIT */
/* Settings on their way to the drivers. See settings.h.
 *
 *     Software\undis\NAME                           what its INF says
 *     Services\NAME\Parameters                      undis_set("NAME", ...), wins
 *     Services\NAME\Parameters\Instances\net0       undis_set("NAME/net0", ...), wins
 *          |  copied when the stack is created
 *          v
 *     the adapter's key (miniport), the instance's key (filter module, binding)
 */
#include "undis/settings.h"

#include "ndis/service/keys.h"
#include "nt/registry.h"
#include "undis/machine.h"
#include "undis/ports/port.h"

#include <string.h>

#define VALUE_MAX 1024

static void
copy_values(struct undis *machine, const WCHAR *from, const WCHAR *to)
{
    WCHAR name[256];
    unsigned char data[VALUE_MAX];
    ULONG type, size;

    for (unsigned i = 0;
         NT_SUCCESS(registry_value_name(machine, from, i, name, RTL_NUMBER_OF(name))); i++) {
        size = sizeof(data);
        if (NT_SUCCESS(registry_get(machine, from, name, &type, data, &size)))
            registry_set(machine, to, name, type, data, size);
    }
}

static void
copy_settings(struct adapter *adapter, struct driver *driver, const WCHAR *to)
{
    static const char of_inf[] = SETTINGS_OF_INF;
    WCHAR from[KEY_UNITS];
    size_t length = 0, n = 0;

    while (of_inf[n]) {
        from[n] = (unsigned char)of_inf[n];
        n++;
    }
    for (const char *c = driver->name; *c && n < KEY_UNITS - 1; c++)
        from[n++] = (unsigned char)*c;
    from[n] = 0;
    copy_values(adapter->machine, from, to);
    key_of_driver(driver, from);
    copy_values(adapter->machine, from, to);
    key_append(from, L"Instances", 9);
    while (adapter->friendly_name[length])
        length++;
    key_append(from, adapter->friendly_name, length);
    copy_values(adapter->machine, from, to);
}

static void
set_text(struct adapter *adapter, const WCHAR *key, const WCHAR *name, const UNICODE_STRING *text)
{
    registry_set(adapter->machine, key, name, REG_SZ, text->Buffer, text->Length + sizeof(WCHAR));
}

/* One text as REG_MULTI_SZ. */
static void
set_list(struct adapter *adapter, const WCHAR *key, const WCHAR *name, const WCHAR *before,
    const UNICODE_STRING *text)
{
    WCHAR list[RTL_NUMBER_OF(adapter->names[0]) + 16] = {0};
    ULONG n = 0;

    for (; before[n]; n++)
        list[n] = before[n];
    memcpy(list + n, text->Buffer, text->Length);
    registry_set(adapter->machine, key, name, REG_MULTI_SZ, list,
        text->Length + (n + 2) * (ULONG)sizeof(WCHAR));
}

/* Where drivers look that know adapters by the registry alone. */
static void
set_linkage(struct adapter *adapter, WCHAR *key)
{
    key_append(key, L"Linkage", 7);
    set_list(adapter, key, L"Export", L"\\Device\\", &adapter->instance_name);
    set_list(adapter, key, L"RootDevice", L"", &adapter->instance_name);
}

void
settings_for_miniport(struct adapter *adapter, struct driver *driver)
{
    WCHAR to[KEY_UNITS];

    key_of_adapter(adapter, to);
    copy_settings(adapter, driver, to);
    set_text(adapter, to, L"NetCfgInstanceId", &adapter->instance_name);
    set_text(adapter, to, L"MiniportName", &adapter->device_name);
    set_linkage(adapter, to);
}

void
settings_for_filter(struct adapter *adapter, struct driver *driver)
{
    WCHAR to[KEY_UNITS];

    key_of_instance(driver, &adapter->instance_name, to);
    copy_settings(adapter, driver, to);
}

void
settings_for_protocol(struct adapter *adapter, struct driver *driver, struct undis_port *top)
{
    WCHAR to[KEY_UNITS];
    ULONG length = 0;

    key_of_instance(driver, &adapter->instance_name, to);
    copy_settings(adapter, driver, to);
    if (!top)
        return;
    while (top->device_name[length])
        length++;
    registry_set(adapter->machine, to, L"Port", REG_SZ, top->device_name,
        (length + 1) * (ULONG)sizeof(WCHAR));
}

void
settings_for_instance(struct adapter *adapter, struct undis_driver *driver)
{
    LIST_ENTRY *stacks = &machine_host(adapter->machine)->stacks;
    WCHAR to[KEY_UNITS];

    for (LIST_ENTRY *e = stacks->Flink; e != stacks; e = e->Flink) {
        struct undis_stack *stack = CONTAINING_RECORD(e, struct undis_stack, link);
        const UNICODE_STRING *name = &stack->adapter->device_name;

        if (stack->miniport != driver || !stack->adapter->instance_driver ||
            (stack->below && stack->below != adapter))
            continue;
        stack->below = adapter;
        key_of_instance((struct driver *)driver, &adapter->instance_name, to);
        registry_set(adapter->machine, to, L"UpperBindings", REG_SZ, name->Buffer,
            name->Length + sizeof(WCHAR));
        return;
    }
}
