/* SPDX-License-Identifier: MIT */
/* condition.h - properties of a Windows project, and the conditions that ask for them */
#ifndef BUILD_CONDITION_H
#define BUILD_CONDITION_H

#include "build/text.h"

/* Names (any case) and values, in pairs. A name set as fixed keeps its value. */
struct properties {
    struct words names;
    struct words values;
    struct words fixed;
};

void property_set(struct properties *properties, const char *name, const char *value);
void property_fix(struct properties *properties, const char *name, const char *value);
/* NULL when it has none. */
const char *property_get(const struct properties *properties, const char *name);
void properties_free(struct properties *properties);

/*
 * property_expand - text with its $(Name) replaced
 *
 * Unknown properties become nothing and are told by *unknown, when that is not NULL.
 */
char *property_expand(const struct properties *properties, const char *text, bool *unknown);

/* 'a'=='b', $(x)<2, Exists('f'), !, And, Or, brackets. What cannot be understood is false. */
bool
condition_holds(const struct properties *properties, const char *folder, const char *condition);

#endif
