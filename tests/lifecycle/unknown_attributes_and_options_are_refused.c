/* SPDX-License-Identifier: MIT */
/* Caveats: NdisMSetMiniportAttributes and NdisSetOptionalHandlers answer NDIS_STATUS_NOT_SUPPORTED
 * to structures that undis does not use; what was set before stays, and the adapter starts. A
 * structure of a revision that is not known yet counts as far as it is known.
 */
#include "idle.h"
#include "machine.h"
#include <string.h>

#define MTU 1234u

static unsigned initialized;

static const UCHAR options[] = {NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_CHARACTERISTICS,
    NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS,
    NDIS_OBJECT_TYPE_SHARED_MEMORY_PROVIDER_CHARACTERISTICS,
    NDIS_OBJECT_TYPE_NDK_PROVIDER_CHARACTERISTICS, NDIS_OBJECT_TYPE_MINIPORT_SS_CHARACTERISTICS,
    NDIS_OBJECT_TYPE_SWITCH_OPTIONAL_HANDLERS};

static NDIS_STATUS
set_options(NDIS_HANDLE driver, NDIS_HANDLE context)
{
    UNREFERENCED_PARAMETER(context);
    for (unsigned k = 0; k < RTL_NUMBER_OF(options); k++) {
        struct {
            NDIS_OBJECT_HEADER header;
            PVOID handlers[32];
        } unknown = {{options[k], 1, sizeof(unknown)}, {NULL}};

        CHECK_EQ(NdisSetOptionalHandlers(driver, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&unknown),
            NDIS_STATUS_NOT_SUPPORTED);
    }
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
set(NDIS_HANDLE adapter, PVOID attributes)
{
    return NdisMSetMiniportAttributes(adapter, attributes);
}

static void
set_known(NDIS_HANDLE adapter)
{
    static const NDIS_OID oids[] = {OID_GEN_CURRENT_PACKET_FILTER};
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = &initialized,
        .InterfaceType = NdisInterfaceInternal,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES general = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
        .MediaType = NdisMedium802_3,
        .MtuSize = MTU,
        .MaxXmitLinkSpeed = 1000000000,
        .XmitLinkSpeed = 1000000000,
        .MaxRcvLinkSpeed = 1000000000,
        .RcvLinkSpeed = 1000000000,
        .MediaConnectState = MediaConnectStateConnected,
        .MediaDuplexState = MediaDuplexStateFull,
        .LookaheadSize = MTU,
        .MacAddressLength = 6,
        .PermanentMacAddress = {2, 0, 0, 0, 0, 1},
        .CurrentMacAddress = {2, 0, 0, 0, 0, 1},
        .IfType = IF_TYPE_ETHERNET_CSMACD,
        .SupportedOidList = (PNDIS_OID)oids,
        .SupportedOidListLength = sizeof(oids),
    };

    registration.Header.Revision = 0;
    CHECK_EQ(set(adapter, &registration), NDIS_STATUS_BAD_CHARACTERISTICS);
    /* Drivers in the field write the size here. */
    registration.Header.Revision = (UCHAR)registration.Header.Size;
    registration.Header.Size--;
    CHECK_EQ(set(adapter, &registration), NDIS_STATUS_BAD_CHARACTERISTICS);
    registration.Header.Size++;
    CHECK_EQ(set(adapter, &registration), NDIS_STATUS_SUCCESS);
    registration.Header.Revision = NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1;
    CHECK_EQ(set(adapter, &registration), NDIS_STATUS_SUCCESS);
    CHECK_EQ(set(adapter, &general), NDIS_STATUS_SUCCESS);
}

static void
set_unknown(NDIS_HANDLE adapter)
{
    DOT11_PHY_ATTRIBUTES phy = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, DOT11_PHY_ATTRIBUTES_REVISION_1, sizeof(phy)},
        .PhyType = dot11_phy_type_erp,
        .ERPAttributes = {.bShortPreambleOptionImplemented = TRUE},
    };
    DOT11_EXTSTA_ATTRIBUTES station = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, DOT11_EXTSTA_ATTRIBUTES_REVISION_3, sizeof(station)},
        .bAutoPowerSaveMode = TRUE,
    };
    NDIS_MINIPORT_ADAPTER_NATIVE_802_11_ATTRIBUTES wireless = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_NATIVE_802_11_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_802_11_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_NATIVE_802_11_ATTRIBUTES_REVISION_1},
        .OpModeCapability = DOT11_OPERATION_MODE_EXTENSIBLE_STATION,
        .NumSupportedPhys = 1,
        .SupportedPhyAttributes = &phy,
        .ExtSTAAttributes = &station,
    };
    NDIS_HD_SPLIT_ATTRIBUTES split = {
        .Header = {NDIS_OBJECT_TYPE_HD_SPLIT_ATTRIBUTES, 1, sizeof(split)}};
    NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES assist = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_1},
        .HDSplitAttributes = &split,
    };
    NDIS_MINIPORT_ADAPTER_NDK_ATTRIBUTES ndk = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_NDK_ATTRIBUTES, 1, sizeof(ndk)},
    };

    CHECK_EQ(set(adapter, &wireless), NDIS_STATUS_NOT_SUPPORTED);
    CHECK_EQ(set(adapter, &assist), NDIS_STATUS_NOT_SUPPORTED);
    CHECK_EQ(set(adapter, &ndk), NDIS_STATUS_NOT_SUPPORTED);
}

/* Gone when the call is over: NDIS has its copy. */
static void
set_assist(NDIS_HANDLE adapter)
{
    NDIS_RECEIVE_FILTER_CAPABILITIES filters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_RECEIVE_FILTER_CAPABILITIES_REVISION_1,
            NDIS_SIZEOF_RECEIVE_FILTER_CAPABILITIES_REVISION_1},
        .NumQueues = 7,
    };
    NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES assist = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_2},
        .CurrentReceiveFilterCapabilities = &filters,
    };

    CHECK_EQ(set(adapter, &assist), NDIS_STATUS_SUCCESS);
    memset(&filters, 0xff, sizeof(filters));
}

/* An adapter knows its instance, and its handle is good for a device. */
static void
look_around(NDIS_HANDLE adapter)
{
    static PDRIVER_DISPATCH dispatch[IRP_MJ_MAXIMUM_FUNCTION + 1];
    NDIS_CONFIGURATION_OBJECT object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
        .NdisHandle = adapter,
    };
    NDIS_STRING keyword = NDIS_STRING_CONST("NetCfgInstanceId");
    NDIS_STRING name = NDIS_STRING_CONST("\\Device\\OfAnAdapter");
    NDIS_DEVICE_OBJECT_ATTRIBUTES device = {
        .Header = {NDIS_OBJECT_TYPE_DEVICE_OBJECT_ATTRIBUTES,
            NDIS_DEVICE_OBJECT_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_DEVICE_OBJECT_ATTRIBUTES_REVISION_1},
        .DeviceName = &name,
        .MajorFunctions = dispatch,
    };
    PNDIS_CONFIGURATION_PARAMETER value;
    NDIS_HANDLE configuration, handle;
    PDEVICE_OBJECT made;
    NDIS_STATUS status;

    CHECK_EQ(NdisOpenConfigurationEx(&object, &configuration), NDIS_STATUS_SUCCESS);
    NdisReadConfiguration(&status, &value, configuration, &keyword, NdisParameterString);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK(value->ParameterData.StringData.Buffer[0] == L'{');
    NdisCloseConfiguration(configuration);
    CHECK_EQ(NdisRegisterDeviceEx(adapter, &device, &made, &handle), NDIS_STATUS_SUCCESS);
    NdisDeregisterDeviceEx(handle);
}

static NDIS_STATUS
initialize(NDIS_HANDLE adapter, NDIS_HANDLE context, PNDIS_MINIPORT_INIT_PARAMETERS parameters)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(parameters);
    set_known(adapter);
    set_unknown(adapter);
    set_assist(adapter);
    look_around(adapter);
    initialized++;
    return NDIS_STATUS_SUCCESS;
}

static VOID
halt(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
    UNREFERENCED_PARAMETER(action);
    CHECK(context == &initialized);
    initialized--;
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    static const struct idle_handlers handlers = {
        .set_options = set_options, .initialize = initialize, .halt = halt};

    return idle_register(object, path, &handlers);
}

static void
check_general(struct undis_stack *stack)
{
    uint32_t mtu = 0, length = sizeof(mtu), status = 1;
    uint8_t address[6] = {0};

    CHECK_OK(undis_stack_oid(stack, false, OID_GEN_MAXIMUM_FRAME_SIZE, &mtu, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK_EQ(mtu, MTU);
    length = sizeof(address);
    CHECK_OK(undis_stack_oid(stack, false, OID_802_3_CURRENT_ADDRESS, address, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK(memcmp(address, "\2\0\0\0\0\1", 6) == 0);
}

static void
check_assist(struct undis_stack *stack)
{
    NDIS_RECEIVE_FILTER_CAPABILITIES filters = {0};
    uint32_t length = sizeof(filters), status = 1;

    CHECK_OK(undis_stack_oid(
        stack, false, OID_RECEIVE_FILTER_CURRENT_CAPABILITIES, &filters, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK_EQ(filters.NumQueues, 7);
}

int
main(void)
{
    struct undis *machine = test_machine();
    struct undis_stack_config config = {.size = sizeof(config)};
    struct undis_stack *stack;

    CHECK_OK(
        undis_driver_add(machine, "miniport", (int32_t(*)(void *, void *))entry, &config.miniport));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    CHECK_EQ(initialized, 1);
    check_general(stack);
    check_assist(stack);
    CHECK_OK(undis_stack_remove(stack));
    CHECK_EQ(initialized, 0);
    test_unload(machine, config.miniport);
    test_machine_end(machine);
    return 0;
}
