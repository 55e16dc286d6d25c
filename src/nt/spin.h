/* SPDX-License-Identifier: MIT */
/* Spin locks as words of the executive.
 *
 * The low half of a KSPIN_LOCK is an executive_lock word. Readers and writers share a 32-bit word:
 *
 *     bit 31 a writer holds it    bit 30 somebody sleeps    below: readers
 */
#pragma once

#include "nt/machine.h"

static inline uint32_t *
spin_word(PKSPIN_LOCK lock)
{
    return (uint32_t *)lock;
}

static inline void
spin_lock(PKSPIN_LOCK lock)
{
    executive_lock(machine_self()->executive, spin_word(lock));
}

static inline void
spin_unlock(PKSPIN_LOCK lock)
{
    executive_unlock(machine_self()->executive, spin_word(lock));
}

void shared_lock(uint32_t *word);
void shared_unlock(uint32_t *word);
void exclusive_lock(uint32_t *word);
void exclusive_unlock(uint32_t *word);
/* The only reader becomes the writer; false when there are others. */
bool shared_upgrade(uint32_t *word);
bool shared_try_lock(uint32_t *word);
bool exclusive_try_lock(uint32_t *word);
