/* SPDX-License-Identifier: MIT */
/* Work items: one queue per machine, served by a few worker tasks. */
#pragma once

#include "nt/driver.h"

/* One piece of work; lies in the memory of whoever queues it, until its function is called. */
struct work {
    struct work *next;
    void (*fn)(struct work *work); /* at PASSIVE_LEVEL */
};

/* <= DISPATCH_LEVEL. The work must not be queued already. */
void work_queue(struct undis *machine, struct work *work, void (*fn)(struct work *work));

/* The routine of a driver's item, called on behalf of @driver. <= DISPATCH_LEVEL. */
void work_queue_item(struct undis *machine, PWORK_QUEUE_ITEM item, struct driver *driver);

int work_create(struct undis *machine);
void work_end(struct undis *machine);
void work_destroy(struct undis *machine);
