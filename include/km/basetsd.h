/* SPDX-License-Identifier: MIT */
/* Integers of fixed width and of pointer width (LLP64). */
#pragma once

#include "undis/compiler.h"

typedef signed char INT8, *PINT8;
typedef signed short INT16, *PINT16;
typedef signed int INT32, *PINT32;
typedef __INT64_TYPE__ INT64, *PINT64;
typedef unsigned char UINT8, *PUINT8;
typedef unsigned short UINT16, *PUINT16;
typedef unsigned int UINT32, *PUINT32;
typedef __UINT64_TYPE__ UINT64, *PUINT64;
typedef signed int LONG32, *PLONG32;
typedef unsigned int ULONG32, *PULONG32;
typedef unsigned int DWORD32, *PDWORD32;
typedef __INT64_TYPE__ LONG64, *PLONG64;
typedef __UINT64_TYPE__ ULONG64, *PULONG64;
typedef __UINT64_TYPE__ DWORD64, *PDWORD64;
typedef __INT64_TYPE__ INT_PTR, *PINT_PTR;
typedef __UINT64_TYPE__ UINT_PTR, *PUINT_PTR;
typedef __INT64_TYPE__ LONG_PTR, *PLONG_PTR;
typedef __UINT64_TYPE__ ULONG_PTR, *PULONG_PTR;
typedef ULONG_PTR DWORD_PTR, *PDWORD_PTR;
typedef ULONG_PTR SIZE_T, *PSIZE_T;
typedef LONG_PTR SSIZE_T, *PSSIZE_T;
typedef int HALF_PTR, *PHALF_PTR;
typedef unsigned int UHALF_PTR, *PUHALF_PTR;
typedef ULONG_PTR KAFFINITY, *PKAFFINITY;
typedef INT64 SHANDLE_PTR;
typedef UINT64 HANDLE_PTR;

#define __int3264 __int64

#define MAXUINT_PTR  (~((UINT_PTR)0))
#define MAXINT_PTR   ((INT_PTR)(MAXUINT_PTR >> 1))
#define MININT_PTR   (~MAXINT_PTR)
#define MAXULONG_PTR (~((ULONG_PTR)0))
#define MAXLONG_PTR  ((LONG_PTR)(MAXULONG_PTR >> 1))
#define MINLONG_PTR  (~MAXLONG_PTR)
#define MAXSIZE_T    (~((SIZE_T)0))
#define MAXSSIZE_T   ((SSIZE_T)(MAXSIZE_T >> 1))
#define MINSSIZE_T   (~MAXSSIZE_T)
#define MAXUINT8     ((UINT8)~((UINT8)0))
#define MAXINT8      ((INT8)(MAXUINT8 >> 1))
#define MININT8      ((INT8)~MAXINT8)
#define MAXUINT16    ((UINT16)~((UINT16)0))
#define MAXINT16     ((INT16)(MAXUINT16 >> 1))
#define MININT16     ((INT16)~MAXINT16)
#define MAXUINT32    ((UINT32)~((UINT32)0))
#define MAXINT32     ((INT32)(MAXUINT32 >> 1))
#define MININT32     ((INT32)~MAXINT32)
#define MAXUINT64    ((UINT64)~((UINT64)0))
#define MAXINT64     ((INT64)(MAXUINT64 >> 1))
#define MININT64     ((INT64)~MAXINT64)
#define MAXULONG32   ((ULONG32)~((ULONG32)0))
#define MAXULONG64   ((ULONG64)~((ULONG64)0))
#define MAXLONG64    ((LONG64)(MAXULONG64 >> 1))
#define MINLONG64    ((LONG64)~MAXLONG64)
#define MAXUINT      ((UINT)~((UINT)0))
#define MAXINT       ((INT)(MAXUINT >> 1))
#define MININT       ((INT)~MAXINT)
#define MAXUSHORT    0xffff
#define MAXSHORT     0x7fff
#define MINSHORT     ((SHORT)0x8000)
#define MAXUCHAR     0xff
#define MAXCHAR      0x7f
#define MINCHAR      0x80
#define MAXULONG     0xffffffff
#define MAXLONG      0x7fffffff
#define MINLONG      ((LONG)0x80000000)
#define MAXDWORD     0xffffffff
#define MAXWORD      0xffff
#define MAXBYTE      0xff
#define MAXULONGLONG ((ULONGLONG)~((ULONGLONG)0))
#define MAXLONGLONG  ((LONGLONG)0x7fffffffffffffff)

#define HandleToULong(h)     ((ULONG)(ULONG_PTR)(h))
#define HandleToLong(h)      ((LONG)(LONG_PTR)(h))
#define ULongToHandle(u)     ((HANDLE)(ULONG_PTR)(ULONG)(u))
#define LongToHandle(l)      ((HANDLE)(LONG_PTR)(LONG)(l))
#define HandleToUlong(h)     HandleToULong(h)
#define UlongToHandle(u)     ULongToHandle(u)
#define PtrToUlong(p)        ((ULONG)(ULONG_PTR)(p))
#define PtrToULong(p)        PtrToUlong(p)
#define PtrToLong(p)         ((LONG)(LONG_PTR)(p))
#define PtrToUint(p)         ((UINT)(UINT_PTR)(p))
#define PtrToInt(p)          ((INT)(INT_PTR)(p))
#define PtrToUshort(p)       ((unsigned short)(ULONG_PTR)(p))
#define PtrToShort(p)        ((short)(LONG_PTR)(p))
#define IntToPtr(i)          ((void *)(INT_PTR)(int)(i))
#define UIntToPtr(u)         ((void *)(UINT_PTR)(unsigned int)(u))
#define LongToPtr(l)         ((void *)(LONG_PTR)(int)(l))
#define ULongToPtr(u)        ((void *)(ULONG_PTR)(unsigned int)(u))
#define UlongToPtr(u)        ULongToPtr(u)
#define UintToPtr(u)         UIntToPtr(u)
#define Ptr32ToPtr(p)        ((void *)(ULONG_PTR)(unsigned int)(ULONG_PTR)(p))
#define PtrToPtr64(p)        ((void *)(p))
#define Ptr64ToPtr(p)        ((void *)(p))
#define HandleToHandle64(h)  (h)
