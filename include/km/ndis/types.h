/* SPDX-License-Identifier: MIT */
/*
 * The types that every part of NDIS shares: handles, status codes, strings, ports, lengths.
 */
#ifndef UNDIS_NDIS_TYPES_H
#define UNDIS_NDIS_TYPES_H

#include <ndis/version.h>
#include <ntddk.h>

#ifndef UNDIS_EXPORT
#include <undis/export.h>
#endif

#ifndef NDIS_API
#define NDIS_API UNDIS_EXPORT
#endif
#ifndef EXPORT
#define EXPORT NDIS_API
#endif

/* The system that a driver is built for: Windows NT, as Windows 9x's WDM or not. */
#define NDIS_NT 1
#ifndef NDIS_WDM
#define NDIS_WDM 0
#endif

typedef PVOID NDIS_HANDLE, *PNDIS_HANDLE;
typedef int NDIS_STATUS, *PNDIS_STATUS;
typedef ULONG NDIS_OID, *PNDIS_OID;
typedef ULONG NDIS_PORT_NUMBER, *PNDIS_PORT_NUMBER;
typedef ULONG NDIS_ERROR_CODE, *PNDIS_ERROR_CODE;
typedef PHYSICAL_ADDRESS NDIS_PHYSICAL_ADDRESS, *PNDIS_PHYSICAL_ADDRESS;
typedef MDL NDIS_BUFFER, *PNDIS_BUFFER;
typedef struct _NDIS_MINIPORT_BLOCK NDIS_MINIPORT_BLOCK, *PNDIS_MINIPORT_BLOCK;
typedef UNICODE_STRING NDIS_STRING, *PNDIS_STRING;
typedef const NDIS_STRING *PCNDIS_STRING;
typedef ANSI_STRING NDIS_ANSI_STRING, *PNDIS_ANSI_STRING;

#define NDIS_DEFAULT_PORT_NUMBER ((NDIS_PORT_NUMBER)0)
#define NDIS_MAXIMUM_PORTS       0x1000000

typedef struct _NDIS_SPIN_LOCK {
    KSPIN_LOCK SpinLock;
    KIRQL OldIrql;
} NDIS_SPIN_LOCK, *PNDIS_SPIN_LOCK;

typedef struct _NDIS_EVENT {
    KEVENT Event;
} NDIS_EVENT, *PNDIS_EVENT;

typedef struct _NDIS_PHYSICAL_ADDRESS_UNIT {
    NDIS_PHYSICAL_ADDRESS PhysicalAddress;
    UINT Length;
} NDIS_PHYSICAL_ADDRESS_UNIT, *PNDIS_PHYSICAL_ADDRESS_UNIT;

typedef struct _REFERENCE {
    KSPIN_LOCK SpinLock;
    USHORT ReferenceCount;
    BOOLEAN Closing;
} REFERENCE, *PREFERENCE;

#endif
