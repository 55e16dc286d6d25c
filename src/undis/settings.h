/* SPDX-License-Identifier: MIT */
/* From undis_set to where drivers read: what was set for a driver, and for it on this adapter,
 * is copied to the keys of the miniport's adapter, the filter's module, the protocol's binding.
 */
#pragma once

#include "ndis/stack/adapter.h"

/* Below it, by service name: what INFs give to each instance. */
#define SETTINGS_OF_INF "\\Registry\\Machine\\Software\\undis\\"

struct undis_driver;
struct undis_port;

void settings_for_miniport(struct adapter *adapter, struct driver *driver);
void settings_for_filter(struct adapter *adapter, struct driver *driver);
/* @top: NULL, or the port named by keyword "Port". */
void settings_for_protocol(struct adapter *adapter, struct driver *driver, struct undis_port *top);
/* A protocol that is an intermediate driver finds its instances above this binding under
 * UpperBindings: those whose stacks the setting of that name lists, as a list of device names; else
 * the name of its next instance that no binding of it has. 0 or -errno. */
int settings_for_instance(struct adapter *adapter, struct undis_driver *driver);
