/* SPDX-License-Identifier: MIT */
/* The registry of a machine: a tree of keys with values, names compared without case.
 *
 * Lives in the arena. Keys that are open keep their memory until closed; a deleted key answers
 * STATUS_KEY_DELETED. Guarded by one host_lock; nothing waits under it.
 * Paths are absolute NT paths ("\\Registry\\Machine\\System\\CurrentControlSet\\Services\\x") with
 * L'\\' between names.
 */
#pragma once

#include "nt/machine.h"

/* ControlSet001, Services, Class and Control keys exist afterwards. 0 or -errno. */
int registry_create(struct undis *machine);
void registry_destroy(struct undis *machine);

/* Creates the keys on the way. @type: REG_SZ, REG_DWORD, ... @data is copied. */
NTSTATUS registry_set(struct undis *machine, const WCHAR *path, const WCHAR *name, ULONG type,
    const void *data, ULONG size);
/* *@size: bytes of @data in, bytes of the value out. STATUS_BUFFER_TOO_SMALL when it does not fit,
 * STATUS_OBJECT_NAME_NOT_FOUND. @type and @data may be NULL. */
NTSTATUS registry_get(struct undis *machine, const WCHAR *path, const WCHAR *name, ULONG *type,
    void *data, ULONG *size);
/* The value or the key with everything below is gone afterwards. */
NTSTATUS registry_unset(struct undis *machine, const WCHAR *path, const WCHAR *name);
NTSTATUS registry_remove(struct undis *machine, const WCHAR *path);
/* The name of value (or subkey) number @index, zero-terminated; STATUS_NO_MORE_ENTRIES. */
NTSTATUS registry_value_name(
    struct undis *machine, const WCHAR *path, unsigned index, WCHAR *name, unsigned max);
NTSTATUS registry_key_name(
    struct undis *machine, const WCHAR *path, unsigned index, WCHAR *name, unsigned max);
