/* SPDX-License-Identifier: MIT */
/*
 * quirks.h - rewrites of what Microsoft's compiler takes and C does not
 *
 *   (T)a->b = x;  (T)p += 4;      *(T *)&(a->b) = x;  *(T *)&(p) += 4;
 *   ((T)p)++;                     (*(T *)&(p))++;
 *   f(&(T)x)                      f((T *)&x)
 *
 * and in C++
 *
 *   x = unsigned short(y);        x = (unsigned short)(y);
 *
 * Each pattern is an error there, so that no valid program changes.
 */
#ifndef BUILD_QUIRKS_H
#define BUILD_QUIRKS_H

#include "build/edit.h"
#include "build/lexeme.h"

void quirks_rewrite(const struct lexemes *lexemes, struct edits *edits, struct words *strings);
void quirks_rewrite_cxx(const struct lexemes *lexemes, struct edits *edits);

#endif
