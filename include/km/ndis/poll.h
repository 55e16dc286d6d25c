/* SPDX-License-Identifier: MIT */
/*
 * Polling (NDIS 6.85): NDIS calls a miniport's poll function until it has nothing more to do.
 */
#ifndef UNDIS_NDIS_POLL_H
#define UNDIS_NDIS_POLL_H

#include <ndis/common.h>

EXTERN_C_START

typedef struct NDIS_POLL_HANDLE__ *NDIS_POLL_HANDLE;

#define NDIS_ANY_NUMBER_OF_NBLS 0xFFFFFFFF

typedef struct _NDIS_POLL_TRANSMIT_DATA {
    ULONG MaxNblsToComplete;
    ULONG Reserved1[3];
    PNET_BUFFER_LIST CompletedNblChain;
    ULONG NumberOfCompletedNbls;
    ULONG NumberOfRemainingNbls;
    ULONG SendCompleteFlags;
    ULONG Reserved2;
    PVOID Reserved3[4];
} NDIS_POLL_TRANSMIT_DATA;

typedef struct _NDIS_POLL_RECEIVE_DATA {
    ULONG MaxNblsToIndicate;
    ULONG Reserved1[3];
    PNET_BUFFER_LIST IndicatedNblChain;
    ULONG NumberOfIndicatedNbls;
    ULONG NumberOfRemainingNbls;
    ULONG Flags;
    ULONG Reserved2;
    PVOID Reserved3[4];
} NDIS_POLL_RECEIVE_DATA;

typedef struct _NDIS_POLL_DATA {
    NDIS_OBJECT_HEADER Header;
    NDIS_POLL_TRANSMIT_DATA Transmit;
    NDIS_POLL_RECEIVE_DATA Receive;
} NDIS_POLL_DATA;

#define NDIS_POLL_DATA_REVISION_1 1
#define NDIS_SIZEOF_NDIS_POLL_DATA_REVISION_1 RTL_SIZEOF_THROUGH_FIELD(NDIS_POLL_DATA, Receive)

typedef struct _NDIS_POLL_NOTIFICATION {
    NDIS_OBJECT_HEADER Header;
    BOOLEAN Enabled;
} NDIS_POLL_NOTIFICATION;

#define NDIS_POLL_NOTIFICATION_REVISION_1 1
#define NDIS_SIZEOF_NDIS_POLL_NOTIFICATION_REVISION_1                                              \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_POLL_NOTIFICATION, Enabled)

typedef VOID(NDIS_POLL)(PVOID Context, NDIS_POLL_DATA *PollData);
typedef NDIS_POLL(*NDIS_POLL_HANDLER);
typedef VOID(NDIS_SET_POLL_NOTIFICATION)(PVOID Context, NDIS_POLL_NOTIFICATION *Notification);
typedef NDIS_SET_POLL_NOTIFICATION(*NDIS_SET_POLL_NOTIFICATION_HANDLER);

typedef struct _NDIS_POLL_CHARACTERISTICS {
    NDIS_OBJECT_HEADER Header;
    NDIS_POLL_HANDLER PollHandler;
    NDIS_SET_POLL_NOTIFICATION_HANDLER SetPollNotificationHandler;
} NDIS_POLL_CHARACTERISTICS, *PNDIS_POLL_CHARACTERISTICS;

#define NDIS_POLL_CHARACTERISTICS_REVISION_1 1
#define NDIS_SIZEOF_NDIS_POLL_CHARACTERISTICS_REVISION_1                                           \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_POLL_CHARACTERISTICS, SetPollNotificationHandler)

NDIS_API NDIS_STATUS NdisRegisterPoll(NDIS_HANDLE NdisHandle, PVOID Context,
                                      const NDIS_POLL_CHARACTERISTICS *Characteristics,
                                      NDIS_POLL_HANDLE *PollHandle);
NDIS_API VOID NdisDeregisterPoll(NDIS_POLL_HANDLE PollHandle);
NDIS_API VOID NdisSetPollAffinity(NDIS_POLL_HANDLE PollHandle, const PROCESSOR_NUMBER *PollAffinity);
NDIS_API VOID NdisRequestPoll(NDIS_POLL_HANDLE PollHandle, PVOID Reserved);

EXTERN_C_END

#endif
