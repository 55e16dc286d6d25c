/* SPDX-License-Identifier: MIT */
/* Every other thread of the process stops where it is, for good: before the files of a process that
 * ends are removed, so that nobody makes new ones. Waits a moment for those that are slow.
 */
#pragma once

void freeze_others(void);
