/* SPDX-License-Identifier: MIT */
/* What a client and a running machine say to each other over their socket, on one computer.
 *
 *     client --- message, payload ---> machine
 *     client <-- message, payload ---  machine      same id, in any order; error < 0: a sentence
 *
 * An event's answer brings its eventfd along. Whoever says anything else is cut off.
 */
#pragma once

#include <stdint.h>

#define PROTOCOL_MAGIC   0x53444e55u /* "UNDS" */
#define PROTOCOL_VERSION 1
#define PROTOCOL_PAYLOAD (16u << 20)

enum protocol_type {
    PROTOCOL_HELLO,       /* -> value: process id */
    PROTOCOL_OPEN,        /* payload: name -> handle */
    PROTOCOL_CLOSE,       /* handle */
    PROTOCOL_READ,        /* handle, out_size -> status, value: bytes done, payload */
    PROTOCOL_WRITE,       /* handle, payload -> status, value */
    PROTOCOL_IOCTL,       /* handle, code, payload, out_size -> status, value, payload */
    PROTOCOL_CANCEL,      /* value: the id of a request; never answered */
    PROTOCOL_EVENT_OPEN,  /* payload: name or nothing; code: notification -> handle, value: HANDLE,
                            code: notification, a descriptor */
    PROTOCOL_EVENT_SET,   /* handle, code: signalled */
    PROTOCOL_EVENT_CLOSE, /* handle */
    PROTOCOL_DESCRIBE,    /* -> payload: JSON */
    PROTOCOL_OID,         /* handle: set, code: OID, payload: adapter, zero, data; out_size ->
                             status, value: bytes written or needed, payload */
    PROTOCOL_TYPES
};

struct protocol_message {
    uint32_t magic;
    uint16_t version, type;
    uint64_t id;
    uint32_t handle, code;
    uint32_t status; /* of Windows */
    int32_t error;   /* -errno */
    uint32_t length; /* of the payload */
    uint32_t out_size;
    uint64_t value;
};
