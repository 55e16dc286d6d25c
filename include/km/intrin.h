/* SPDX-License-Identifier: MIT */
/* Compiler intrinsics of MSVC. */
#pragma once

#include "ntdef.h"
#include "undis/interlocked.h"

#ifdef __ELF__ /* no Windows target */

#define _ReadWriteBarrier()  __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define _ReadBarrier()       __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define _WriteBarrier()      __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define MemoryBarrier()      __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define YieldProcessor()     __builtin_ia32_pause()
#define PreFetchCacheLine(l, a) __builtin_prefetch((const void *)(a))
#define PrefetchForWrite(p)  __builtin_prefetch((const void *)(p), 1)
#define PF_TEMPORAL_LEVEL_1         1
#define PF_NON_TEMPORAL_LEVEL_ALL   0
#define ReadTimeStampCounter() __builtin_ia32_rdtsc()
#ifndef __rdtsc
#define __rdtsc()            __builtin_ia32_rdtsc()
#endif
#define _byteswap_ushort(x)  __builtin_bswap16(x)
#define _byteswap_ulong(x)   __builtin_bswap32(x)
#define _byteswap_uint64(x)  __builtin_bswap64(x)
#define _ReturnAddress()     __builtin_return_address(0)
#define _AddressOfReturnAddress() __builtin_frame_address(0)
#define __nop()              __asm__ __volatile__("nop")
#define __popcnt(x)          ((unsigned int)__builtin_popcount(x))
#define __movsb(d, s, n)     ((void)memcpy((d), (s), (n)))
#define __stosb(d, v, n)     ((void)memset((d), (v), (n)))
#define UnsignedMultiplyHigh(a, b) undis_umulh((a), (b))
#define __umulh(a, b)        undis_umulh((a), (b))
#define _rotl16(v, s)        undis_rotl16((v), (s))

NT_INLINE UCHAR
UndisBitScanForward(ULONG *Index, ULONG Mask)
{
    if (Mask == 0) {
        return 0;
    }
    *Index = (ULONG)__builtin_ctz(Mask);
    return 1;
}

NT_INLINE UCHAR
UndisBitScanReverse(ULONG *Index, ULONG Mask)
{
    if (Mask == 0) {
        return 0;
    }
    *Index = 31 - (ULONG)__builtin_clz(Mask);
    return 1;
}

NT_INLINE UCHAR
UndisBitScanForward64(ULONG *Index, ULONG64 Mask)
{
    ULONG low = (ULONG)Mask;

    if (low != 0) {
        return UndisBitScanForward(Index, low);
    }
    if (!UndisBitScanForward(Index, (ULONG)(Mask >> 32))) {
        return 0;
    }
    *Index += 32;
    return 1;
}

NT_INLINE UCHAR
UndisBitScanReverse64(ULONG *Index, ULONG64 Mask)
{
    ULONG high = (ULONG)(Mask >> 32);

    if (high == 0) {
        return UndisBitScanReverse(Index, (ULONG)Mask);
    }
    UndisBitScanReverse(Index, high);
    *Index += 32;
    return 1;
}

NT_INLINE VOID
undis_cpuid(int Registers[4], int Function, int Subfunction)
{
    __asm__ __volatile__("cpuid"
                         : "=a"(Registers[0]), "=b"(Registers[1]), "=c"(Registers[2]),
                         "=d"(Registers[3])
                         : "a"(Function), "c"(Subfunction));
}

NT_INLINE ULONG64
undis_umulh(ULONG64 a, ULONG64 b)
{
    return (ULONG64)(((unsigned __int128)a * b) >> 64);
}

NT_INLINE USHORT
undis_rotl16(USHORT Value, UCHAR Shift)
{
    return (USHORT)((Value << (Shift & 15)) | (Value >> ((16 - Shift) & 15)));
}

#ifndef __cpuid
#define __cpuid(r, f)      undis_cpuid((r), (f), 0)
#define __cpuidex(r, f, s) undis_cpuid((r), (f), (s))
#endif

#endif

#define BitScanForward UndisBitScanForward
#define _BitScanForward UndisBitScanForward
#define BitScanReverse UndisBitScanReverse
#define _BitScanReverse UndisBitScanReverse
#define BitScanForward64 UndisBitScanForward64
#define _BitScanForward64 UndisBitScanForward64
#define BitScanReverse64 UndisBitScanReverse64
#define _BitScanReverse64 UndisBitScanReverse64
