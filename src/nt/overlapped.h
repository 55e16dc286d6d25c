/* SPDX-License-Identifier: MIT */
/* Requests of the host side that it does not wait for.
 *
 *     overlapped_begin --IRP--> driver ... --IoCompleteRequest--> event (and its descriptor)
 *     overlapped_cancel: any time before the end
 *     overlapped_end: waits, copies results, frees
 *
 * The IRP is kept when it comes back, so that a cancel never meets a freed one. Functions run inside
 * the machine at PASSIVE_LEVEL.
 */
#pragma once

#include "nt/machine.h"
#include "nt/shared_event.h"

struct overlapped {
    PFILE_OBJECT file; /* a reference is held */
    UCHAR major;       /* IRP_MJ_READ, WRITE, DEVICE_CONTROL */
    ULONG code;        /* of device control */
    void *in, *out;    /* machine memory, the caller's until the end */
    ULONG in_size, out_size;
    PIRP irp; /* NULL: not sent */
    KEVENT done;
    struct shared_event shared; /* shared.fd: readable when done */
    IO_STATUS_BLOCK result;     /* after overlapped_end */
};

/* Fill in file to out_size, zero the rest. 0, then @o is in use until overlapped_end, or -errno. */
int overlapped_begin(struct undis *machine, struct overlapped *o);
void overlapped_cancel(struct overlapped *o);
void overlapped_end(struct undis *machine, struct overlapped *o);
