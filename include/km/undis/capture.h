/* SPDX-License-Identifier: MIT */
/* What \Device\UndisCapture (\\.\UndisCapture) gives: a stream of records, read with ReadFile.
 *
  * A read gives whole records, as many as fit, or 0 bytes when there are none; it never waits.
 * STATUS_BUFFER_TOO_SMALL: not even the first one fits. Records come in the order of the frames.
 * IOCTL_UNDIS_CAPTURE_WAIT waits, after a read of 0 bytes, until there are records again;
 * IOCTL_UNDIS_CAPTURE_WAKE ends that wait, or the next one if none is under way.
 * No frame is left out silently: what found no memory is announced by a record of its own, where
 * it is missing.
 */
#pragma once

#include <wdm.h>

#define UNDIS_CAPTURE_DEVICE L"\\Device\\UndisCapture"
#define UNDIS_CAPTURE_LINK   L"\\DosDevices\\UndisCapture"

#define IOCTL_UNDIS_CAPTURE_WAIT                                                                   \
    CTL_CODE(FILE_DEVICE_NETWORK, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS)
#define IOCTL_UNDIS_CAPTURE_WAKE                                                                   \
    CTL_CODE(FILE_DEVICE_NETWORK, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS)

typedef enum _UNDIS_CAPTURE_KIND {
    UndisCaptureInterface = 1, /* a filter module was attached; Data: its name, UTF-16 */
    UndisCaptureFrame = 2,     /* Data: the frame */
    UndisCaptureLost = 3       /* Count frames are missing here */
} UNDIS_CAPTURE_KIND;

#define UNDIS_CAPTURE_SENT     1 /* on its way down, as it passed the filter */
#define UNDIS_CAPTURE_RECEIVED 2

typedef struct _UNDIS_CAPTURE_RECORD {
    ULONG Size;   /* of the whole record, a multiple of 8 */
    ULONG Length; /* bytes of Data */
    USHORT Kind;  /* UNDIS_CAPTURE_KIND */
    USHORT Direction;
    ULONG
        Interface; /* which filter module, from 0; a frame's comes after the record that names it */
    ULONG Medium;  /* NDIS_MEDIUM, of an interface */
    ULONG Reserved;
    ULONGLONG Count; /* lost frames */
    ULONGLONG Time;  /* 100 ns since 1601 */
    UCHAR Data[];
} UNDIS_CAPTURE_RECORD, *PUNDIS_CAPTURE_RECORD;

C_ASSERT(sizeof(UNDIS_CAPTURE_RECORD) == 40);
