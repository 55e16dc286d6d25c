/* SPDX-License-Identifier: MIT */
/* The kernel as WDM drivers see it. The parts are in undis/, by prefix. */
#pragma once
#define _WDMDDK_

/* An empty statement, said aloud. */
#define NOTHING

#include "bugcodes.h"
#include "intrin.h"
#include "ntdef.h"
#include "ntstatus.h"
#include "undis/ex.h"
#include "undis/io.h"
#include "undis/ke.h"
#include "undis/mm.h"
#include "undis/rtl.h"
#include "undis/zw.h"

#ifndef __max
#define __max(a, b) (((a) > (b)) ? (a) : (b))
#define __min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#ifndef NOMINMAX
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#endif
