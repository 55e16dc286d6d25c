/* SPDX-License-Identifier: MIT */
/*
 * Processor groups for Windows before 7, which a library brought along; ntddk.h has the calls.
 */
#ifndef UNDIS_PROCGRP_H
#define UNDIS_PROCGRP_H

#include <ntddk.h>

#define WdmlibProcgrpInitialize() ((VOID)0)

#endif
