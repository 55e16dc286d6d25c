/* SPDX-License-Identifier: MIT */
/* undis_capture_*: the stream of the capture filter into a pcapng file.
 *
 *     filter capture --> \\.\UndisCapture --the capture's task--> pcapng file
 *
 * One task of the machine per capture waits in the device for records, reads until there are
 * none, and writes; so nothing here depends on the executive. Who: undis_capture_open makes it,
 * undis_capture_close ends it, after the task has read the last record. Members without a key
 * belong to the task.
 */

#include "host/pcapng.h"
#include "nt/io.h"
#include "nt/thread.h"
#include "undis/error.h"
#include "undis/machine.h"

#include <errno.h>
#include <ndis.h>
#include <stdio.h>
#include <string.h>
#include <undis/capture.h>

#define READ_SIZE   (512u * 1024u)
#define PAUSE       100000u /* ns from the first record to the read, so that reads get many */
#define SIDES       64u     /* filter modules with a name of their own */
#define EPOCH_1601  116444736000000000u /* 1970 in 100 ns since 1601 */
#define DEVICE_NAME L"\\\\.\\UndisCapture"

/* A filter module: an interface of the file. */
struct side {
    uint32_t interface;
    bool known;
    char comments[3][80]; /* by direction */
    uint64_t lost;
};

struct undis_capture {
    struct undis *machine; /* [I] */
    PFILE_OBJECT device;   /* [I] */
    struct pcapng *file;   /* [I] the task writes; a crash flushes */
    uint32_t ending;       /* [A] a wait word: 1 when the task shall read the rest and end */
    uint32_t stopped;      /* [A] a wait word: 1 when it has */
    int error;             /* [A] the first one */
    struct undis_capture_stats stats; /* [A] relaxed */
    uint64_t untold;                  /* lost frames that no comment names yet */
    uint64_t time;                    /* ns since 1970, of the last record */
    struct side sides[SIDES];
    char path[1024]; /* [I] */
    UCHAR buffer[READ_SIZE];
};

static void
note(struct undis_capture *capture, int error)
{
    int none = 0;

    if (error < 0)
        __atomic_compare_exchange_n(
            &capture->error, &none, error, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

static void
name_side(struct undis_capture *capture, struct side *side, const char *name, bool ethernet)
{
    int number = pcapng_interface(capture->file, name, "what passed the filter capture",
        ethernet ? PCAPNG_ETHERNET : PCAPNG_RAW_IP, 0);

    note(capture, number);
    side->interface = number < 0 ? 0 : (uint32_t)number;
    side->known = number >= 0;
    snprintf(side->comments[UNDIS_CAPTURE_SENT], sizeof(side->comments[0]),
        "%s: sent, at filter capture", name);
    snprintf(side->comments[UNDIS_CAPTURE_RECEIVED], sizeof(side->comments[0]),
        "%s: received, at filter capture", name);
}

/* The module of a record. All behind the last share one; one whose name was lost gets one. */
static struct side *
side_of(struct undis_capture *capture, const UNDIS_CAPTURE_RECORD *record)
{
    struct side *side = &capture->sides[record->Interface < SIDES ? record->Interface : SIDES - 1];
    char name[48];

    if (side->known)
        return side;
    snprintf(name, sizeof(name), "module %u", record->Interface);
    name_side(capture, side, name, true);
    return side;
}

static void
take_interface(struct undis_capture *capture, const UNDIS_CAPTURE_RECORD *record)
{
    const WCHAR *from = (const WCHAR *)record->Data;
    char name[48];
    unsigned n = 0;

    if (record->Interface >= SIDES - 1)
        return;
    for (; n < record->Length / sizeof(WCHAR) && n + 1 < sizeof(name); n++)
        name[n] = (char)(from[n] < 0x7f ? from[n] : '?');
    name[n] = 0;
    name_side(capture, &capture->sides[record->Interface], name, record->Medium == NdisMedium802_3);
}

static void
take_frame(struct undis_capture *capture, const UNDIS_CAPTURE_RECORD *record)
{
    const struct side *side = side_of(capture, record);
    struct pcapng_part part = {record->Data, record->Length};
    struct pcapng_packet packet = {.interface = side->interface,
        .time = capture->time,
        .direction = record->Direction == UNDIS_CAPTURE_SENT ? PCAPNG_OUT : PCAPNG_IN,
        .comment = side->comments[record->Direction],
        .parts = &part,
        .part_count = 1};
    char text[200];

    if (capture->untold) {
        snprintf(text, sizeof(text), "%s; before this one, %llu frames are missing: no memory",
            packet.comment, (unsigned long long)capture->untold);
        packet.comment = text;
        capture->untold = 0;
    }
    note(capture, pcapng_packet(capture->file, &packet));
    __atomic_fetch_add(&capture->stats.frames, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&capture->stats.bytes, record->Length, __ATOMIC_RELAXED);
}

static void
take(struct undis_capture *capture, const UNDIS_CAPTURE_RECORD *record)
{
    capture->time = (record->Time - EPOCH_1601) * 100;
    if (record->Kind == UndisCaptureInterface)
        take_interface(capture, record);
    else if (record->Kind == UndisCaptureFrame)
        take_frame(capture, record);
    else if (record->Kind == UndisCaptureLost) {
        side_of(capture, record)->lost += record->Count;
        capture->untold += record->Count;
        __atomic_fetch_add(&capture->stats.lost, record->Count, __ATOMIC_RELAXED);
    }
}

/* Until there is nothing. */
static void
drain(struct undis_capture *capture)
{
    ULONG_PTR done;

    for (;;) {
        NTSTATUS status = io_read(capture->device, capture->buffer, READ_SIZE, &done);

        if (!NT_SUCCESS(status))
            note(capture, -EIO);
        if (!NT_SUCCESS(status) || !done)
            break;
        for (ULONG_PTR at = 0; at < done;) {
            const UNDIS_CAPTURE_RECORD *record =
                (const UNDIS_CAPTURE_RECORD *)(capture->buffer + at);

            take(capture, record);
            at += record->Size;
        }
    }
    note(capture, pcapng_flush(capture->file));
}

static void
run(void *context)
{
    struct undis_capture *capture = context;
    struct executive *ex = capture->machine->executive;
    ULONG_PTR done;

    while (!__atomic_load_n(&capture->ending, __ATOMIC_ACQUIRE)) {
        drain(capture);
        if (!NT_SUCCESS(
                io_control(capture->device, IOCTL_UNDIS_CAPTURE_WAIT, NULL, 0, NULL, 0, &done)))
            break;
        if (!capture->machine->simulated) /* there time passes only when there is nothing to do */
            executive_wait(ex, &capture->ending, 0, executive_now(ex) + PAUSE);
    }
    drain(capture);
    __atomic_store_n(&capture->stopped, 1, __ATOMIC_RELEASE);
    executive_wake(ex, &capture->stopped, 1);
}

static int
open_device(void *arguments)
{
    struct undis_capture *capture = arguments;
    NTSTATUS status = io_open(DEVICE_NAME, &capture->device);

    if (status == STATUS_SHARING_VIOLATION)
        return undis_fail(-EBUSY, "capture: there is one in this machine already");
    if (!NT_SUCCESS(status))
        return undis_fail(-ENOENT,
            "capture: the filter driver \"capture\" must be loaded before (0x%08X)",
            (unsigned)status);
    return 0;
}

static int
close_device(void *arguments)
{
    io_close(((struct undis_capture *)arguments)->device);
    return 0;
}

static int
start(void *arguments)
{
    struct undis_capture *capture = arguments;
    int error = nt_spawn(capture->machine, "capture", run, capture);

    return error ? undis_fail(error, "capture: no task for it: %s", strerror(-error)) : 0;
}

/* The device first: a file is made or emptied only when there will be something for it. */
int
undis_capture_open(struct undis *machine, const char *path, struct undis_capture **opened)
{
    struct undis_capture *capture = machine_alloc(machine, sizeof(*capture));
    int error;

    if (!capture)
        return undis_fail(-ENOMEM, "capture: out of memory");
    capture->machine = machine;
    snprintf(capture->path, sizeof(capture->path), "%s", path);
    error = machine_inside(machine, open_device, capture);
    if (error)
        goto free_capture;
    error = pcapng_create(&capture->file, path, "undis " UNDIS_VERSION);
    if (error) {
        undis_fail(error, "capture: %s: %s", path, strerror(-error));
        goto close_device;
    }
    error = machine_inside(machine, start, capture);
    if (error)
        goto close_file;
    machine_host(machine)->capture = capture;
    *opened = capture;
    return 0;

close_file:
    pcapng_close(capture->file);
close_device:
    machine_inside(machine, close_device, capture);
free_capture:
    machine_free(machine, capture);
    return error;
}

int
undis_capture_stats(struct undis_capture *capture, struct undis_capture_stats *stats)
{
    int error = __atomic_load_n(&capture->error, __ATOMIC_ACQUIRE);

    stats->frames = __atomic_load_n(&capture->stats.frames, __ATOMIC_RELAXED);
    stats->bytes = __atomic_load_n(&capture->stats.bytes, __ATOMIC_RELAXED);
    stats->lost = __atomic_load_n(&capture->stats.lost, __ATOMIC_RELAXED);
    return error
               ? undis_fail(error, "capture: %s: not written: %s", capture->path, strerror(-error))
               : 0;
}

static int
stop(void *arguments)
{
    struct undis_capture *capture = arguments;
    struct executive *ex = capture->machine->executive;
    ULONG_PTR done;

    __atomic_store_n(&capture->ending, 1, __ATOMIC_SEQ_CST);
    executive_wake(ex, &capture->ending, 1);
    io_control(capture->device, IOCTL_UNDIS_CAPTURE_WAKE, NULL, 0, NULL, 0, &done);
    while (!__atomic_load_n(&capture->stopped, __ATOMIC_ACQUIRE))
        executive_wait(ex, &capture->stopped, 0, EXECUTIVE_FOREVER);
    io_close(capture->device);
    return 0;
}

static void
finish(struct undis_capture *capture)
{
    for (unsigned i = 0; i < SIDES; i++) {
        const struct side *side = &capture->sides[i];
        char text[80];

        if (!side->known)
            continue;
        snprintf(text, sizeof(text), "%llu frames are missing: no memory",
            (unsigned long long)side->lost);
        note(capture, pcapng_statistics(capture->file, side->interface, capture->time, side->lost,
                          side->lost ? text : NULL));
    }
    note(capture, pcapng_close(capture->file));
}

int
undis_capture_close(struct undis_capture *capture, struct undis_capture_stats *stats)
{
    struct undis_capture_stats last;
    int error = machine_inside(capture->machine, stop, capture);

    if (error) { /* its task stands still for ever, and may hold the file */
        pcapng_flush(capture->file);
        return error;
    }
    machine_host(capture->machine)->capture = NULL;
    finish(capture);
    error = undis_capture_stats(capture, stats ? stats : &last);
    machine_free(capture->machine, capture);
    return error;
}

void
capture_end(struct undis *machine)
{
    if (machine_host(machine)->capture)
        undis_capture_close(machine_host(machine)->capture, NULL);
}

void
capture_flush(struct undis *machine)
{
    const struct undis_capture *capture = machine_host(machine)->capture;

    if (capture)
        pcapng_flush(capture->file);
}
