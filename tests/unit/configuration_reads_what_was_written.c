/* SPDX-License-Identifier: MIT */
/* Configuration values come back as they were written; text becomes a number where one is asked
 * for, and the network address is taken apart. */
#include "ndis/stack/keys.h"
#include "nt.h"
#include "nt/registry.h"
#include <string.h>

static NDIS_HANDLE configuration;

static PNDIS_CONFIGURATION_PARAMETER
read_value(PCWSTR name, NDIS_PARAMETER_TYPE type)
{
    PNDIS_CONFIGURATION_PARAMETER value;
    UNICODE_STRING keyword;
    NDIS_STATUS status;

    NdisInitUnicodeString(&keyword, name);
    NdisReadConfiguration(&status, &value, configuration, &keyword, type);
    CHECK((status == NDIS_STATUS_SUCCESS) == (value != NULL));
    return value;
}

static void
write_value(PCWSTR name, NDIS_CONFIGURATION_PARAMETER value)
{
    UNICODE_STRING keyword;
    NDIS_STATUS status;

    NdisInitUnicodeString(&keyword, name);
    NdisWriteConfiguration(&status, configuration, &keyword, &value);
    CHECK(status == NDIS_STATUS_SUCCESS);
}

static void
check_values(void)
{
    PNDIS_CONFIGURATION_PARAMETER value;
    UCHAR *address, expected[] = {2, 0x1a, 0x2b, 0x3c, 0x4d, 0xff};
    UINT length;
    NDIS_STATUS status;

    write_value(L"Number", (NDIS_CONFIGURATION_PARAMETER){NdisParameterInteger, {77}});
    write_value(L"Text", (NDIS_CONFIGURATION_PARAMETER){
                             NdisParameterString, {.StringData = RTL_CONSTANT_STRING(L"0123")}});
    write_value(L"NetworkAddress", (NDIS_CONFIGURATION_PARAMETER){NdisParameterString,
                                       {.StringData = RTL_CONSTANT_STRING(L"02-1a2b3C4D-fF")}});
    CHECK(read_value(L"NUMBER", NdisParameterInteger)->ParameterData.IntegerData == 77);
    CHECK(read_value(L"Text", NdisParameterInteger)->ParameterData.IntegerData == 123);
    CHECK(read_value(L"Text", NdisParameterHexInteger)->ParameterData.IntegerData == 0x123);
    value = read_value(L"Text", NdisParameterString);
    CHECK(value->ParameterType == NdisParameterString);
    CHECK(value->ParameterData.StringData.Length == 8);
    CHECK(!read_value(L"Nothing", NdisParameterInteger));
    CHECK(read_value(L"NdisVersion", NdisParameterInteger)->ParameterData.IntegerData >= 0x60000);
    NdisReadNetworkAddress(&status, (PVOID *)&address, &length, configuration);
    CHECK(status == NDIS_STATUS_SUCCESS && length == 6 && !memcmp(address, expected, 6));
}

static void
check_subkeys(struct undis *machine, const WCHAR *parent)
{
    WCHAR key[KEY_UNITS];
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"Sub"), none = RTL_CONSTANT_STRING(L"None"), got;
    NDIS_HANDLE sub;
    NDIS_STATUS status;
    ULONG one = 1;

    memcpy(key, parent, sizeof(key));
    key_append(key, L"Sub", 3);
    CHECK(registry_set(machine, key, L"One", REG_DWORD, &one, sizeof(one)) == 0);
    NdisOpenConfigurationKeyByName(&status, configuration, &none, &sub);
    CHECK(status == NDIS_STATUS_FAILURE);
    NdisOpenConfigurationKeyByName(&status, configuration, &name, &sub);
    CHECK(status == NDIS_STATUS_SUCCESS);
    NdisCloseConfiguration(sub);
    NdisOpenConfigurationKeyByIndex(&status, configuration, 0, &got, &sub);
    CHECK(status == NDIS_STATUS_SUCCESS && RtlEqualUnicodeString(&got, &name, FALSE));
    NdisCloseConfiguration(sub);
    NdisOpenConfigurationKeyByIndex(&status, configuration, 1, &got, &sub);
    CHECK(status == NDIS_STATUS_FAILURE);
}

static void
test(void *context)
{
    struct undis *machine = context;
    struct ndis_driver *handle = object_create(machine, OBJECT_FILTER_DRIVER, sizeof(*handle));
    struct driver driver = {.name = "ndistest", .machine = machine};
    NDIS_CONFIGURATION_OBJECT object = {.Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, 1,
                                            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
        .NdisHandle = handle};
    WCHAR key[KEY_UNITS];

    handle->driver = &driver;
    CHECK(NdisOpenConfigurationEx(&object, &configuration) == NDIS_STATUS_SUCCESS);
    check_values();
    key_of_service("ndistest", key);
    check_subkeys(machine, key);
    NdisCloseConfiguration(configuration);
    object_destroy(handle);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
