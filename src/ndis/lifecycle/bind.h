/* SPDX-License-Identifier: MIT */
/* The attempt of a protocol to bind, and what the two generations of protocols share of it. It is
 * the driver's BindContext and UnbindContext and lives as long as the binding does.
 */
#pragma once

#include "ndis/lifecycle/lifecycle.h"

struct bind {
    struct adapter *adapter;
    struct ndis_driver *registration;
    struct module *module; /* NULL before open and after close */
    struct module_operation operation;
    bool closing;
    uint32_t closing_later; /* word: 1 while a task completes the close */
    /* Of an open that is pending: where its results go; NULL: they are there. */
    NDIS_HANDLE *handle;
    UINT *medium, selected;
};

/* NULL when memory is short. */
struct bind *bind_create(struct adapter *adapter, struct ndis_driver *registration);
void bind_destroy(struct bind *bind);
/* The binding that the driver opens, published, not running; NULL when memory is short. Its path,
 * and what it has of its own, are set before by @prepare, which answers false when memory is
 * short. */
struct module *
bind_open(struct bind *bind, NDIS_HANDLE context, bool (*prepare)(struct module *binding));
/* Answers at once, or NDIS_STATUS_PENDING and later through the driver's handler: by choice. */
NDIS_STATUS bind_opened(struct module *binding);
/* The driver closes it; the same. The handle is dead afterwards. */
NDIS_STATUS bind_close(struct module *binding);
/* The index of @medium among the @count that a protocol takes; -1 when it takes others only. */
int bind_medium(const NDIS_MEDIUM *media, UINT count, NDIS_MEDIUM medium);
/* A bind or unbind that was pended is completed. */
void bind_completes(NDIS_HANDLE context, const struct completion *call, NDIS_STATUS status);

/* binding5.c: ProtocolBindAdapter. */
NDIS_STATUS bind5_call(struct bind *bind, UNICODE_STRING *section);
