/* SPDX-License-Identifier: MIT */
/* Error log codes of the I/O system (IO_ERR_*): here they come with wdm.h. */
#pragma once

#include <wdm.h>
