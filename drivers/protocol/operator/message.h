/* SPDX-License-Identifier: MIT */
/* What call managers tell each other, on tag 0 of a line.
 *
 *     caller   SETUP number, From    -->   callee
 *              <--  ACCEPT From, To        takes it: each sends on the other's From
 *              <--  REFUSE To              does not
 *              RELEASE To           <-->   either ends it
 */
#pragma once

#include <ndis.h>

typedef enum _KIND { KindSetup = 1, KindAccept, KindRefuse, KindRelease } KIND;

typedef struct _MESSAGE {
    ULONG Kind;
    ULONG Number;
    ULONG From; /* the tag that its sender listens on for this call */
    ULONG To;   /* the same of its receiver, 0 in SETUP */
} MESSAGE;

/* Where a call goes, in CallMgrSpecific; its two tags, in MediaSpecific. */
typedef struct _DIAL {
    CO_CALL_PARAMETERS Call;
    CO_CALL_MANAGER_PARAMETERS Manager;
    ULONG Number[2];
    CO_MEDIA_PARAMETERS Media;
    ULONG Tags[2];
} DIAL;

static inline VOID
DialInitialize(DIAL *Dial, ULONG Number, ULONG In, ULONG Out)
{
    ULONG Tags[2] = {In, Out};

    NdisZeroMemory(Dial, sizeof(*Dial));
    Dial->Call.CallMgrParameters = &Dial->Manager;
    Dial->Call.MediaParameters = &Dial->Media;
    Dial->Manager.CallMgrSpecific.Length = sizeof(Number);
    NdisMoveMemory(Dial->Manager.CallMgrSpecific.Parameters, &Number, sizeof(Number));
    Dial->Media.Flags = TRANSMIT_VC | RECEIVE_VC;
    Dial->Media.MediaSpecific.Length = sizeof(Tags);
    NdisMoveMemory(Dial->Media.MediaSpecific.Parameters, Tags, sizeof(Tags));
}

/* FALSE: the parameters name no number. */
static inline BOOLEAN
DialNumber(PCO_CALL_PARAMETERS Parameters, ULONG *Number)
{
    if (Parameters == NULL || Parameters->CallMgrParameters == NULL ||
        Parameters->CallMgrParameters->CallMgrSpecific.Length != sizeof(*Number))
        return FALSE;
    NdisMoveMemory(
        Number, Parameters->CallMgrParameters->CallMgrSpecific.Parameters, sizeof(*Number));
    return TRUE;
}

static inline BOOLEAN
DialTags(PCO_CALL_PARAMETERS Parameters, ULONG Tags[2])
{
    if (Parameters == NULL || Parameters->MediaParameters == NULL ||
        Parameters->MediaParameters->MediaSpecific.Length != 2 * sizeof(ULONG))
        return FALSE;
    NdisMoveMemory(Tags, Parameters->MediaParameters->MediaSpecific.Parameters, 2 * sizeof(ULONG));
    return TRUE;
}
