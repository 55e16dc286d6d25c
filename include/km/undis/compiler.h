/* SPDX-License-Identifier: MIT */
/*
 * Compiler differences, all of them: what MSVC knows and gcc and clang on Linux do not.
 *
 * Macros here and in every header of this folder expand to Windows type names only, never to
 * 64-bit keywords or suffixed constants: the build of drivers maps those words to Windows widths
 * wherever they occur in lines of a driver.
 */
#pragma once

#include "export.h"

/* The target is always Windows on x64. */
#ifndef _WIN32
#define _WIN32 1
#endif
#ifndef _WIN64
#define _WIN64 1
#endif
#ifndef _AMD64_
#define _AMD64_ 1
#endif
#ifndef _M_AMD64
#define _M_AMD64 100
#endif
#ifndef _M_X64
#define _M_X64 100
#endif

#ifdef __cplusplus
#define EXTERN_C       extern "C"
#define EXTERN_C_START extern "C" {
#define EXTERN_C_END   }
#else
#define EXTERN_C       extern
#define EXTERN_C_START
#define EXTERN_C_END
#endif

#ifdef __ELF__ /* no Windows target */

/* __declspec(word): one macro per word; a word that is missing here is an error at its use. What
 * they open is closed here, so that a word may have something in brackets behind it.
 */
#undef __declspec
#define __declspec(x)               UNDIS_DECLSPEC_##x))
#define UNDIS_DECLSPEC_align(n)     __attribute__((__aligned__(n)
#define UNDIS_DECLSPEC_noinline     __attribute__((__noinline__
#define UNDIS_DECLSPEC_noreturn     __attribute__((__noreturn__
#define UNDIS_DECLSPEC_nothrow      __attribute__((__nothrow__
#define UNDIS_DECLSPEC_selectany    __attribute__((__weak__
#define UNDIS_DECLSPEC_deprecated   __attribute__((__deprecated__
#define UNDIS_DECLSPEC_dllimport    __attribute__((
#define UNDIS_DECLSPEC_dllexport    __attribute__((
#define UNDIS_DECLSPEC_novtable     __attribute__((
#define UNDIS_DECLSPEC_noalias      __attribute__((
#define UNDIS_DECLSPEC_restrict     __attribute__((
#define UNDIS_DECLSPEC_naked        __attribute__((
#define UNDIS_DECLSPEC_safebuffers  __attribute__((
#define UNDIS_DECLSPEC_guard(x)     __attribute__((
#define UNDIS_DECLSPEC_uuid(x)      __attribute__((
#define UNDIS_DECLSPEC_allocate(x)  __attribute__((
#define UNDIS_DECLSPEC_code_seg(x)  __attribute__((
#define UNDIS_DECLSPEC_property(...) __attribute__((
#define UNDIS_DECLSPEC_allocator    __attribute__((
#define UNDIS_DECLSPEC_no_sanitize_address __attribute__((

/* One calling convention on x64. */
#undef __cdecl
#undef __stdcall
#undef __fastcall
#undef __thiscall
#undef __vectorcall
#undef _cdecl
#undef _stdcall
#undef _fastcall
#define __cdecl
#define __stdcall
#define __fastcall
#define __thiscall
#define __vectorcall
#define _cdecl
#define _stdcall
#define _fastcall

#undef __unaligned
#undef __ptr32
#undef __ptr64
#undef __w64
#define __unaligned
#define __ptr32
#define __ptr64
#define __w64

#ifndef __clang__
#define __int8  char
#define __int16 short
#define __int32 int
#endif

/*
 * MSVC keeps one copy of an inline function of a header. In C an empty word and a linker that
 * takes the first definition do the same; a real inline would leave undefined symbols.
 */
#undef __forceinline
#ifdef __cplusplus
#define __forceinline __inline__
#else
#define __forceinline
#endif

#define __assume(e)      ((void)0)
#define __noop(...)      ((void)0)
#define __debugbreak()   __builtin_trap()
#define __annotation(...)
#undef __pragma
#define __pragma(x)      _Pragma(#x)
#undef __identifier
#define __identifier(x)  x
#define _alloca          __builtin_alloca
#define UNDIS_PACKED     __attribute__((__packed__))
#define UNDIS_TWICE      __attribute__((__returns_twice__))
#define UNDIS_ALIGNED(n) __attribute__((__aligned__(n)))
#define UNDIS_FORMAT(kind, text, first)

#else /* clang for a Windows target: only used to compare layouts */

#define UNDIS_PACKED
#define UNDIS_TWICE
#define UNDIS_ALIGNED(n) __declspec(align(n))
#define UNDIS_FORMAT(kind, text, first)

#endif

#define NT_INLINE static __inline__ __attribute__((__unused__))

#define FORCEINLINE        __forceinline
#define CFORCEINLINE       __forceinline
#define FORCENOINLINE      __attribute__((__noinline__))
#define STKALIGN
#define DECLSPEC_ALIGN(n)  UNDIS_ALIGNED(n)
#define DECLSPEC_CACHEALIGN UNDIS_ALIGNED(64)
#define DECLSPEC_IMPORT
#define DECLSPEC_EXPORT
#define DECLSPEC_NORETURN  __attribute__((__noreturn__))
#define DECLSPEC_NOINLINE  __attribute__((__noinline__))
#define DECLSPEC_NOTHROW   __attribute__((__nothrow__))
#define DECLSPEC_NOVTABLE
#define DECLSPEC_RESTRICT
#define DECLSPEC_SELECTANY __attribute__((__weak__))
#define DECLSPEC_UUID(x)
#define DECLSPEC_ADDRSAFE
#define DECLSPEC_DEPRECATED
#define DECLSPEC_DEPRECATED_DDK
#define DECLSPEC_DEPRECATED_DDK_WINXP
#define PRAGMA_DEPRECATED_DDK 0
#define UNALIGNED
#define UNALIGNED64
#define RESTRICTED_POINTER __restrict__
#define POINTER_32
#define POINTER_64
#define FIRMWARE_PTR
#define NTAPI
#define __CRTDECL
#define NTAPI_INLINE
#define FASTCALL
#define CDECL
#define WINAPI
#define CALLBACK
#define APIENTRY
#define WSAAPI

#ifdef __cplusplus
#define C_ASSERT(e) static_assert(e, #e)
#else
#define C_ASSERT(e) _Static_assert(e, #e)
#endif

#define UNREFERENCED_PARAMETER(p)       ((void)(p))
#define DBG_UNREFERENCED_PARAMETER(p)   ((void)(p))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(v) ((void)(v))
#define DEFAULT_UNREACHABLE             default: __builtin_unreachable()

#define UNDIS_PASTE_(a, b) a##b
#define UNDIS_PASTE(a, b)  UNDIS_PASTE_(a, b)
