/* SPDX-License-Identifier: MIT */
/*
 * GUID, and DEFINE_GUID, which declares or (after initguid.h) defines. This file is read again at
 * each include, since INITGUID may have been defined in between.
 */
#include "undis/compiler.h"

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
    unsigned int Data1;
    unsigned short Data2;
    unsigned short Data3;
    unsigned char Data4[8];
} GUID;
typedef GUID *LPGUID;
typedef const GUID *LPCGUID;
typedef GUID IID, CLSID, FMTID;
typedef GUID *LPIID, *LPCLSID;

#ifdef __cplusplus
#define REFGUID const GUID &
#define REFIID  const IID &
#else
#define REFGUID const GUID *
#define REFIID  const IID *
#endif

#ifdef __cplusplus
#define IsEqualGUID(a, b) (!__builtin_memcmp(&(a), &(b), sizeof(GUID)))
#else
#define IsEqualGUID(a, b) (!__builtin_memcmp((a), (b), sizeof(GUID)))
#endif
#define InlineIsEqualGUID(a, b) IsEqualGUID(a, b)
#define IsEqualIID(a, b)        IsEqualGUID(a, b)
#define IsEqualCLSID(a, b)      IsEqualGUID(a, b)
#ifdef __cplusplus
inline bool
operator==(const GUID &a, const GUID &b)
{
    return !__builtin_memcmp(&a, &b, sizeof(GUID));
}
inline bool
operator!=(const GUID &a, const GUID &b)
{
    return !(a == b);
}
#endif
#endif

#undef DEFINE_GUID
#undef DEFINE_GUIDEX
#ifdef INITGUID
#ifdef __cplusplus
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
    EXTERN_C const GUID DECLSPEC_SELECTANY name;                                                   \
    EXTERN_C const GUID DECLSPEC_SELECTANY name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
    const GUID DECLSPEC_SELECTANY name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#endif
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) EXTERN_C const GUID name
#endif
#define DEFINE_GUIDEX(name) EXTERN_C const GUID name
