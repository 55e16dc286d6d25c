/* SPDX-License-Identifier: MIT */
/* Objects that drivers name by a HANDLE, and those that live by counted references.
 *
 *     HANDLE 4, 8, 12 ... --> table of the machine --> body --home--> struct reference
 *
 * A referenced object is made with one reference; each handle holds one more. When the last one
 * goes, @last runs (it may free what hangs on the body), then the object is destroyed.
 * Files, keys, threads and events are made this way; devices and drivers are not, and referencing
 * them changes nothing: they live until they are deleted.
 */
#pragma once

#include "nt/object.h"

typedef void reference_last_fn(void *body);

struct reference {
    uint32_t count;          /* [A] */
    reference_last_fn *last; /* [I] may be NULL */
};

/* A zeroed body of @size bytes with one reference. NULL when memory is short. */
void *reference_create(
    struct undis *machine, enum object_kind kind, size_t size, reference_last_fn *last);
/* Nothing for what is not counted. */
void reference_get(void *body);
/* Answers the references left, 1 for what is not counted. */
uint32_t reference_put(void *body);

/* A handle for @body; takes a reference of its own. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS handle_open(struct undis *machine, void *body, HANDLE *handle);
/* The body with a reference for the caller; NULL when @handle is none, or of another @kind
 * (OBJECT_NONE: any). */
void *handle_get(struct undis *machine, HANDLE handle, enum object_kind kind);
/* The same without a reference: compared only, it may be gone. */
void *handle_peek(struct undis *machine, HANDLE handle);
/* STATUS_INVALID_HANDLE for what is no handle. */
NTSTATUS handle_close(struct undis *machine, HANDLE handle);

/* A handle that is open. */
struct handle_entry {
    HANDLE handle;
    void *body; /* compared only: it may be gone */
};
/* The open handles, in ascending order, as far as there is @room; answers how many there are. */
unsigned handles_list(struct undis *machine, struct handle_entry *entries, unsigned room);

int handles_create(struct undis *machine);
/* Closes what is still open. */
void handles_destroy(struct undis *machine);
