/* SPDX-License-Identifier: MIT */
/*
 * tokens.h - the pass that gives Windows' widths to a driver's types and constants
 *
 *   long                    int             (alone, with unsigned, with int; not in long double)
 *   long long, __int64      long            the type that ULONGLONG and SIZE_T have here
 *   __int32 16 8            int short char
 *   1L 1UL                  1 1U
 *   1i64 1ui64 1ui32        1LL 1ULL 1U
 *
 * Strings, characters and comments stay, and so do all lines of the kernel headers.
 */
#ifndef BUILD_TOKENS_H
#define BUILD_TOKENS_H

#include "build/edit.h"
#include "build/lexeme.h"

/* What the preprocessor is told to make of its own names of 64-bit types (see command.c). */
#define TOKEN_SIGNED_64   LEXEME_RESERVED "signed_64"
#define TOKEN_UNSIGNED_64 LEXEME_RESERVED "unsigned_64"

void tokens_map(const struct lexemes *lexemes, struct edits *edits);

#endif
