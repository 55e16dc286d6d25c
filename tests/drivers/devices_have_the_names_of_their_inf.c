/* SPDX-License-Identifier: MIT */
/* What Windows writes to the key of a device that is installed by its INF, drivers read: the model
 * and its hardware ID, the section, the provider.
 */
#include "idle.h"
#include "inf.h"

static const char values[] = "HKR, Ndi\\params\\Depth, type, 0, int\n";
static unsigned seen;

static void
has(NDIS_HANDLE configuration, const WCHAR *name, const WCHAR *wanted)
{
    PNDIS_CONFIGURATION_PARAMETER value;
    NDIS_STRING keyword, text;
    NDIS_STATUS status;

    RtlInitUnicodeString(&keyword, name);
    RtlInitUnicodeString(&text, wanted);
    NdisReadConfiguration(&status, &value, configuration, &keyword, NdisParameterString);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&value->ParameterData.StringData, &text, FALSE));
    seen++;
}

static NDIS_STATUS
initialize(NDIS_HANDLE adapter, NDIS_HANDLE context, PNDIS_MINIPORT_INIT_PARAMETERS parameters)
{
    NDIS_CONFIGURATION_OBJECT object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
        .NdisHandle = adapter,
    };
    NDIS_HANDLE configuration;

    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(parameters);
    CHECK_EQ(NdisOpenConfigurationEx(&object, &configuration), NDIS_STATUS_SUCCESS);
    has(configuration, L"DriverDesc", L"A \"device\"");
    has(configuration, L"MatchingDeviceId", L"test");
    has(configuration, L"InfSection", L"Install");
    has(configuration, L"ProviderName", L"undis");
    NdisCloseConfiguration(configuration);
    return NDIS_STATUS_FAILURE; /* that was all */
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    static const struct idle_handlers handlers = {.initialize = initialize};

    return idle_register(object, path, &handlers);
}

int
main(void)
{
    struct undis *machine = test_machine();
    struct undis_stack_config config = {.size = sizeof(config)};
    struct undis_stack *stack;

    inf_put(inf_text("Net", "reader", values));
    CHECK_OK(undis_driver_inf(machine, "reader", inf_path, NULL));
    CHECK_OK(
        undis_driver_add(machine, "reader", (int32_t(*)(void *, void *))entry, &config.miniport));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK(undis_stack_start(stack) < 0);
    CHECK_EQ(seen, 4);
    CHECK_OK(undis_stack_remove(stack));
    test_unload(machine, config.miniport);
    test_machine_end(machine);
    return 0;
}
