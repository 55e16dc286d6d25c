/* SPDX-License-Identifier: MIT */
/* A loaded driver: its image (a private copy, or a DriverEntry linked into the program), its
 * DRIVER_OBJECT, what it registered, and what it still has.
 */
#pragma once

#include "nt/machine.h"

struct image;

/* In driver.inside. */
#define DRIVER_LEAVING 0x80000000u

#define FILTER_MANDATORY 1
#define FILTER_OPTIONAL  2

struct driver {
    LIST_ENTRY link;          /* in undis.drivers */
    uintptr_t start, end;     /* [I] addresses of its image; 0 when linked in */
    struct undis *machine;    /* [I] */
    const char *name;         /* [I] "ndislwf": the service name */
    struct image *image;      /* [I] NULL when linked in */
    PDRIVER_OBJECT object;    /* [I] */
    PDRIVER_INITIALIZE entry; /* [I] */
    uint32_t id;              /* [I] from 1, per machine */
    uint32_t inside;          /* tasks inside it below DISPATCH_LEVEL, atomic; a wait word;
                                plus DRIVER_LEAVING once unload waits for them */
    bool leaving;             /* unload has begun */
    bool gone;                /* unload is over: late calls are reported; this block stays */
    unsigned filter_type;     /* [S] as the INF says: 1 monitoring, 2 modifying, 0 nothing */
    unsigned filter_run_type; /* [S] FILTER_MANDATORY, FILTER_OPTIONAL, 0 nothing */
    char filter_class[32];    /* [S] "" when the INF does not say */
    void *ndis;               /* what it registered with NDIS (ndis/lifecycle), or NULL */
    void *ledger;             /* verify: what it owns, or NULL */
    size_t pool_bytes;        /* ExAllocatePool* still out, relaxed atomic */
    size_t pool_blocks;
};

/* Loads an image and binds its imports; does not call DriverEntry. 0 or -errno, see image_open. */
int driver_open(struct undis *machine, const char *path, const char *name, struct driver **driver,
    char *error, size_t error_size);
/* Registers a driver that is linked into the program. */
int driver_add(
    struct undis *machine, const char *name, PDRIVER_INITIALIZE entry, struct driver **driver);
/* Calls DriverEntry at PASSIVE_LEVEL; on failure nothing of the driver stays registered. */
NTSTATUS driver_start(struct driver *driver);
/*
 * Calls DriverUnload, waits until nobody is inside, tells the hooks (leaks), closes the image.
 * STATUS_INVALID_DEVICE_REQUEST when the driver has no DriverUnload. An image that somebody is
 * still inside of stays mapped.
 */
NTSTATUS driver_stop(struct driver *driver);
struct driver *driver_by_name(struct undis *machine, const char *name);
/* The driver whose code holds @address, NULL when none does. */
struct driver *driver_at(struct undis *machine, const void *address);
