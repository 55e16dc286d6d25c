/* SPDX-License-Identifier: MIT */
/* A small futex lock for the host side and for bookkeeping inside the core that no driver call
 * and no executive_wait happens under. 0 free, 1 held, 2 held and waited for.
 * Below it the futex itself, for the threads executive.
 */
#pragma once

#include <stdint.h>

void host_lock(uint32_t *word);
void host_unlock(uint32_t *word);

#define HOST_FOREVER UINT64_MAX

/* Sleeps while *@word == @expected, until a wake or @deadline (ns of host_clock).
 * 0 when woken, when the word differs or for no reason; -ETIMEDOUT. */
int host_futex_wait(uint32_t *word, uint32_t expected, uint64_t deadline);
/* Wakes up to @count waiters of this process. */
void host_futex_wake(uint32_t *word, unsigned count);
