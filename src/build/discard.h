/* SPDX-License-Identifier: MIT */
/*
 * discard.h - arguments that a macro of Windows discards and a function of ours does not
 *
 * NdisFreeSpinLock(x) is nothing at all on Windows, whatever x is: drivers free locks of variables
 * and members that are not there. Where a compiler says so, the calls that name such a thing go,
 * and the unit is compiled again.
 */
#ifndef BUILD_DISCARD_H
#define BUILD_DISCARD_H

#include "build/edit.h"
#include "build/lexeme.h"
#include "build/text.h"

/* What a compiler's messages do not find in lines with such a call. */
void discard_find(const char *messages, struct words *names);
void discard_rewrite(const struct lexemes *lexemes, const struct words *names, struct edits *edits);

#endif
