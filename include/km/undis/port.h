/* SPDX-License-Identifier: MIT */
/* A port as a driver sees it: the "hardware" under portnic, the far side over frames.
 *
 * Obtained with IRP_MJ_PNP / IRP_MN_QUERY_INTERFACE (GUID_UNDIS_PORT_INTERFACE, Size
 * sizeof(UNDIS_PORT_INTERFACE), Version 1) from the adapter's PDO (bottom port), or from the
 * device named by the protocol's configuration keyword "Port", \Device\UndisPortN, through
 * IoGetDeviceObjectPointer (top port).
 */
#pragma once

#include <initguid.h>
#include <wdm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* {6A1F0C0E-5B0B-4B55-9E3C-7561D0B6A001} */
DEFINE_GUID(GUID_UNDIS_PORT_INTERFACE, 0x6a1f0c0e, 0x5b0b, 0x4b55, 0x9e, 0x3c, 0x75, 0x61, 0xd0,
    0xb6, 0xa0, 0x01);

#define UNDIS_PORT_INTERFACE_VERSION 1
#define UNDIS_PORT_BATCH             32 /* frames in one call of UNDIS_PORT_RECEIVED, at most */

/* A frame to transmit: @Length bytes from @Offset in the MDL chain @Mdl. */
typedef struct _UNDIS_PORT_TRANSMIT {
    PMDL Mdl;
    ULONG Offset;
    ULONG Length;
} UNDIS_PORT_TRANSMIT, *PUNDIS_PORT_TRANSMIT;

/* A received frame, contiguous, valid until the callback returns. */
typedef struct _UNDIS_PORT_RECEIVE {
    const UCHAR *Data;
    ULONG Length;   /* bytes, no FCS */
    ULONGLONG Time; /* 100 ns since 1601, 0 when not known */
} UNDIS_PORT_RECEIVE, *PUNDIS_PORT_RECEIVE;

typedef struct _UNDIS_PORT_ATTRIBUTES {
    UCHAR Address[6]; /* suggested current address of a NIC on this port */
    BOOLEAN HasAddress;
    BOOLEAN Ethernet; /* FALSE: raw IP */
    BOOLEAN LinkUp;
    ULONG Mtu;           /* payload bytes, without the Ethernet header */
    ULONGLONG LinkSpeed; /* bit/s */
} UNDIS_PORT_ATTRIBUTES, *PUNDIS_PORT_ATTRIBUTES;

/* All at DISPATCH_LEVEL, one at a time per port. */
typedef VOID UNDIS_PORT_RECEIVED(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count);
/* A Transmit that took fewer than offered may be tried again. */
typedef VOID UNDIS_PORT_READY(PVOID Context);
typedef VOID UNDIS_PORT_LINK(PVOID Context, BOOLEAN Up, ULONGLONG LinkSpeed);

typedef struct _UNDIS_PORT_INTERFACE {
    USHORT Size;
    USHORT Version;
    PVOID Context;
    PINTERFACE_REFERENCE InterfaceReference;
    PINTERFACE_DEREFERENCE InterfaceDereference;
    /* PASSIVE_LEVEL. Callbacks start; STATUS_SHARING_VIOLATION when already open. */
    NTSTATUS(*Open)
    (PVOID Context, UNDIS_PORT_RECEIVED *Received, UNDIS_PORT_READY *Ready, UNDIS_PORT_LINK *Link,
        PVOID CallbackContext);
    /* PASSIVE_LEVEL. When it returns no callback runs and none will. */
    VOID (*Close)(PVOID Context);
    /* <= DISPATCH_LEVEL, one at a time. Copies; answers how many of the first frames were taken.
     * Frames that cannot ever be sent (too long) count as taken and are counted as errors. */
    ULONG (*Transmit)(PVOID Context, const UNDIS_PORT_TRANSMIT *Frames, ULONG Count);
    VOID (*QueryAttributes)(PVOID Context, PUNDIS_PORT_ATTRIBUTES Attributes);
    /* <= DISPATCH_LEVEL. While held, Received is not called and frames wait where they are, so a
     * driver that is paused or short of buffers loses none. A call under way goes on. May be said
     * before Open; Close ends a hold. */
    VOID (*Hold)(PVOID Context, BOOLEAN Held);
} UNDIS_PORT_INTERFACE, *PUNDIS_PORT_INTERFACE;

/* Asks @Device for its port. STATUS_SUCCESS: the caller has a reference. PASSIVE_LEVEL. */
NT_INLINE NTSTATUS
UndisPortQueryInterface(PDEVICE_OBJECT Device, PUNDIS_PORT_INTERFACE Interface)
{
    IO_STATUS_BLOCK Answer;
    PIO_STACK_LOCATION Stack;
    NTSTATUS Status;
    KEVENT Event;
    PIRP Irp;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Irp = IoBuildSynchronousFsdRequest(IRP_MJ_PNP, Device, NULL, 0, NULL, &Event, &Answer);
    if (Irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    Stack = IoGetNextIrpStackLocation(Irp);
    Stack->MinorFunction = IRP_MN_QUERY_INTERFACE;
    Stack->Parameters.QueryInterface.InterfaceType = &GUID_UNDIS_PORT_INTERFACE;
    Stack->Parameters.QueryInterface.Size = sizeof(*Interface);
    Stack->Parameters.QueryInterface.Version = UNDIS_PORT_INTERFACE_VERSION;
    Stack->Parameters.QueryInterface.Interface = (PINTERFACE)Interface;
    Stack->Parameters.QueryInterface.InterfaceSpecificData = NULL;
    Status = IoCallDriver(Device, Irp);
    if (Status == STATUS_PENDING) {
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
        Status = Answer.Status;
    }
    return Status;
}

#ifdef __cplusplus
}
#endif
