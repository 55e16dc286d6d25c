/* SPDX-License-Identifier: MIT */
/* Rows of the table of obligations, on their way: see owed.c and pending.c. */
#pragma once

#include "verify/check.h"

/* What is gathered, and what of it is full. */
struct table {
    struct verify *verify;
    struct verify_obligation *rows;
    unsigned room, count;
};

/* A handler of a driver begins what it owes the end of. */
struct place *begins_at(
    struct verify *verify, const struct gate_call *call, const void *address, enum place_kind kind);
void ends_at(struct verify *verify, const void *address, enum place_kind kind);
void name_module(const struct table *table, char *text, size_t size, const struct module *module);
void name_driver(char *text, size_t size, const struct driver *driver);
/* The row was begun by @move. */
void since(struct verify_obligation *row, const struct move *move);
/* Of equal rows the oldest stands for all. */
void put(struct table *table, struct verify_obligation *row);

/* pending.c */
void pending_of_record(struct table *table, struct record *record);
void pending_of_place(struct table *table, const struct place *place);
void pending_locks(struct table *table);
