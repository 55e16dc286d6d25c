/* SPDX-License-Identifier: MIT */
/* The warnings of cl.exe at level 4 that the kit's own headers raise; there is nothing to turn off. */
#pragma once
