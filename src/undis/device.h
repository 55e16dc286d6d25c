/* SPDX-License-Identifier: MIT */
/* An open device, as requests and transfers know it. */
#pragma once

#include "undis/machine.h"

struct undis_file {
    struct undis *machine;
    PFILE_OBJECT file;
};
