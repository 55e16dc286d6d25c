/* SPDX-License-Identifier: MIT */
/* The basic types of the native system: integers, strings, lists, times, status. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "basetsd.h"
#include "guiddef.h"
#include "sdkddkver.h"
#include "specstrings.h"
#include "undis/compiler.h"

#define IN
#define OUT
#define OPTIONAL
#define CRITICAL
#define CONST const
#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef NULL
#ifdef __cplusplus
#define NULL 0
#else
#define NULL ((void *)0)
#endif
#endif
#define ANYSIZE_ARRAY               1
#define MAX_PATH                    260
#define MAX_NATURAL_ALIGNMENT       sizeof(ULONG64)
#define MEMORY_ALLOCATION_ALIGNMENT 16
#define SYSTEM_CACHE_ALIGNMENT_SIZE 64
#define MAXIMUM_PROCESSORS          64
#define TYPE_ALIGNMENT(t)                                                                          \
    __builtin_offsetof(                                                                            \
        struct {                                                                                   \
            char x;                                                                                \
            t test;                                                                                \
        },                                                                                         \
        test)
#define PROBE_ALIGNMENT(t)  TYPE_ALIGNMENT(ULONG)
#define ARGUMENT_PRESENT(p) ((CHAR *)((ULONG_PTR)(p)) != (CHAR *)NULL)

typedef void VOID;
typedef void *PVOID, **PPVOID, *PVOID64, *LPVOID;
typedef const void *PCVOID, *LPCVOID;
typedef char CHAR, *PCHAR, *LPCH, *PCH, *NPSTR, *LPSTR, *PSTR, **PZPSTR;
typedef const char *LPCCH, *PCCH, *LPCSTR, *PCSTR, *PCSZ, **PZPCSTR;
typedef signed char SCHAR, *PSCHAR;
typedef char CCHAR;
typedef CCHAR *PCCHAR;
typedef unsigned char UCHAR, *PUCHAR;
typedef const UCHAR *PCUCHAR;
typedef short SHORT, *PSHORT, CSHORT;
typedef unsigned short USHORT, *PUSHORT;
typedef const USHORT *PCUSHORT;
typedef int INT, *PINT, LONG, *PLONG;
#ifndef FAR
#define FAR
#endif
typedef unsigned int UINT, *PUINT, ULONG, *PULONG, DWORD;
typedef const ULONG *PCULONG;
typedef const LONG *PCLONG;
typedef INT64 LONGLONG, *PLONGLONG;
typedef UINT64 ULONGLONG, *PULONGLONG;
typedef UINT64 DWORDLONG, *PDWORDLONG;
typedef LONGLONG USN;
typedef float FLOAT, *PFLOAT;
typedef double DOUBLE;
typedef UCHAR BOOLEAN, *PBOOLEAN;
typedef wchar_t WCHAR, *PWCHAR, *LPWCH, *PWCH, *NWPSTR, *LPWSTR, *PWSTR;
typedef const wchar_t *LPCWCH, *PCWCH, *LPCWSTR, *PCWSTR;
typedef PWSTR *PZPWSTR;
typedef PCWSTR *PZPCWSTR;
typedef PWSTR PZZWSTR;
typedef PCWSTR PCZZWSTR;
typedef PSTR PZZSTR;
typedef PCSTR PCZZSTR;
typedef WCHAR *PNZWCH;
#ifdef UNICODE
typedef WCHAR TCHAR, *PTCHAR;
typedef WCHAR *PTSTR, *LPTSTR;
typedef const WCHAR *PCTSTR, *LPCTSTR;
#else
typedef char TCHAR, *PTCHAR;
typedef char *PTSTR, *LPTSTR;
typedef const char *PCTSTR, *LPCTSTR;
#endif
typedef const WCHAR *PCNZWCH, *LPCUWCHAR, *PCUWCHAR;
typedef CHAR *PNZCH;
typedef const CHAR *PCNZCH;
typedef void *HANDLE, **PHANDLE;
typedef UCHAR FCHAR;
typedef USHORT FSHORT;
typedef ULONG FLONG;
typedef LONG HRESULT;
typedef LONG NTSTATUS, *PNTSTATUS;
typedef ULONG LCID, *PLCID;
typedef USHORT LANGID;
typedef ULONG LOGICAL, *PLOGICAL;
typedef ULONG NODE_REQUIREMENT;
typedef UCHAR KIRQL, *PKIRQL;
typedef ULONG CLONG;
typedef USHORT SECURITY_DESCRIPTOR_CONTROL, *PSECURITY_DESCRIPTOR_CONTROL;
typedef PVOID PSECURITY_DESCRIPTOR;
typedef ULONG SECURITY_INFORMATION, *PSECURITY_INFORMATION;
typedef PVOID PSID;

#define _HRESULT_TYPEDEF_(s) ((HRESULT)(s))
#define DECLARE_HANDLE(name)                                                                       \
    typedef struct name##__ {                                                                      \
        int unused;                                                                                \
    } * name

typedef union _LARGE_INTEGER {
    struct {
        ULONG LowPart;
        LONG HighPart;
    };
    struct {
        ULONG LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    struct {
        ULONG LowPart;
        ULONG HighPart;
    };
    struct {
        ULONG LowPart;
        ULONG HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;
typedef const LARGE_INTEGER *PCLARGE_INTEGER;

typedef struct _LUID {
    ULONG LowPart;
    LONG HighPart;
} LUID, *PLUID;

typedef struct _FLOAT128 {
    INT64 LowPart;
    INT64 HighPart;
} FLOAT128, *PFLOAT128;

typedef struct _STRING {
    USHORT Length;
    USHORT MaximumLength;
    PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING, UTF8_STRING,
    *PUTF8_STRING;
typedef const STRING *PCOEM_STRING, *PCANSI_STRING, *PCUTF8_STRING;

typedef struct _CSTRING {
    USHORT Length;
    USHORT MaximumLength;
    const char *Buffer;
} CSTRING, *PCSTRING;

typedef struct _UNICODE_STRING {
    USHORT Length;
    USHORT MaximumLength;
    PWCH Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

#define UNICODE_NULL             ((WCHAR)0)
#define ANSI_NULL                ((CHAR)0)
#define UNICODE_STRING_MAX_BYTES ((USHORT)65534)
#define UNICODE_STRING_MAX_CHARS 32767
#define DECLARE_CONST_UNICODE_STRING(name, text)                                                   \
    const WCHAR name##_buffer[] = text;                                                            \
    const UNICODE_STRING name = {sizeof(text) - sizeof(WCHAR), sizeof(text), (PWCH)name##_buffer}
#define DECLARE_GLOBAL_CONST_UNICODE_STRING(name, text)                                            \
    extern const UNICODE_STRING name;                                                              \
    const UNICODE_STRING name = {sizeof(text) - sizeof(WCHAR), sizeof(text), (PWCH)(text)}
#define DECLARE_UNICODE_STRING_SIZE(name, chars)                                                   \
    WCHAR name##_buffer[chars];                                                                    \
    UNICODE_STRING name = {0, (chars) * sizeof(WCHAR), name##_buffer}
#ifdef __cplusplus
/* Drivers include headers within extern "C". */
extern "C++" {
constexpr char *
undis_plain(const char *s)
{
    return const_cast<char *>(s);
}
constexpr wchar_t *
undis_plain(const wchar_t *s)
{
    return const_cast<wchar_t *>(s);
}
}
#define UNDIS_PLAIN(s) undis_plain(s)
#else
#define UNDIS_PLAIN(s) ((void *)(s))
#endif
#define RTL_CONSTANT_STRING(s)                                                                     \
    {                                                                                              \
        sizeof(s) - sizeof((s)[0]), sizeof(s), UNDIS_PLAIN(s)                                      \
    }

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY, *PRLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
    struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

typedef struct _LIST_ENTRY32 {
    ULONG Flink;
    ULONG Blink;
} LIST_ENTRY32, *PLIST_ENTRY32;

typedef struct _LIST_ENTRY64 {
    ULONGLONG Flink;
    ULONGLONG Blink;
} LIST_ENTRY64, *PLIST_ENTRY64;

typedef struct _OBJECT_ATTRIBUTES {
    ULONG Length;
    HANDLE RootDirectory;
    PUNICODE_STRING ObjectName;
    ULONG Attributes;
    PVOID SecurityDescriptor;
    PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;
typedef const OBJECT_ATTRIBUTES *PCOBJECT_ATTRIBUTES;

#define OBJ_INHERIT            0x00000002
#define OBJ_PERMANENT          0x00000010
#define OBJ_EXCLUSIVE          0x00000020
#define OBJ_CASE_INSENSITIVE   0x00000040
#define OBJ_OPENIF             0x00000080
#define OBJ_OPENLINK           0x00000100
#define OBJ_KERNEL_HANDLE      0x00000200
#define OBJ_FORCE_ACCESS_CHECK 0x00000400
#define OBJ_VALID_ATTRIBUTES   0x00001FF2

#define InitializeObjectAttributes(p, n, a, r, s)                                                  \
    {                                                                                              \
        (p)->Length = sizeof(OBJECT_ATTRIBUTES);                                                   \
        (p)->RootDirectory = (r);                                                                  \
        (p)->Attributes = (a);                                                                     \
        (p)->ObjectName = (n);                                                                     \
        (p)->SecurityDescriptor = (s);                                                             \
        (p)->SecurityQualityOfService = NULL;                                                      \
    }
#define RTL_CONSTANT_OBJECT_ATTRIBUTES(n, a)                                                       \
    {                                                                                              \
        sizeof(OBJECT_ATTRIBUTES), NULL, (PUNICODE_STRING)(n), a, NULL, NULL                       \
    }
#define RTL_INIT_OBJECT_ATTRIBUTES(n, a) RTL_CONSTANT_OBJECT_ATTRIBUTES(n, a)

typedef struct _PROCESSOR_NUMBER {
    USHORT Group;
    UCHAR Number;
    UCHAR Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

typedef struct _GROUP_AFFINITY {
    KAFFINITY Mask;
    USHORT Group;
    USHORT Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;

typedef enum _EVENT_TYPE { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum _TIMER_TYPE { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum _WAIT_TYPE { WaitAll, WaitAny } WAIT_TYPE;

typedef struct _QUAD {
    union {
        INT64 UseThisFieldToCopy;
        double DoNotUseThisField;
    };
} QUAD, *PQUAD;
typedef QUAD UQUAD, *PUQUAD;

typedef ULONG_PTR KSPIN_LOCK, *PKSPIN_LOCK;

#define NT_SUCCESS(s)                (((NTSTATUS)(s)) >= 0)
#define NT_INFORMATION(s)            ((((ULONG)(s)) >> 30) == 1)
#define NT_WARNING(s)                ((((ULONG)(s)) >> 30) == 2)
#define NT_ERROR(s)                  ((((ULONG)(s)) >> 30) == 3)
#define APPLICATION_ERROR_MASK       0x20000000
#define ERROR_SEVERITY_SUCCESS       0x00000000
#define ERROR_SEVERITY_INFORMATIONAL 0x40000000
#define ERROR_SEVERITY_WARNING       0x80000000
#define ERROR_SEVERITY_ERROR         0xC0000000
#define FACILITY_NT_BIT              0x10000000

#define FIELD_OFFSET(type, field)  ((LONG) __builtin_offsetof(type, field))
#define UFIELD_OFFSET(type, field) ((ULONG) __builtin_offsetof(type, field))
#define CONTAINING_RECORD(address, type, field)                                                    \
    ((type *)((PCHAR)(address) - (ULONG_PTR) __builtin_offsetof(type, field)))
#define RTL_FIELD_TYPE(type, field) (((type *)0)->field)
#define RTL_FIELD_SIZE(type, field) (sizeof(((type *)0)->field))
#define RTL_SIZEOF_THROUGH_FIELD(type, field)                                                      \
    (FIELD_OFFSET(type, field) + RTL_FIELD_SIZE(type, field))
#define RTL_CONTAINS_FIELD(s, size, field)                                                         \
    ((((PCHAR)(&(s)->field)) + sizeof((s)->field)) <= (((PCHAR)(s)) + (size)))
#define RTL_NUMBER_OF(a)                 (sizeof(a) / sizeof((a)[0]))
#define RTL_NUMBER_OF_V1(a)              RTL_NUMBER_OF(a)
#define RTL_NUMBER_OF_V2(a)              RTL_NUMBER_OF(a)
#define ARRAYSIZE(a)                     RTL_NUMBER_OF(a)
#define _ARRAYSIZE(a)                    RTL_NUMBER_OF(a)
#define RTL_NUMBER_OF_FIELD(type, field) (RTL_NUMBER_OF(RTL_FIELD_TYPE(type, field)))
#define RTL_PADDING_BETWEEN_FIELDS(t, a, b)                                                        \
    ((FIELD_OFFSET(t, b) > FIELD_OFFSET(t, a))                                                     \
            ? (FIELD_OFFSET(t, b) - FIELD_OFFSET(t, a) - RTL_FIELD_SIZE(t, a))                     \
            : (FIELD_OFFSET(t, a) - FIELD_OFFSET(t, b) - RTL_FIELD_SIZE(t, b)))
#define RTL_BITS_OF(x)          (sizeof(x) * 8)
#define RTL_BITS_OF_FIELD(t, f) (RTL_BITS_OF(RTL_FIELD_TYPE(t, f)))
#define RTL_CONST_CAST(t)       (t)
#define PROCESSOR_FEATURE_MAX   64
#define MAKELANGID(p, s)        ((((USHORT)(s)) << 10) | (USHORT)(p))
#define LANG_NEUTRAL            0x00
#define SUBLANG_NEUTRAL         0x00
#define Int32x32To64(a, b)      (((LONGLONG)((LONG)(a))) * ((LONGLONG)((LONG)(b))))
#define UInt32x32To64(a, b)     (((ULONGLONG)((ULONG)(a))) * ((ULONGLONG)((ULONG)(b))))
#define Int64ShllMod32(a, b)    ((ULONGLONG)(a) << (b))
#define Int64ShraMod32(a, b)    ((LONGLONG)(a) >> (b))
#define Int64ShrlMod32(a, b)    ((ULONGLONG)(a) >> (b))

#ifdef __cplusplus
#define DEFINE_ENUM_FLAG_OPERATORS(T)                                                              \
    extern "C++" {                                                                                 \
    inline constexpr T                                                                             \
    operator|(T a, T b)                                                                            \
    {                                                                                              \
        return T(((int)a) | ((int)b));                                                             \
    }                                                                                              \
    inline T &                                                                                     \
    operator|=(T &a, T b)                                                                          \
    {                                                                                              \
        return (T &)(((int &)a) |= ((int)b));                                                      \
    }                                                                                              \
    inline constexpr T                                                                             \
    operator&(T a, T b)                                                                            \
    {                                                                                              \
        return T(((int)a) & ((int)b));                                                             \
    }                                                                                              \
    inline T &                                                                                     \
    operator&=(T &a, T b)                                                                          \
    {                                                                                              \
        return (T &)(((int &)a) &= ((int)b));                                                      \
    }                                                                                              \
    inline constexpr T                                                                             \
    operator~(T a)                                                                                 \
    {                                                                                              \
        return T(~((int)a));                                                                       \
    }                                                                                              \
    inline constexpr T                                                                             \
    operator^(T a, T b)                                                                            \
    {                                                                                              \
        return T(((int)a) ^ ((int)b));                                                             \
    }                                                                                              \
    inline T &                                                                                     \
    operator^=(T &a, T b)                                                                          \
    {                                                                                              \
        return (T &)(((int &)a) ^= ((int)b));                                                      \
    }                                                                                              \
    }
#else
#define DEFINE_ENUM_FLAG_OPERATORS(T)
#endif
