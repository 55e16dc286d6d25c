/* SPDX-License-Identifier: MIT */
/* Checks of structures that drivers pass: type, revision and size in the header, and the handlers
 * of characteristics.
 */
#include "verify/check.h"

struct revision {
    UCHAR revision;
    USHORT size;
};

/* A structure: its type, what it is called, and its revisions, zero ends. Where the call implies the
 * type, NDIS_OBJECT_TYPE_DEFAULT will do: samples of Microsoft's register so.
 */
struct structure {
    UCHAR type;
    bool implied;
    const char *name;
    struct revision revisions[4];
};

static const struct structure miniport_characteristics = {
    NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS, true, "NDIS_MINIPORT_DRIVER_CHARACTERISTICS",
    {{NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1,
         NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1},
        {NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2},
        {NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_3,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_3}}};

static const struct structure filter_characteristics = {
    NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS, false, "NDIS_FILTER_DRIVER_CHARACTERISTICS",
    {{NDIS_FILTER_CHARACTERISTICS_REVISION_1, NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_1},
        {NDIS_FILTER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2},
        {NDIS_FILTER_CHARACTERISTICS_REVISION_3,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_3}}};

static const struct structure protocol_characteristics = {
    NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS, true, "NDIS_PROTOCOL_DRIVER_CHARACTERISTICS",
    {{NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_1,
         NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_1},
        {NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2}}};

static const struct structure open_parameters = {NDIS_OBJECT_TYPE_OPEN_PARAMETERS, false,
    "NDIS_OPEN_PARAMETERS",
    {{NDIS_OPEN_PARAMETERS_REVISION_1, NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1}}};

static const struct structure filter_attributes = {NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, false,
    "NDIS_FILTER_ATTRIBUTES",
    {{NDIS_FILTER_ATTRIBUTES_REVISION_1, NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1}}};

static const struct structure registration_attributes = {
    NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES, false,
    "NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES",
    {{NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
         NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        {NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_2}}};

static const struct structure general_attributes = {
    NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES, false,
    "NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES",
    {{NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1,
         NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1},
        {NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2}}};

static const struct structure configuration_object = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, false,
    "NDIS_CONFIGURATION_OBJECT",
    {{NDIS_CONFIGURATION_OBJECT_REVISION_1, NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1}}};

static const struct structure device_attributes = {NDIS_OBJECT_TYPE_DEVICE_OBJECT_ATTRIBUTES, true,
    "NDIS_DEVICE_OBJECT_ATTRIBUTES",
    {{NDIS_DEVICE_OBJECT_ATTRIBUTES_REVISION_1, NDIS_SIZEOF_DEVICE_OBJECT_ATTRIBUTES_REVISION_1}}};

static const struct structure interrupt_characteristics = {NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT,
    false, "NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS",
    {{NDIS_MINIPORT_INTERRUPT_REVISION_1,
        NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1}}};

static const struct structure dma_description = {NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION, false,
    "NDIS_SG_DMA_DESCRIPTION",
    {{NDIS_SG_DMA_DESCRIPTION_REVISION_1, NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1},
        {NDIS_SG_DMA_DESCRIPTION_REVISION_2, NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_2}}};

/* The size of @revision, 0 when it is not known. */
static USHORT
size_of(const struct structure *structure, UCHAR revision)
{
    for (unsigned k = 0; k < RTL_NUMBER_OF(structure->revisions); k++)
        if (structure->revisions[k].size && structure->revisions[k].revision == revision)
            return structure->revisions[k].size;
    return 0;
}

static bool
check_header(struct verify *verify, const struct gate_call *call, unsigned argument,
    const struct structure *structure)
{
    const NDIS_OBJECT_HEADER *header = (const void *)call->args[argument];
    USHORT size = size_of(structure, header->Revision);

    bool right = header->Type == structure->type ||
                 (structure->implied && header->Type == NDIS_OBJECT_TYPE_DEFAULT);

    if (fails(verify, RULE_HEADER_TYPE, !right)) {
        broken(verify, RULE_HEADER_TYPE, call, NULL, NULL, NULL,
            "%s called %s with a %s whose Header.Type is 0x%02X, not 0x%02X", call->driver->name,
            call->import->name, structure->name, header->Type, structure->type);
        return false;
    }
    if (fails(verify, RULE_HEADER_REVISION, size == 0)) {
        broken(verify, RULE_HEADER_REVISION, call, NULL, NULL, NULL,
            "%s called %s with a %s of revision %u, which is not known", call->driver->name,
            call->import->name, structure->name, header->Revision);
        return false;
    }
    if (fails(verify, RULE_HEADER_SIZE, header->Size < size)) {
        broken(verify, RULE_HEADER_SIZE, call, NULL, NULL, NULL,
            "%s called %s with a %s of revision %u and size %u; it has %u bytes at least",
            call->driver->name, call->import->name, structure->name, header->Revision, header->Size,
            size);
        return false;
    }
    return true;
}

static void
check_version(struct verify *verify, const struct gate_call *call, UCHAR major, UCHAR minor)
{
    if (fails(verify, RULE_VERSION, major != 6 || minor > 89))
        broken(verify, RULE_VERSION, call, NULL, NULL, NULL,
            "%s registers for NDIS %u.%u; 6.0 to 6.89 are known", call->driver->name, major, minor);
}

static void
check_handlers(struct verify *verify, const struct gate_call *call, enum rule_name rule, bool all)
{
    if (fails(verify, rule, !all))
        broken(verify, rule, call, NULL, NULL, NULL,
            "%s registers without a handler that is mandatory or goes with another one",
            call->driver->name);
}

static void
register_miniport(struct verify *verify, struct gate_call *call)
{
    const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *c = (const void *)call->args[3];

    if (!check_header(verify, call, 3, &miniport_characteristics))
        return;
    check_version(verify, call, c->MajorNdisVersion, c->MinorNdisVersion);
    check_handlers(verify, call, RULE_HANDLERS_M,
        c->InitializeHandlerEx && c->HaltHandlerEx && c->UnloadHandler && c->PauseHandler &&
            c->RestartHandler && c->OidRequestHandler && c->SendNetBufferListsHandler &&
            c->ReturnNetBufferListsHandler && c->CancelSendHandler &&
            c->DevicePnPEventNotifyHandler && c->CancelOidRequestHandler);
    check_handlers(verify, call, RULE_HANDLERS_SHUTDOWN, c->ShutdownHandlerEx != NULL);
    if (c->Header.Revision >= NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2)
        check_handlers(verify, call, RULE_HANDLERS_DIRECT,
            !c->DirectOidRequestHandler == !c->CancelDirectOidRequestHandler);
    check_handlers(
        verify, call, RULE_HANDLERS_RESET, !c->CheckForHangHandlerEx == !c->ResetHandlerEx);
    if (fails(verify, RULE_HANG_683, c->CheckForHangHandlerEx && c->MinorNdisVersion >= 83))
        broken(verify, RULE_HANG_683, call, NULL, NULL, NULL,
            "%s, a driver of NDIS 6.%u, has handlers of hang and reset", call->driver->name,
            c->MinorNdisVersion);
}

static void
check_string(struct verify *verify, const struct gate_call *call, const char *what,
    const UNICODE_STRING *string)
{
    bool good = string->Buffer && string->Length && string->Length % sizeof(WCHAR) == 0 &&
                string->Length <= string->MaximumLength;

    if (fails(verify, RULE_NAMES_VALID, !good))
        broken(verify, RULE_NAMES_VALID, call, NULL, NULL, NULL,
            "%s registers with a %s of %u bytes (of %u) at %p", call->driver->name, what,
            string->Length, string->MaximumLength, (const void *)string->Buffer);
}

static void
check_reserved(
    struct verify *verify, const struct gate_call *call, const char *what, ULONG flags, ULONG known)
{
    if (fails(verify, RULE_RESERVED, (flags & ~known) != 0))
        broken(verify, RULE_RESERVED, call, NULL, NULL, NULL,
            "%s registers with Flags 0x%08X in its %s; 0x%08X are reserved", call->driver->name,
            flags, what, flags & ~known);
}

static void
register_filter(struct verify *verify, struct gate_call *call)
{
    const NDIS_FILTER_DRIVER_CHARACTERISTICS *c = (const void *)call->args[2];

    if (!check_header(verify, call, 2, &filter_characteristics))
        return;
    check_version(verify, call, c->MajorNdisVersion, c->MinorNdisVersion);
    check_handlers(verify, call, RULE_HANDLERS_F,
        c->AttachHandler && c->DetachHandler && c->RestartHandler && c->PauseHandler &&
            (!c->SendNetBufferListsHandler || c->SendNetBufferListsCompleteHandler));
    check_handlers(
        verify, call, RULE_HANDLERS_OID, !c->OidRequestHandler == !c->OidRequestCompleteHandler);
    if (c->Header.Revision >= NDIS_FILTER_CHARACTERISTICS_REVISION_2)
        check_handlers(verify, call, RULE_HANDLERS_OID,
            !c->DirectOidRequestHandler == !c->DirectOidRequestCompleteHandler);
    check_handlers(verify, call, RULE_HANDLERS_STATUS,
        c->StatusHandler || (!c->ReceiveNetBufferListsHandler && !c->ReturnNetBufferListsHandler));
    check_reserved(verify, call, filter_characteristics.name, c->Flags, 0xF);
    check_string(verify, call, "FriendlyName", &c->FriendlyName);
    check_string(verify, call, "UniqueName", &c->UniqueName);
    check_string(verify, call, "ServiceName", &c->ServiceName);
}

static void
register_protocol(struct verify *verify, struct gate_call *call)
{
    const NDIS_PROTOCOL_DRIVER_CHARACTERISTICS *c = (const void *)call->args[1];

    if (!check_header(verify, call, 1, &protocol_characteristics))
        return;
    check_version(verify, call, c->MajorNdisVersion, c->MinorNdisVersion);
    check_reserved(verify, call, protocol_characteristics.name, c->Flags, 0xF);
    check_handlers(verify, call, RULE_HANDLERS_P,
        c->BindAdapterHandlerEx && c->UnbindAdapterHandlerEx && c->OpenAdapterCompleteHandlerEx &&
            c->CloseAdapterCompleteHandlerEx && c->NetPnPEventHandler &&
            c->OidRequestCompleteHandler && c->ReceiveNetBufferListsHandler &&
            c->SendNetBufferListsCompleteHandler && c->StatusHandlerEx);
}

static void
open_adapter(struct verify *verify, struct gate_call *call)
{
    check_header(verify, call, 2, &open_parameters);
}

static void
set_filter_attributes(struct verify *verify, struct gate_call *call)
{
    check_header(verify, call, 2, &filter_attributes);
}

/* The type says which attributes they are; only two kinds are told apart here. */
static void
set_miniport_attributes(struct verify *verify, struct gate_call *call)
{
    const NDIS_OBJECT_HEADER *header = (const void *)call->args[1];

    if (header->Type == registration_attributes.type)
        check_header(verify, call, 1, &registration_attributes);
    else if (header->Type == general_attributes.type)
        check_header(verify, call, 1, &general_attributes);
}

static void
open_configuration(struct verify *verify, struct gate_call *call)
{
    check_header(verify, call, 0, &configuration_object);
}

static void
register_device(struct verify *verify, struct gate_call *call)
{
    check_header(verify, call, 1, &device_attributes);
}

static void
register_interrupt(struct verify *verify, struct gate_call *call)
{
    check_header(verify, call, 2, &interrupt_characteristics);
}

static void
register_dma(struct verify *verify, struct gate_call *call)
{
    check_header(verify, call, 1, &dma_description);
}

const struct check header_imports[] = {
    {"NdisMRegisterMiniportDriver", register_miniport, NULL},
    {"NdisFRegisterFilterDriver", register_filter, NULL},
    {"NdisRegisterProtocolDriver", register_protocol, NULL},
    {"NdisOpenAdapterEx", open_adapter, NULL},
    {"NdisFSetAttributes", set_filter_attributes, NULL},
    {"NdisMSetMiniportAttributes", set_miniport_attributes, NULL},
    {"NdisOpenConfigurationEx", open_configuration, NULL},
    {"NdisRegisterDeviceEx", register_device, NULL},
    {"NdisMRegisterInterruptEx", register_interrupt, NULL},
    {"NdisMRegisterScatterGatherDma", register_dma, NULL},
    {NULL, NULL, NULL},
};
