/* SPDX-License-Identifier: MIT */
/* owes5: a deserialized miniport of NDIS 5.1 that completes neither packets nor resets nor the
 * request OID_KEPT. */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include <ndis.h>

#define OID_KEPT 0xFF554E01u

DRIVER_INITIALIZE DriverEntry;

static NDIS_STATUS
Initialize(PNDIS_STATUS OpenStatus, PUINT Selected, PNDIS_MEDIUM Media, UINT Count,
    NDIS_HANDLE Handle, NDIS_HANDLE Configuration)
{
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenStatus);
    UNREFERENCED_PARAMETER(Configuration);
    while (i < Count && Media[i] != NdisMedium802_3)
        i++;
    if (i == Count)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    *Selected = i;
    NdisMSetAttributesEx(Handle, Handle, 0, NDIS_ATTRIBUTE_DESERIALIZE, NdisInterfaceInternal);
    return NDIS_STATUS_SUCCESS;
}

static VOID
Halt(NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
}

static NDIS_STATUS
Query(NDIS_HANDLE Context, NDIS_OID Oid, PVOID Buffer, ULONG Length, PULONG Written, PULONG Needed)
{
    static const NDIS_OID Oids[] = {
        OID_GEN_SUPPORTED_LIST, OID_802_3_CURRENT_ADDRESS, OID_802_3_PERMANENT_ADDRESS};
    static const UCHAR Address[6] = {2, 0, 0, 0, 0, 1};
    const VOID *Answer = Oid == OID_GEN_SUPPORTED_LIST ? (const VOID *)Oids : Address;
    ULONG Size = Oid == OID_GEN_SUPPORTED_LIST ? sizeof(Oids) : sizeof(Address);

    UNREFERENCED_PARAMETER(Context);
    *Written = *Needed = 0;
    if (Oid == OID_KEPT)
        return NDIS_STATUS_PENDING;
    if (Answer == Address && Oid != OID_802_3_CURRENT_ADDRESS && Oid != OID_802_3_PERMANENT_ADDRESS)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (Length < Size) {
        *Needed = Size;
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    }
    NdisMoveMemory(Buffer, Answer, Size);
    *Written = Size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Set(NDIS_HANDLE Context, NDIS_OID Oid, PVOID Buffer, ULONG Length, PULONG Read, PULONG Needed)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Oid);
    UNREFERENCED_PARAMETER(Buffer);
    *Read = Length;
    *Needed = 0;
    return NDIS_STATUS_SUCCESS;
}

static VOID
SendPackets(NDIS_HANDLE Context, PPNDIS_PACKET Packets, UINT Count)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Packets);
    UNREFERENCED_PARAMETER(Count);
}

static NDIS_STATUS
Reset(PBOOLEAN AddressingReset, NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
    *AddressingReset = FALSE;
    return NDIS_STATUS_PENDING;
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION,
        .InitializeHandler = Initialize,
        .HaltHandler = Halt,
        .QueryInformationHandler = Query,
        .SetInformationHandler = Set,
        .SendPacketsHandler = SendPackets,
        .ResetHandler = Reset,
    };
    NDIS_HANDLE Wrapper;
    NDIS_STATUS Status;

    NdisMInitializeWrapper(&Wrapper, DriverObject, RegistryPath, NULL);
    Status = NdisMRegisterMiniport(Wrapper, &Characteristics, sizeof(Characteristics));
    if (Status != NDIS_STATUS_SUCCESS)
        NdisTerminateWrapper(Wrapper, NULL);
    return Status;
}
