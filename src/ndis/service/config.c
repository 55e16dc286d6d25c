/* SPDX-License-Identifier: MIT */
/* Configuration: what drivers read of, and write to, their registry keys.
 *
 * A configuration handle is a key's path and the memory given out through it, which lives until
 * the handle is closed. Whoever opened it closes it. Calls with one handle do not overlap.
 */
#include "ndis/stack/keys.h"
#include "nt/registry.h"
#include <string.h>

#define VALUE_NAME_UNITS 256
#define PROCESSOR_AMD64  4
#define ENVIRONMENT_NT   1
#define NDIS_VERSION_ALL 0x00060059

struct value {
    struct value *next;
    NDIS_CONFIGURATION_PARAMETER parameter;
    UCHAR data[];
};

struct configuration {
    struct value *values;
    WCHAR key[KEY_UNITS];
};

static struct configuration *
configuration_from_handle(NDIS_HANDLE handle, const char *caller)
{
    if (!object_of(machine_self(), handle, OBJECT_CONFIGURATION))
        gate_bug_check("mm-use-after-free",
            "%s was given %p, which is no open configuration handle", caller, handle);
    return handle;
}

static struct configuration *
configuration_create(void)
{
    return object_create(machine_self(), OBJECT_CONFIGURATION, sizeof(struct configuration));
}

/* The key that belongs to a handle of NDIS; false when it is none. */
static bool
find_key(NDIS_HANDLE handle, WCHAR *key)
{
    struct undis *machine = machine_self();
    struct driver *driver = block_self->driver;
    const NDIS_BIND_PARAMETERS *bind = handle;

    if (object_of(machine, handle, OBJECT_ADAPTER)) {
        key_of_adapter(((struct module *)handle)->adapter, key);
    } else if (object_of(machine, handle, OBJECT_FILTER) ||
               object_of(machine, handle, OBJECT_BINDING)) {
        key_of_module(handle, key);
    } else if (object_of(machine, handle, OBJECT_MINIPORT_DRIVER) ||
               object_of(machine, handle, OBJECT_FILTER_DRIVER) ||
               object_of(machine, handle, OBJECT_PROTOCOL_DRIVER)) {
        key_of_driver(((struct ndis_driver *)handle)->driver, key);
    } else if (bind && driver && bind->Header.Type == NDIS_OBJECT_TYPE_BIND_PARAMETERS &&
               bind->AdapterName) {
        key_of_instance(driver, bind->AdapterName, key);
    } else {
        return false;
    }
    return true;
}

/*
 * NdisOpenConfigurationEx - opens the configuration of what a handle stands for
 *
 * @ConfigObject:        revision 1; NdisHandle names a driver, an adapter, a filter module, a
 *                       binding, or is a pointer to NDIS_BIND_PARAMETERS.
 * @ConfigurationHandle: the configuration.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is the caller's until NdisCloseConfiguration.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short, NDIS_STATUS_FAILURE for another handle.
 * Source:    NF:ndis.NdisOpenConfigurationEx
 */
NDIS_STATUS
NdisOpenConfigurationEx(PNDIS_CONFIGURATION_OBJECT ConfigObject, PNDIS_HANDLE ConfigurationHandle)
{
    struct configuration *configuration;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    *ConfigurationHandle = NULL;
    if (ConfigObject->Header.Type != NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT)
        return NDIS_STATUS_FAILURE;
    configuration = configuration_create();
    if (!configuration)
        return NDIS_STATUS_RESOURCES;
    if (!find_key(ConfigObject->NdisHandle, configuration->key)) {
        object_destroy(configuration);
        return NDIS_STATUS_FAILURE;
    }
    *ConfigurationHandle = configuration;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisOpenConfiguration - opens the configuration of the adapter that is being initialized
 *
 * @Status:                      NDIS_STATUS_SUCCESS, or why not.
 * @ConfigurationHandle:         the configuration.
 * @WrapperConfigurationContext: as given to MiniportInitialize.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is the caller's until NdisCloseConfiguration.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short, NDIS_STATUS_FAILURE for another handle.
 * Source:    NF:ndis.NdisOpenConfiguration
 */
VOID
NdisOpenConfiguration(
    PNDIS_STATUS Status, PNDIS_HANDLE ConfigurationHandle, NDIS_HANDLE WrapperConfigurationContext)
{
    NDIS_CONFIGURATION_OBJECT object = {.NdisHandle = WrapperConfigurationContext};

    gate_require_irql(PASSIVE_LEVEL, __func__);
    object.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT,
        NDIS_CONFIGURATION_OBJECT_REVISION_1, NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1};
    *Status = NdisOpenConfigurationEx(&object, ConfigurationHandle);
}

/*
 * NdisOpenProtocolConfiguration - opens what a protocol of NDIS 5 has configured for an adapter
 *
 * @Status:              NDIS_STATUS_SUCCESS, or why not.
 * @ConfigurationHandle: the configuration.
 * @ProtocolSection:     SystemSpecific1 of ProtocolBindAdapter; the path of a key.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is the caller's until NdisCloseConfiguration.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short, NDIS_STATUS_FAILURE for a path that is
 *            none. A key that is not there is one without values.
 * Source:    NF:ndis.NdisOpenProtocolConfiguration
 */
VOID
NdisOpenProtocolConfiguration(
    PNDIS_STATUS Status, PNDIS_HANDLE ConfigurationHandle, PNDIS_STRING ProtocolSection)
{
    size_t length = ProtocolSection->Length / sizeof(WCHAR);
    struct configuration *configuration;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    *ConfigurationHandle = NULL;
    *Status = NDIS_STATUS_FAILURE;
    if (length == 0 || length >= KEY_UNITS)
        return;
    *Status = NDIS_STATUS_RESOURCES;
    configuration = configuration_create();
    if (!configuration)
        return;
    memcpy(configuration->key, ProtocolSection->Buffer, length * sizeof(WCHAR));
    configuration->key[length] = 0;
    *ConfigurationHandle = configuration;
    *Status = NDIS_STATUS_SUCCESS;
}

/*
 * NdisCloseConfiguration - closes a configuration handle
 *
 * @ConfigurationHandle: from any of the calls that open one.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the handle and all parameters read through it.
 * Errors:    none; what is no open handle is a bug check (rule mm-use-after-free).
 * Source:    NF:ndis.NdisCloseConfiguration
 */
VOID
NdisCloseConfiguration(NDIS_HANDLE ConfigurationHandle)
{
    struct configuration *configuration = configuration_from_handle(ConfigurationHandle, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    while (configuration->values) {
        struct value *value = configuration->values;

        configuration->values = value->next;
        object_destroy(value);
    }
    object_destroy(configuration);
}

static bool
copy_name(PNDIS_STRING keyword, WCHAR *name)
{
    size_t length = keyword->Length / sizeof(WCHAR);

    if (length >= VALUE_NAME_UNITS)
        return false;
    memcpy(name, keyword->Buffer, length * sizeof(WCHAR));
    name[length] = 0;
    return true;
}

/* Room for a value of @size bytes and a terminator, owned by the handle. */
static struct value *
value_create(struct configuration *configuration, ULONG size)
{
    struct value *value = object_create(
        machine_self(), OBJECT_CONFIGURATION_VALUE, sizeof(*value) + size + 2 * sizeof(WCHAR));

    if (!value)
        return NULL;
    value->next = configuration->values;
    configuration->values = value;
    return value;
}

/* Names that every configuration has. */
static bool
predefined(const UNICODE_STRING *keyword, ULONG *data)
{
    static const struct {
        UNICODE_STRING name;
        ULONG data;
    } names[] = {
        {RTL_CONSTANT_STRING(L"Environment"), ENVIRONMENT_NT},
        {RTL_CONSTANT_STRING(L"ProcessorType"), PROCESSOR_AMD64},
        {RTL_CONSTANT_STRING(L"NdisVersion"), NDIS_VERSION_ALL},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (RtlEqualUnicodeString((PUNICODE_STRING)(uintptr_t)&names[i].name,
                (PUNICODE_STRING)(uintptr_t)keyword, TRUE)) {
            *data = names[i].data;
            return true;
        }
    }
    return false;
}

/* The registry's form of a value into the one of NDIS; text becomes a number where one is asked
 * for, as values from INF files are all text. */
static NDIS_STATUS
convert(struct value *value, ULONG type, ULONG size, NDIS_PARAMETER_TYPE wanted)
{
    NDIS_CONFIGURATION_PARAMETER *p = &value->parameter;
    bool number = wanted == NdisParameterInteger || wanted == NdisParameterHexInteger;
    UNICODE_STRING text = {(USHORT)size, (USHORT)size, (PWSTR)(void *)value->data};

    if (type == REG_DWORD) {
        p->ParameterType = number ? wanted : NdisParameterInteger;
        memcpy(&p->ParameterData.IntegerData, value->data, sizeof(ULONG));
        return size == sizeof(ULONG) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE;
    }
    if (size > UINT16_MAX)
        return NDIS_STATUS_FAILURE;
    if (type == REG_BINARY) {
        p->ParameterType = NdisParameterBinary;
        p->ParameterData.BinaryData.Length = (USHORT)size;
        p->ParameterData.BinaryData.Buffer = value->data;
        return NDIS_STATUS_SUCCESS;
    }
    if (type != REG_SZ && type != REG_EXPAND_SZ && type != REG_MULTI_SZ)
        return NDIS_STATUS_FAILURE;
    if (type != REG_MULTI_SZ && size >= sizeof(WCHAR) && !text.Buffer[size / sizeof(WCHAR) - 1])
        text.Length -= sizeof(WCHAR);
    if (number && type == REG_SZ) {
        p->ParameterType = wanted;
        return NT_SUCCESS(RtlUnicodeStringToInteger(&text,
                   wanted == NdisParameterHexInteger ? 16 : 10, &p->ParameterData.IntegerData))
                   ? NDIS_STATUS_SUCCESS
                   : NDIS_STATUS_FAILURE;
    }
    p->ParameterType = type == REG_MULTI_SZ ? NdisParameterMultiString : NdisParameterString;
    p->ParameterData.StringData = text;
    return NDIS_STATUS_SUCCESS;
}

/* Reads a value of the key; *@type is the registry's. */
static NDIS_STATUS
fetch(struct configuration *configuration, const WCHAR *name, struct value **value, ULONG *type,
    ULONG *size)
{
    struct undis *machine = machine_self();
    NTSTATUS status;

    *size = 0;
    status = registry_get(machine, configuration->key, name, type, NULL, size);
    if (!NT_SUCCESS(status) && status != STATUS_BUFFER_TOO_SMALL)
        return NDIS_STATUS_FAILURE;
    *value = value_create(configuration, *size);
    if (!*value)
        return NDIS_STATUS_RESOURCES;
    status = registry_get(machine, configuration->key, name, type, (*value)->data, size);
    return NT_SUCCESS(status) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE;
}

/*
 * NdisReadConfiguration - reads a value of a configuration
 *
 * @Status:              of the call.
 * @ParameterValue:      the value.
 * @ConfigurationHandle: open.
 * @Keyword:             the value's name, or one of Environment, ProcessorType, NdisVersion.
 * @ParameterType:       NdisParameterInteger and NdisParameterHexInteger turn text into a number,
 *                       decimal and hexadecimal; the other kinds come as they are stored.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the value is lent until the handle is closed.
 * Errors:    NDIS_STATUS_FAILURE when there is none, or it is no number where one is asked for,
 *            NDIS_STATUS_RESOURCES when memory is short.
 * Source:    NF:ndis.NdisReadConfiguration
 */
VOID
NdisReadConfiguration(PNDIS_STATUS Status, PNDIS_CONFIGURATION_PARAMETER *ParameterValue,
    NDIS_HANDLE ConfigurationHandle, PNDIS_STRING Keyword, NDIS_PARAMETER_TYPE ParameterType)
{
    struct configuration *configuration = configuration_from_handle(ConfigurationHandle, __func__);
    WCHAR name[VALUE_NAME_UNITS];
    struct value *value = NULL;
    ULONG type = REG_NONE, size = 0, number;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    *ParameterValue = NULL;
    if (predefined(Keyword, &number)) {
        value = value_create(configuration, 0);
        *Status = value ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;
        if (value)
            value->parameter = (NDIS_CONFIGURATION_PARAMETER){
                .ParameterType = NdisParameterInteger, .ParameterData.IntegerData = number};
    } else if (!copy_name(Keyword, name)) {
        *Status = NDIS_STATUS_FAILURE;
    } else {
        *Status = fetch(configuration, name, &value, &type, &size);
        if (*Status == NDIS_STATUS_SUCCESS)
            *Status = convert(value, type, size, ParameterType);
    }
    if (*Status == NDIS_STATUS_SUCCESS)
        *ParameterValue = &value->parameter;
}

static NTSTATUS
write_text(
    struct configuration *configuration, const WCHAR *name, ULONG type, const UNICODE_STRING *text)
{
    WCHAR *copy = machine_alloc(machine_self(), text->Length + sizeof(WCHAR));
    NTSTATUS status;

    if (!copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(copy, text->Buffer, text->Length);
    status = registry_set(machine_self(), configuration->key, name, type, copy,
        text->Length + (type == REG_SZ ? sizeof(WCHAR) : 0));
    machine_free(machine_self(), copy);
    return status;
}

static NTSTATUS
write_value(
    struct configuration *configuration, const WCHAR *name, const NDIS_CONFIGURATION_PARAMETER *p)
{
    switch (p->ParameterType) {
    case NdisParameterInteger:
    case NdisParameterHexInteger:
        return registry_set(machine_self(), configuration->key, name, REG_DWORD,
            &p->ParameterData.IntegerData, sizeof(ULONG));
    case NdisParameterString:
        return write_text(configuration, name, REG_SZ, &p->ParameterData.StringData);
    case NdisParameterMultiString:
        return write_text(configuration, name, REG_MULTI_SZ, &p->ParameterData.StringData);
    case NdisParameterBinary:
        return registry_set(machine_self(), configuration->key, name, REG_BINARY,
            p->ParameterData.BinaryData.Buffer, p->ParameterData.BinaryData.Length);
    }
    return STATUS_NOT_SUPPORTED;
}

/*
 * NdisWriteConfiguration - writes a value of a configuration
 *
 * @Status:              of the call.
 * @ConfigurationHandle: open.
 * @Keyword:             the value's name.
 * @ParameterValue:      the value.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves; the value is copied.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED for another kind of value, NDIS_STATUS_RESOURCES when
 *            memory is short, else NDIS_STATUS_FAILURE.
 * Source:    NF:ndis.NdisWriteConfiguration
 */
VOID
NdisWriteConfiguration(PNDIS_STATUS Status, NDIS_HANDLE ConfigurationHandle, PNDIS_STRING Keyword,
    PNDIS_CONFIGURATION_PARAMETER ParameterValue)
{
    struct configuration *configuration = configuration_from_handle(ConfigurationHandle, __func__);
    WCHAR name[VALUE_NAME_UNITS];
    NTSTATUS status;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    status = copy_name(Keyword, name) ? write_value(configuration, name, ParameterValue)
                                      : STATUS_OBJECT_NAME_INVALID;
    if (NT_SUCCESS(status))
        *Status = NDIS_STATUS_SUCCESS;
    else if (status == STATUS_NOT_SUPPORTED)
        *Status = NDIS_STATUS_NOT_SUPPORTED;
    else if (status == STATUS_INSUFFICIENT_RESOURCES || status == STATUS_NO_MEMORY)
        *Status = NDIS_STATUS_RESOURCES;
    else
        *Status = NDIS_STATUS_FAILURE;
}

/* Opens the subkey with that name when it is there. */
static NDIS_STATUS
open_subkey(struct configuration *parent, const WCHAR *name, size_t length, NDIS_HANDLE *handle)
{
    struct configuration *child = configuration_create();
    WCHAR value[VALUE_NAME_UNITS];
    NTSTATUS status;

    if (!child)
        return NDIS_STATUS_FAILURE;
    memcpy(child->key, parent->key, sizeof(child->key));
    key_append(child->key, name, length);
    status = registry_value_name(machine_self(), child->key, 0, value, VALUE_NAME_UNITS);
    if (!NT_SUCCESS(status) && status != STATUS_NO_MORE_ENTRIES) {
        object_destroy(child);
        return NDIS_STATUS_FAILURE;
    }
    *handle = child;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisOpenConfigurationKeyByName - opens a subkey of a configuration
 *
 * @Status:              of the call.
 * @ConfigurationHandle: open.
 * @SubKeyName:          its name.
 * @SubKeyHandle:        the subkey.
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: the handle is the caller's until NdisCloseConfiguration.
 * Errors:    NDIS_STATUS_FAILURE when there is none or memory is short.
 * Source:    NF:ndis.NdisOpenConfigurationKeyByName
 */
VOID
NdisOpenConfigurationKeyByName(PNDIS_STATUS Status, NDIS_HANDLE ConfigurationHandle,
    PNDIS_STRING SubKeyName, PNDIS_HANDLE SubKeyHandle)
{
    gate_require_irql(APC_LEVEL, __func__);
    *SubKeyHandle = NULL;
    *Status = open_subkey(configuration_from_handle(ConfigurationHandle, __func__),
        SubKeyName->Buffer, SubKeyName->Length / sizeof(WCHAR), SubKeyHandle);
}

/*
 * NdisOpenConfigurationKeyByIndex - opens subkey number @Index of a configuration
 *
 * @Status:              of the call.
 * @ConfigurationHandle: open.
 * @Index:               from 0.
 * @KeyName:             gets the subkey's name; its buffer lives as long as @KeyHandle.
 * @KeyHandle:           the subkey.
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: the handle is the caller's until NdisCloseConfiguration.
 * Errors:    NDIS_STATUS_FAILURE when there are not that many or memory is short.
 * Source:    NF:ndis.NdisOpenConfigurationKeyByIndex
 */
VOID
NdisOpenConfigurationKeyByIndex(PNDIS_STATUS Status, NDIS_HANDLE ConfigurationHandle, ULONG Index,
    PNDIS_STRING KeyName, PNDIS_HANDLE KeyHandle)
{
    struct configuration *configuration = configuration_from_handle(ConfigurationHandle, __func__);
    WCHAR name[VALUE_NAME_UNITS];
    UNICODE_STRING text;
    struct value *value;

    gate_require_irql(APC_LEVEL, __func__);
    *KeyHandle = NULL;
    *Status = NDIS_STATUS_FAILURE;
    if (!NT_SUCCESS(
            registry_key_name(machine_self(), configuration->key, Index, name, VALUE_NAME_UNITS)))
        return;
    RtlInitUnicodeString(&text, name);
    *Status = open_subkey(configuration, name, text.Length / sizeof(WCHAR), KeyHandle);
    if (*Status != NDIS_STATUS_SUCCESS)
        return;
    value = value_create(*KeyHandle, text.Length);
    if (!value) {
        NdisCloseConfiguration(*KeyHandle);
        *KeyHandle = NULL;
        *Status = NDIS_STATUS_FAILURE;
        return;
    }
    memcpy(value->data, name, text.Length);
    *KeyName = (UNICODE_STRING){text.Length, text.Length, (PWSTR)(void *)value->data};
}

static int
digit(WCHAR unit)
{
    if (unit >= '0' && unit <= '9')
        return unit - '0';
    if ((unit | 0x20) >= 'a' && (unit | 0x20) <= 'f')
        return (unit | 0x20) - 'a' + 10;
    return -1;
}

/* Pairs of hexadecimal digits, in place; answers how many bytes they make. */
static UINT
parse_address(UCHAR *data, size_t units)
{
    const WCHAR *text = (const WCHAR *)(void *)data;
    UINT count = 0;
    int high = -1;

    for (size_t i = 0; i < units && text[i]; i++) {
        int value = digit(text[i]);

        if (value < 0) {
            if (text[i] == '-' || text[i] == ':')
                continue;
            break;
        }
        if (high < 0) {
            high = value;
            continue;
        }
        data[count++] = (UCHAR)(high << 4 | value);
        high = -1;
    }
    return count;
}

/*
 * NdisReadNetworkAddress - the address of an adapter that its configuration names in place of its
 *     own
 *
 * @Status:               of the call.
 * @NetworkAddress:       the address.
 * @NetworkAddressLength: bytes.
 * @ConfigurationHandle:  of the adapter.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the address is lent until the handle is closed.
 * Errors:    NDIS_STATUS_FAILURE when there is none, or it is no text.
 * Source:    NF:ndis.NdisReadNetworkAddress
 */
VOID
NdisReadNetworkAddress(PNDIS_STATUS Status, PVOID *NetworkAddress, PUINT NetworkAddressLength,
    NDIS_HANDLE ConfigurationHandle)
{
    struct configuration *configuration = configuration_from_handle(ConfigurationHandle, __func__);
    struct value *value = NULL;
    ULONG type = REG_NONE, size = 0;
    UINT length;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    *NetworkAddressLength = 0;
    *Status = NDIS_STATUS_FAILURE;
    if (fetch(configuration, L"NetworkAddress", &value, &type, &size) != NDIS_STATUS_SUCCESS ||
        type != REG_SZ)
        return;
    length = parse_address(value->data, size / sizeof(WCHAR));
    if (length == 0)
        return;
    *NetworkAddress = value->data;
    *NetworkAddressLength = length;
    *Status = NDIS_STATUS_SUCCESS;
}
