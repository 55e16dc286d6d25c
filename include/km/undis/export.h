/* SPDX-License-Identifier: MIT */
/*
 * The mark of every call that drivers import from undis.
 *
 * NTKERNELAPI, NTSYSAPI, NTHALAPI and NDIS_API all expand to UNDIS_EXPORT. The generator of the
 * import table preprocesses the headers with -DUNDIS_EXPORT=<mark> and reads the declarations back.
 * UNDIS_EXPORT_BARE marks the few calls that no wrapper may stand in front of (they return twice).
 */
#pragma once

#ifndef UNDIS_EXPORT
#define UNDIS_EXPORT __attribute__((__visibility__("default")))
#endif
#ifndef UNDIS_EXPORT_BARE
#define UNDIS_EXPORT_BARE __attribute__((__visibility__("default")))
#endif

#define NTKERNELAPI   UNDIS_EXPORT
#define NTSYSAPI      UNDIS_EXPORT
#define NTSYSCALLAPI  UNDIS_EXPORT
#define NTHALAPI      UNDIS_EXPORT
#define NDIS_API      UNDIS_EXPORT

/* The C runtime of drivers: linked into them, not imported. */
#ifndef UNDIS_CRT
#define UNDIS_CRT extern
#endif
