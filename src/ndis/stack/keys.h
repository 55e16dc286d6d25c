/* SPDX-License-Identifier: MIT */
/* Where in the registry configuration lies.
 *
 *     adapter        ...\Control\Class\{4d36e972-...}\NNNN
 *     driver         ...\Services\NAME\Parameters
 *     filter module  ...\Services\NAME\Parameters\Adapters\{GUID}
 *     binding        the same, NAME being the protocol's
 *
 * Each function writes an absolute path, zero-terminated, cut to KEY_UNITS.
 */
#pragma once

#include "ndis/stack/adapter.h"

#define KEY_UNITS 320

/* @key: KEY_UNITS units. */
void key_of_adapter(const struct adapter *adapter, WCHAR *key);
/* @name: the service name of a driver. */
void key_of_service(const char *name, WCHAR *key);
void key_of_driver(const struct driver *driver, WCHAR *key);
/* A filter module or binding. */
void key_of_module(const struct module *module, WCHAR *key);
/* What @driver has for the adapter with that name, "{GUID}" or "\DEVICE\{GUID}". */
void key_of_instance(const struct driver *driver, PCUNICODE_STRING adapter, WCHAR *key);
/* @key gets "\" and @length units of @name behind it. */
void key_append(WCHAR *key, const WCHAR *name, size_t length);
