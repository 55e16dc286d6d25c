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

#include "ndis/lifecycle/lifecycle.h"
#include "ndis/stack/keys.h"
#include "nt/registry.h"
#include "undis/error.h"
#include "undis/machine.h"
#include "undis/ports/port.h"

#include <errno.h>
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

/* Stacks of instances of @driver; @wanted NULL: one that no other binding has. */
static struct undis_stack *
find_instance(struct adapter *adapter, struct undis_driver *driver, const UNICODE_STRING *wanted)
{
    LIST_ENTRY *stacks = &machine_host(adapter->machine)->stacks;
    UNICODE_STRING name;

    for (LIST_ENTRY *e = stacks->Flink; e != stacks; e = e->Flink) {
        struct undis_stack *stack = CONTAINING_RECORD(e, struct undis_stack, link);

        if (stack->miniport != driver || !stack->adapter->instance_driver)
            continue;
        RtlInitUnicodeString(&name, stack->adapter->friendly_name);
        if (wanted ? RtlEqualUnicodeString(&name, wanted, FALSE)
                   : !stack->below || stack->below == adapter)
            return stack;
    }
    return NULL;
}

/* The next name in @text, of @units, from *@at on; Length 0: the end. */
static UNICODE_STRING
next_name(WCHAR *text, ULONG units, ULONG *at)
{
    ULONG first;

    while (*at < units && (text[*at] == L' ' || text[*at] == L','))
        ++*at;
    first = *at;
    while (*at < units && text[*at] && text[*at] != L' ' && text[*at] != L',')
        ++*at;
    return (UNICODE_STRING){(USHORT)((*at - first) * sizeof(WCHAR)),
        (USHORT)((*at - first) * sizeof(WCHAR)), text + first};
}

static int
no_instance(struct adapter *adapter, struct undis_driver *driver, const UNICODE_STRING *name)
{
    char narrow[64];
    unsigned n = min(name->Length / (unsigned)sizeof(WCHAR), (unsigned)sizeof(narrow) - 1);

    for (unsigned i = 0; i < n; i++)
        narrow[i] = (char)name->Buffer[i];
    narrow[n] = 0;
    return undis_fail(-ENOENT, "%s: UpperBindings of %s: it has no instance called %s that is free",
        adapter->name, undis_driver_name(driver), narrow);
}

/* The names of stacks in @text become the names of their devices. */
static int
list_instances(struct adapter *adapter, struct undis_driver *driver, const WCHAR *key, WCHAR *text,
    ULONG units)
{
    WCHAR list[VALUE_MAX / sizeof(WCHAR)] = {0};
    ULONG at = 0, n = 0;
    UNICODE_STRING name;

    while ((name = next_name(text, units, &at)).Length) {
        struct undis_stack *stack = find_instance(adapter, driver, &name);
        const UNICODE_STRING *device;

        if (!stack || (stack->below && stack->below != adapter))
            return no_instance(adapter, driver, &name);
        device = &stack->adapter->device_name;
        if ((n + 2) * sizeof(WCHAR) + device->Length > sizeof(list))
            return undis_fail(-E2BIG, "%s: UpperBindings of %s: too many instances", adapter->name,
                undis_driver_name(driver));
        stack->below = adapter;
        memcpy(list + n, device->Buffer, device->Length);
        n += device->Length / (ULONG)sizeof(WCHAR) + 1;
    }
    registry_set(adapter->machine, key, L"UpperBindings", REG_MULTI_SZ, list,
        (n + 1) * (ULONG)sizeof(WCHAR));
    return 0;
}

int
settings_for_instance(struct adapter *adapter, struct undis_driver *driver)
{
    WCHAR key[KEY_UNITS], text[VALUE_MAX / sizeof(WCHAR)];
    ULONG type, size = sizeof(text);
    struct undis_stack *stack;

    if (!instance_layered((struct driver *)driver))
        return 0;
    key_of_instance((struct driver *)driver, &adapter->instance_name, key);
    if (NT_SUCCESS(
            registry_get(adapter->machine, key, L"UpperBindings", &type, (UCHAR *)text, &size)) &&
        type == REG_SZ && text[0] && text[0] != L'\\')
        return list_instances(adapter, driver, key, text, size / (ULONG)sizeof(WCHAR));
    stack = find_instance(adapter, driver, NULL);
    if (!stack)
        return 0;
    stack->below = adapter;
    set_text(adapter, key, L"UpperBindings", &stack->adapter->device_name);
    return 0;
}
