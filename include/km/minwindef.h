/* SPDX-License-Identifier: MIT */
/* Names of the Windows API that some drivers use too. */
#pragma once

#include "ntdef.h"

typedef ULONG DWORD, *PDWORD, *LPDWORD;
typedef int BOOL, *PBOOL, *LPBOOL;
typedef UCHAR BYTE, *PBYTE, *LPBYTE;
typedef USHORT WORD, *PWORD, *LPWORD;
typedef int *LPINT;
typedef LONG *LPLONG;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM, LRESULT;
typedef USHORT ATOM;
typedef HANDLE HINSTANCE, HMODULE, HGLOBAL, HLOCAL, HKEY;
typedef INT_PTR (*FARPROC)(VOID);

typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

#ifndef FAR
#define FAR
#endif
#ifndef NEAR
#define NEAR
#endif
#define MAKEWORD(a, b)    ((WORD)(((BYTE)(ULONG_PTR)(a)) | ((WORD)((BYTE)(ULONG_PTR)(b))) << 8))
#define LOWORD(l)         ((WORD)((ULONG_PTR)(l) & 0xffff))
#define HIWORD(l)         ((WORD)(((ULONG_PTR)(l) >> 16) & 0xffff))
#define LOBYTE(w)         ((BYTE)((ULONG_PTR)(w) & 0xff))
#define HIBYTE(w)         ((BYTE)(((ULONG_PTR)(w) >> 8) & 0xff))
#ifndef MAKELONG
#define MAKELONG(a, b) ((LONG)(((USHORT)(a)) | ((ULONG)((USHORT)(b))) << 16))
#endif
