/* SPDX-License-Identifier: MIT */
/* What INFs say about a stack: who may stand on whom, and in which order filters stand. Drivers
 * without an INF stand where the program put them, and bind to everybody. */
#pragma once

struct undis;
struct undis_driver;

/* Sorts @filters (NULL-terminated, top to bottom): monitoring ones on top, then by FilterClass.
 * Filters of one class and those without an INF keep their order. */
void arrange_filters(struct undis *machine, struct undis_driver **filters);
/* Has @filter say of itself what its INF says. */
void arrange_describe(struct undis *machine, struct undis_driver *filter);
/* Whether the ranges meet: 0, or a negative errno with a sentence that names both INFs. */
int arrange_check_filter(
    struct undis *machine, struct undis_driver *miniport, struct undis_driver *filter);
int arrange_check_protocol(
    struct undis *machine, struct undis_driver *miniport, struct undis_driver *protocol);
