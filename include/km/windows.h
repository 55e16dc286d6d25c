/* SPDX-License-Identifier: MIT */
/*
 * The types of the Windows API, for headers that a driver shares with its user-mode part. There is
 * no user mode behind them: functions of Windows are not declared.
 */
#pragma once
#define _WINDOWS_

#include "ntdef.h"
#include "sdkddkver.h"
#include "guiddef.h"
#include "windef.h"
#include "devioctl.h"
