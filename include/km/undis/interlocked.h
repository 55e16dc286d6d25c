/* SPDX-License-Identifier: MIT */
/*
 * Interlocked operations and ordered loads and stores, on the compilers' atomics.
 * Every Interlocked operation is a full barrier, also those named Acquire, Release or NoFence.
 */
#pragma once

#include "../ntdef.h"

/* name suffix, type */
#define UNDIS_INTERLOCKED(S, T)                                                                    \
    NT_INLINE T UndisInterlockedIncrement##S(T volatile *Addend)                                       \
    {                                                                                              \
        return (T)(__atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST));                               \
    }                                                                                              \
    NT_INLINE T UndisInterlockedDecrement##S(T volatile *Addend)                                       \
    {                                                                                              \
        return (T)(__atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST));                               \
    }                                                                                              \
    NT_INLINE T UndisInterlockedExchange##S(T volatile *Target, T Value)                               \
    {                                                                                              \
        return (T)(__atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST));                          \
    }                                                                                              \
    NT_INLINE T UndisInterlockedExchangeAdd##S(T volatile *Addend, T Value)                            \
    {                                                                                              \
        return (T)(__atomic_fetch_add(Addend, Value, __ATOMIC_SEQ_CST));                           \
    }                                                                                              \
    NT_INLINE T UndisInterlockedAdd##S(T volatile *Addend, T Value)                                    \
    {                                                                                              \
        return (T)(__atomic_add_fetch(Addend, Value, __ATOMIC_SEQ_CST));                           \
    }                                                                                              \
    NT_INLINE T UndisInterlockedCompareExchange##S(T volatile *Destination, T ExChange, T Comperand)   \
    {                                                                                              \
        __atomic_compare_exchange_n(                                                               \
            Destination, &Comperand, ExChange, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);             \
        return Comperand;                                                                          \
    }                                                                                              \
    NT_INLINE T UndisInterlockedAnd##S(T volatile *Destination, T Value)                               \
    {                                                                                              \
        return (T)(__atomic_fetch_and(Destination, Value, __ATOMIC_SEQ_CST));                      \
    }                                                                                              \
    NT_INLINE T UndisInterlockedOr##S(T volatile *Destination, T Value)                                \
    {                                                                                              \
        return (T)(__atomic_fetch_or(Destination, Value, __ATOMIC_SEQ_CST));                       \
    }                                                                                              \
    NT_INLINE T UndisInterlockedXor##S(T volatile *Destination, T Value)                               \
    {                                                                                              \
        return (T)(__atomic_fetch_xor(Destination, Value, __ATOMIC_SEQ_CST));                      \
    }

UNDIS_INTERLOCKED(, LONG)
UNDIS_INTERLOCKED(8, CHAR)
UNDIS_INTERLOCKED(16, SHORT)
UNDIS_INTERLOCKED(64, LONG64)

NT_INLINE PVOID
UndisInterlockedExchangePointer(PVOID volatile *Target, PVOID Value)
{
    return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}

NT_INLINE PVOID
UndisInterlockedCompareExchangePointer(PVOID volatile *Destination, PVOID ExChange, PVOID Comperand)
{
    __atomic_compare_exchange_n(
        Destination, &Comperand, ExChange, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return Comperand;
}

NT_INLINE UCHAR
UndisInterlockedCompareExchange128(
    LONG64 volatile *Destination, LONG64 ExchangeHigh, LONG64 ExchangeLow, LONG64 *ComparandResult)
{
    UCHAR done;

    __asm__ __volatile__("lock cmpxchg16b %1"
                         : "=@ccz"(done), "+m"(Destination[0]), "+m"(Destination[1]),
                         "+a"(ComparandResult[0]), "+d"(ComparandResult[1])
                         : "b"(ExchangeLow), "c"(ExchangeHigh)
                         : "memory");
    return done;
}

NT_INLINE UCHAR
UndisInterlockedBitTestAndSet(LONG volatile *Base, LONG Bit)
{
    return (UCHAR)((__atomic_fetch_or(&Base[Bit >> 5], 1u << (Bit & 31), __ATOMIC_SEQ_CST) >>
                       (Bit & 31)) & 1);
}

NT_INLINE UCHAR
UndisInterlockedBitTestAndReset(LONG volatile *Base, LONG Bit)
{
    return (UCHAR)((__atomic_fetch_and(&Base[Bit >> 5], ~(1u << (Bit & 31)), __ATOMIC_SEQ_CST) >>
                       (Bit & 31)) & 1);
}

NT_INLINE UCHAR
UndisInterlockedBitTestAndSet64(LONG64 volatile *Base, LONG64 Bit)
{
    LONG64 mask = (LONG64)((ULONG64)1 << (Bit & 63));

    return (UCHAR)((__atomic_fetch_or(&Base[Bit >> 6], mask, __ATOMIC_SEQ_CST) & mask) != 0);
}

NT_INLINE UCHAR
UndisInterlockedBitTestAndReset64(LONG64 volatile *Base, LONG64 Bit)
{
    LONG64 mask = (LONG64)((ULONG64)1 << (Bit & 63));

    return (UCHAR)((__atomic_fetch_and(&Base[Bit >> 6], ~mask, __ATOMIC_SEQ_CST) & mask) != 0);
}

#define InterlockedIncrement UndisInterlockedIncrement
#define InterlockedIncrementAcquire UndisInterlockedIncrement
#define InterlockedIncrementRelease UndisInterlockedIncrement
#define InterlockedIncrementNoFence UndisInterlockedIncrement
#define InterlockedIncrement8 UndisInterlockedIncrement8
#define InterlockedIncrement8Acquire UndisInterlockedIncrement8
#define InterlockedIncrementAcquire8 UndisInterlockedIncrement8
#define InterlockedIncrement8Release UndisInterlockedIncrement8
#define InterlockedIncrementRelease8 UndisInterlockedIncrement8
#define InterlockedIncrement8NoFence UndisInterlockedIncrement8
#define InterlockedIncrementNoFence8 UndisInterlockedIncrement8
#define InterlockedIncrement16 UndisInterlockedIncrement16
#define InterlockedIncrement16Acquire UndisInterlockedIncrement16
#define InterlockedIncrementAcquire16 UndisInterlockedIncrement16
#define InterlockedIncrement16Release UndisInterlockedIncrement16
#define InterlockedIncrementRelease16 UndisInterlockedIncrement16
#define InterlockedIncrement16NoFence UndisInterlockedIncrement16
#define InterlockedIncrementNoFence16 UndisInterlockedIncrement16
#define InterlockedIncrement64 UndisInterlockedIncrement64
#define InterlockedIncrement64Acquire UndisInterlockedIncrement64
#define InterlockedIncrementAcquire64 UndisInterlockedIncrement64
#define InterlockedIncrement64Release UndisInterlockedIncrement64
#define InterlockedIncrementRelease64 UndisInterlockedIncrement64
#define InterlockedIncrement64NoFence UndisInterlockedIncrement64
#define InterlockedIncrementNoFence64 UndisInterlockedIncrement64
#define InterlockedDecrement UndisInterlockedDecrement
#define InterlockedDecrementAcquire UndisInterlockedDecrement
#define InterlockedDecrementRelease UndisInterlockedDecrement
#define InterlockedDecrementNoFence UndisInterlockedDecrement
#define InterlockedDecrement8 UndisInterlockedDecrement8
#define InterlockedDecrement8Acquire UndisInterlockedDecrement8
#define InterlockedDecrementAcquire8 UndisInterlockedDecrement8
#define InterlockedDecrement8Release UndisInterlockedDecrement8
#define InterlockedDecrementRelease8 UndisInterlockedDecrement8
#define InterlockedDecrement8NoFence UndisInterlockedDecrement8
#define InterlockedDecrementNoFence8 UndisInterlockedDecrement8
#define InterlockedDecrement16 UndisInterlockedDecrement16
#define InterlockedDecrement16Acquire UndisInterlockedDecrement16
#define InterlockedDecrementAcquire16 UndisInterlockedDecrement16
#define InterlockedDecrement16Release UndisInterlockedDecrement16
#define InterlockedDecrementRelease16 UndisInterlockedDecrement16
#define InterlockedDecrement16NoFence UndisInterlockedDecrement16
#define InterlockedDecrementNoFence16 UndisInterlockedDecrement16
#define InterlockedDecrement64 UndisInterlockedDecrement64
#define InterlockedDecrement64Acquire UndisInterlockedDecrement64
#define InterlockedDecrementAcquire64 UndisInterlockedDecrement64
#define InterlockedDecrement64Release UndisInterlockedDecrement64
#define InterlockedDecrementRelease64 UndisInterlockedDecrement64
#define InterlockedDecrement64NoFence UndisInterlockedDecrement64
#define InterlockedDecrementNoFence64 UndisInterlockedDecrement64
#define InterlockedExchange UndisInterlockedExchange
#define InterlockedExchangeAcquire UndisInterlockedExchange
#define InterlockedExchangeRelease UndisInterlockedExchange
#define InterlockedExchangeNoFence UndisInterlockedExchange
#define InterlockedExchange8 UndisInterlockedExchange8
#define InterlockedExchange8Acquire UndisInterlockedExchange8
#define InterlockedExchangeAcquire8 UndisInterlockedExchange8
#define InterlockedExchange8Release UndisInterlockedExchange8
#define InterlockedExchangeRelease8 UndisInterlockedExchange8
#define InterlockedExchange8NoFence UndisInterlockedExchange8
#define InterlockedExchangeNoFence8 UndisInterlockedExchange8
#define InterlockedExchange16 UndisInterlockedExchange16
#define InterlockedExchange16Acquire UndisInterlockedExchange16
#define InterlockedExchangeAcquire16 UndisInterlockedExchange16
#define InterlockedExchange16Release UndisInterlockedExchange16
#define InterlockedExchangeRelease16 UndisInterlockedExchange16
#define InterlockedExchange16NoFence UndisInterlockedExchange16
#define InterlockedExchangeNoFence16 UndisInterlockedExchange16
#define InterlockedExchange64 UndisInterlockedExchange64
#define InterlockedExchange64Acquire UndisInterlockedExchange64
#define InterlockedExchangeAcquire64 UndisInterlockedExchange64
#define InterlockedExchange64Release UndisInterlockedExchange64
#define InterlockedExchangeRelease64 UndisInterlockedExchange64
#define InterlockedExchange64NoFence UndisInterlockedExchange64
#define InterlockedExchangeNoFence64 UndisInterlockedExchange64
#define InterlockedExchangeAdd UndisInterlockedExchangeAdd
#define InterlockedExchangeAddAcquire UndisInterlockedExchangeAdd
#define InterlockedExchangeAddRelease UndisInterlockedExchangeAdd
#define InterlockedExchangeAddNoFence UndisInterlockedExchangeAdd
#define InterlockedExchangeAdd8 UndisInterlockedExchangeAdd8
#define InterlockedExchangeAdd8Acquire UndisInterlockedExchangeAdd8
#define InterlockedExchangeAddAcquire8 UndisInterlockedExchangeAdd8
#define InterlockedExchangeAdd8Release UndisInterlockedExchangeAdd8
#define InterlockedExchangeAddRelease8 UndisInterlockedExchangeAdd8
#define InterlockedExchangeAdd8NoFence UndisInterlockedExchangeAdd8
#define InterlockedExchangeAddNoFence8 UndisInterlockedExchangeAdd8
#define InterlockedExchangeAdd16 UndisInterlockedExchangeAdd16
#define InterlockedExchangeAdd16Acquire UndisInterlockedExchangeAdd16
#define InterlockedExchangeAddAcquire16 UndisInterlockedExchangeAdd16
#define InterlockedExchangeAdd16Release UndisInterlockedExchangeAdd16
#define InterlockedExchangeAddRelease16 UndisInterlockedExchangeAdd16
#define InterlockedExchangeAdd16NoFence UndisInterlockedExchangeAdd16
#define InterlockedExchangeAddNoFence16 UndisInterlockedExchangeAdd16
#define InterlockedExchangeAdd64 UndisInterlockedExchangeAdd64
#define InterlockedExchangeAdd64Acquire UndisInterlockedExchangeAdd64
#define InterlockedExchangeAddAcquire64 UndisInterlockedExchangeAdd64
#define InterlockedExchangeAdd64Release UndisInterlockedExchangeAdd64
#define InterlockedExchangeAddRelease64 UndisInterlockedExchangeAdd64
#define InterlockedExchangeAdd64NoFence UndisInterlockedExchangeAdd64
#define InterlockedExchangeAddNoFence64 UndisInterlockedExchangeAdd64
#define InterlockedAdd UndisInterlockedAdd
#define InterlockedAddAcquire UndisInterlockedAdd
#define InterlockedAddRelease UndisInterlockedAdd
#define InterlockedAddNoFence UndisInterlockedAdd
#define InterlockedAdd64 UndisInterlockedAdd64
#define InterlockedAdd64Acquire UndisInterlockedAdd64
#define InterlockedAddAcquire64 UndisInterlockedAdd64
#define InterlockedAdd64Release UndisInterlockedAdd64
#define InterlockedAddRelease64 UndisInterlockedAdd64
#define InterlockedAdd64NoFence UndisInterlockedAdd64
#define InterlockedAddNoFence64 UndisInterlockedAdd64
#define InterlockedCompareExchange UndisInterlockedCompareExchange
#define InterlockedCompareExchangeAcquire UndisInterlockedCompareExchange
#define InterlockedCompareExchangeRelease UndisInterlockedCompareExchange
#define InterlockedCompareExchangeNoFence UndisInterlockedCompareExchange
#define InterlockedCompareExchange8 UndisInterlockedCompareExchange8
#define InterlockedCompareExchange8Acquire UndisInterlockedCompareExchange8
#define InterlockedCompareExchangeAcquire8 UndisInterlockedCompareExchange8
#define InterlockedCompareExchange8Release UndisInterlockedCompareExchange8
#define InterlockedCompareExchangeRelease8 UndisInterlockedCompareExchange8
#define InterlockedCompareExchange8NoFence UndisInterlockedCompareExchange8
#define InterlockedCompareExchangeNoFence8 UndisInterlockedCompareExchange8
#define InterlockedCompareExchange16 UndisInterlockedCompareExchange16
#define InterlockedCompareExchange16Acquire UndisInterlockedCompareExchange16
#define InterlockedCompareExchangeAcquire16 UndisInterlockedCompareExchange16
#define InterlockedCompareExchange16Release UndisInterlockedCompareExchange16
#define InterlockedCompareExchangeRelease16 UndisInterlockedCompareExchange16
#define InterlockedCompareExchange16NoFence UndisInterlockedCompareExchange16
#define InterlockedCompareExchangeNoFence16 UndisInterlockedCompareExchange16
#define InterlockedCompareExchange64 UndisInterlockedCompareExchange64
#define InterlockedCompareExchange64Acquire UndisInterlockedCompareExchange64
#define InterlockedCompareExchangeAcquire64 UndisInterlockedCompareExchange64
#define InterlockedCompareExchange64Release UndisInterlockedCompareExchange64
#define InterlockedCompareExchangeRelease64 UndisInterlockedCompareExchange64
#define InterlockedCompareExchange64NoFence UndisInterlockedCompareExchange64
#define InterlockedCompareExchangeNoFence64 UndisInterlockedCompareExchange64
#define InterlockedAnd UndisInterlockedAnd
#define InterlockedAndAcquire UndisInterlockedAnd
#define InterlockedAndRelease UndisInterlockedAnd
#define InterlockedAndNoFence UndisInterlockedAnd
#define InterlockedAnd8 UndisInterlockedAnd8
#define InterlockedAnd8Acquire UndisInterlockedAnd8
#define InterlockedAndAcquire8 UndisInterlockedAnd8
#define InterlockedAnd8Release UndisInterlockedAnd8
#define InterlockedAndRelease8 UndisInterlockedAnd8
#define InterlockedAnd8NoFence UndisInterlockedAnd8
#define InterlockedAndNoFence8 UndisInterlockedAnd8
#define InterlockedAnd16 UndisInterlockedAnd16
#define InterlockedAnd16Acquire UndisInterlockedAnd16
#define InterlockedAndAcquire16 UndisInterlockedAnd16
#define InterlockedAnd16Release UndisInterlockedAnd16
#define InterlockedAndRelease16 UndisInterlockedAnd16
#define InterlockedAnd16NoFence UndisInterlockedAnd16
#define InterlockedAndNoFence16 UndisInterlockedAnd16
#define InterlockedAnd64 UndisInterlockedAnd64
#define InterlockedAnd64Acquire UndisInterlockedAnd64
#define InterlockedAndAcquire64 UndisInterlockedAnd64
#define InterlockedAnd64Release UndisInterlockedAnd64
#define InterlockedAndRelease64 UndisInterlockedAnd64
#define InterlockedAnd64NoFence UndisInterlockedAnd64
#define InterlockedAndNoFence64 UndisInterlockedAnd64
#define InterlockedOr UndisInterlockedOr
#define InterlockedOrAcquire UndisInterlockedOr
#define InterlockedOrRelease UndisInterlockedOr
#define InterlockedOrNoFence UndisInterlockedOr
#define InterlockedOr8 UndisInterlockedOr8
#define InterlockedOr8Acquire UndisInterlockedOr8
#define InterlockedOrAcquire8 UndisInterlockedOr8
#define InterlockedOr8Release UndisInterlockedOr8
#define InterlockedOrRelease8 UndisInterlockedOr8
#define InterlockedOr8NoFence UndisInterlockedOr8
#define InterlockedOrNoFence8 UndisInterlockedOr8
#define InterlockedOr16 UndisInterlockedOr16
#define InterlockedOr16Acquire UndisInterlockedOr16
#define InterlockedOrAcquire16 UndisInterlockedOr16
#define InterlockedOr16Release UndisInterlockedOr16
#define InterlockedOrRelease16 UndisInterlockedOr16
#define InterlockedOr16NoFence UndisInterlockedOr16
#define InterlockedOrNoFence16 UndisInterlockedOr16
#define InterlockedOr64 UndisInterlockedOr64
#define InterlockedOr64Acquire UndisInterlockedOr64
#define InterlockedOrAcquire64 UndisInterlockedOr64
#define InterlockedOr64Release UndisInterlockedOr64
#define InterlockedOrRelease64 UndisInterlockedOr64
#define InterlockedOr64NoFence UndisInterlockedOr64
#define InterlockedOrNoFence64 UndisInterlockedOr64
#define InterlockedXor UndisInterlockedXor
#define InterlockedXorAcquire UndisInterlockedXor
#define InterlockedXorRelease UndisInterlockedXor
#define InterlockedXorNoFence UndisInterlockedXor
#define InterlockedXor8 UndisInterlockedXor8
#define InterlockedXor8Acquire UndisInterlockedXor8
#define InterlockedXorAcquire8 UndisInterlockedXor8
#define InterlockedXor8Release UndisInterlockedXor8
#define InterlockedXorRelease8 UndisInterlockedXor8
#define InterlockedXor8NoFence UndisInterlockedXor8
#define InterlockedXorNoFence8 UndisInterlockedXor8
#define InterlockedXor16 UndisInterlockedXor16
#define InterlockedXor16Acquire UndisInterlockedXor16
#define InterlockedXorAcquire16 UndisInterlockedXor16
#define InterlockedXor16Release UndisInterlockedXor16
#define InterlockedXorRelease16 UndisInterlockedXor16
#define InterlockedXor16NoFence UndisInterlockedXor16
#define InterlockedXorNoFence16 UndisInterlockedXor16
#define InterlockedXor64 UndisInterlockedXor64
#define InterlockedXor64Acquire UndisInterlockedXor64
#define InterlockedXorAcquire64 UndisInterlockedXor64
#define InterlockedXor64Release UndisInterlockedXor64
#define InterlockedXorRelease64 UndisInterlockedXor64
#define InterlockedXor64NoFence UndisInterlockedXor64
#define InterlockedXorNoFence64 UndisInterlockedXor64
#define InterlockedExchangePointer UndisInterlockedExchangePointer
#define InterlockedExchangePointerAcquire UndisInterlockedExchangePointer
#define InterlockedExchangePointerRelease UndisInterlockedExchangePointer
#define InterlockedExchangePointerNoFence UndisInterlockedExchangePointer
#define InterlockedCompareExchangePointer UndisInterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerAcquire UndisInterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerRelease UndisInterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerNoFence UndisInterlockedCompareExchangePointer
#define InterlockedCompareExchange128 UndisInterlockedCompareExchange128
#define InterlockedBitTestAndSet UndisInterlockedBitTestAndSet
#define InterlockedBitTestAndSet64 UndisInterlockedBitTestAndSet64
#define InterlockedBitTestAndReset UndisInterlockedBitTestAndReset
#define InterlockedBitTestAndReset64 UndisInterlockedBitTestAndReset64
#define _InterlockedIncrement UndisInterlockedIncrement
#define _InterlockedIncrementAcquire UndisInterlockedIncrement
#define _InterlockedIncrementRelease UndisInterlockedIncrement
#define _InterlockedIncrementNoFence UndisInterlockedIncrement
#define _InterlockedIncrement8 UndisInterlockedIncrement8
#define _InterlockedIncrement8Acquire UndisInterlockedIncrement8
#define _InterlockedIncrementAcquire8 UndisInterlockedIncrement8
#define _InterlockedIncrement8Release UndisInterlockedIncrement8
#define _InterlockedIncrementRelease8 UndisInterlockedIncrement8
#define _InterlockedIncrement8NoFence UndisInterlockedIncrement8
#define _InterlockedIncrementNoFence8 UndisInterlockedIncrement8
#define _InterlockedIncrement16 UndisInterlockedIncrement16
#define _InterlockedIncrement16Acquire UndisInterlockedIncrement16
#define _InterlockedIncrementAcquire16 UndisInterlockedIncrement16
#define _InterlockedIncrement16Release UndisInterlockedIncrement16
#define _InterlockedIncrementRelease16 UndisInterlockedIncrement16
#define _InterlockedIncrement16NoFence UndisInterlockedIncrement16
#define _InterlockedIncrementNoFence16 UndisInterlockedIncrement16
#define _InterlockedIncrement64 UndisInterlockedIncrement64
#define _InterlockedIncrement64Acquire UndisInterlockedIncrement64
#define _InterlockedIncrementAcquire64 UndisInterlockedIncrement64
#define _InterlockedIncrement64Release UndisInterlockedIncrement64
#define _InterlockedIncrementRelease64 UndisInterlockedIncrement64
#define _InterlockedIncrement64NoFence UndisInterlockedIncrement64
#define _InterlockedIncrementNoFence64 UndisInterlockedIncrement64
#define _InterlockedDecrement UndisInterlockedDecrement
#define _InterlockedDecrementAcquire UndisInterlockedDecrement
#define _InterlockedDecrementRelease UndisInterlockedDecrement
#define _InterlockedDecrementNoFence UndisInterlockedDecrement
#define _InterlockedDecrement8 UndisInterlockedDecrement8
#define _InterlockedDecrement8Acquire UndisInterlockedDecrement8
#define _InterlockedDecrementAcquire8 UndisInterlockedDecrement8
#define _InterlockedDecrement8Release UndisInterlockedDecrement8
#define _InterlockedDecrementRelease8 UndisInterlockedDecrement8
#define _InterlockedDecrement8NoFence UndisInterlockedDecrement8
#define _InterlockedDecrementNoFence8 UndisInterlockedDecrement8
#define _InterlockedDecrement16 UndisInterlockedDecrement16
#define _InterlockedDecrement16Acquire UndisInterlockedDecrement16
#define _InterlockedDecrementAcquire16 UndisInterlockedDecrement16
#define _InterlockedDecrement16Release UndisInterlockedDecrement16
#define _InterlockedDecrementRelease16 UndisInterlockedDecrement16
#define _InterlockedDecrement16NoFence UndisInterlockedDecrement16
#define _InterlockedDecrementNoFence16 UndisInterlockedDecrement16
#define _InterlockedDecrement64 UndisInterlockedDecrement64
#define _InterlockedDecrement64Acquire UndisInterlockedDecrement64
#define _InterlockedDecrementAcquire64 UndisInterlockedDecrement64
#define _InterlockedDecrement64Release UndisInterlockedDecrement64
#define _InterlockedDecrementRelease64 UndisInterlockedDecrement64
#define _InterlockedDecrement64NoFence UndisInterlockedDecrement64
#define _InterlockedDecrementNoFence64 UndisInterlockedDecrement64
#define _InterlockedExchange UndisInterlockedExchange
#define _InterlockedExchangeAcquire UndisInterlockedExchange
#define _InterlockedExchangeRelease UndisInterlockedExchange
#define _InterlockedExchangeNoFence UndisInterlockedExchange
#define _InterlockedExchange8 UndisInterlockedExchange8
#define _InterlockedExchange8Acquire UndisInterlockedExchange8
#define _InterlockedExchangeAcquire8 UndisInterlockedExchange8
#define _InterlockedExchange8Release UndisInterlockedExchange8
#define _InterlockedExchangeRelease8 UndisInterlockedExchange8
#define _InterlockedExchange8NoFence UndisInterlockedExchange8
#define _InterlockedExchangeNoFence8 UndisInterlockedExchange8
#define _InterlockedExchange16 UndisInterlockedExchange16
#define _InterlockedExchange16Acquire UndisInterlockedExchange16
#define _InterlockedExchangeAcquire16 UndisInterlockedExchange16
#define _InterlockedExchange16Release UndisInterlockedExchange16
#define _InterlockedExchangeRelease16 UndisInterlockedExchange16
#define _InterlockedExchange16NoFence UndisInterlockedExchange16
#define _InterlockedExchangeNoFence16 UndisInterlockedExchange16
#define _InterlockedExchange64 UndisInterlockedExchange64
#define _InterlockedExchange64Acquire UndisInterlockedExchange64
#define _InterlockedExchangeAcquire64 UndisInterlockedExchange64
#define _InterlockedExchange64Release UndisInterlockedExchange64
#define _InterlockedExchangeRelease64 UndisInterlockedExchange64
#define _InterlockedExchange64NoFence UndisInterlockedExchange64
#define _InterlockedExchangeNoFence64 UndisInterlockedExchange64
#define _InterlockedExchangeAdd UndisInterlockedExchangeAdd
#define _InterlockedExchangeAddAcquire UndisInterlockedExchangeAdd
#define _InterlockedExchangeAddRelease UndisInterlockedExchangeAdd
#define _InterlockedExchangeAddNoFence UndisInterlockedExchangeAdd
#define _InterlockedExchangeAdd8 UndisInterlockedExchangeAdd8
#define _InterlockedExchangeAdd8Acquire UndisInterlockedExchangeAdd8
#define _InterlockedExchangeAddAcquire8 UndisInterlockedExchangeAdd8
#define _InterlockedExchangeAdd8Release UndisInterlockedExchangeAdd8
#define _InterlockedExchangeAddRelease8 UndisInterlockedExchangeAdd8
#define _InterlockedExchangeAdd8NoFence UndisInterlockedExchangeAdd8
#define _InterlockedExchangeAddNoFence8 UndisInterlockedExchangeAdd8
#define _InterlockedExchangeAdd16 UndisInterlockedExchangeAdd16
#define _InterlockedExchangeAdd16Acquire UndisInterlockedExchangeAdd16
#define _InterlockedExchangeAddAcquire16 UndisInterlockedExchangeAdd16
#define _InterlockedExchangeAdd16Release UndisInterlockedExchangeAdd16
#define _InterlockedExchangeAddRelease16 UndisInterlockedExchangeAdd16
#define _InterlockedExchangeAdd16NoFence UndisInterlockedExchangeAdd16
#define _InterlockedExchangeAddNoFence16 UndisInterlockedExchangeAdd16
#define _InterlockedExchangeAdd64 UndisInterlockedExchangeAdd64
#define _InterlockedExchangeAdd64Acquire UndisInterlockedExchangeAdd64
#define _InterlockedExchangeAddAcquire64 UndisInterlockedExchangeAdd64
#define _InterlockedExchangeAdd64Release UndisInterlockedExchangeAdd64
#define _InterlockedExchangeAddRelease64 UndisInterlockedExchangeAdd64
#define _InterlockedExchangeAdd64NoFence UndisInterlockedExchangeAdd64
#define _InterlockedExchangeAddNoFence64 UndisInterlockedExchangeAdd64
#define _InterlockedAdd UndisInterlockedAdd
#define _InterlockedAddAcquire UndisInterlockedAdd
#define _InterlockedAddRelease UndisInterlockedAdd
#define _InterlockedAddNoFence UndisInterlockedAdd
#define _InterlockedAdd64 UndisInterlockedAdd64
#define _InterlockedAdd64Acquire UndisInterlockedAdd64
#define _InterlockedAddAcquire64 UndisInterlockedAdd64
#define _InterlockedAdd64Release UndisInterlockedAdd64
#define _InterlockedAddRelease64 UndisInterlockedAdd64
#define _InterlockedAdd64NoFence UndisInterlockedAdd64
#define _InterlockedAddNoFence64 UndisInterlockedAdd64
#define _InterlockedCompareExchange UndisInterlockedCompareExchange
#define _InterlockedCompareExchangeAcquire UndisInterlockedCompareExchange
#define _InterlockedCompareExchangeRelease UndisInterlockedCompareExchange
#define _InterlockedCompareExchangeNoFence UndisInterlockedCompareExchange
#define _InterlockedCompareExchange8 UndisInterlockedCompareExchange8
#define _InterlockedCompareExchange8Acquire UndisInterlockedCompareExchange8
#define _InterlockedCompareExchangeAcquire8 UndisInterlockedCompareExchange8
#define _InterlockedCompareExchange8Release UndisInterlockedCompareExchange8
#define _InterlockedCompareExchangeRelease8 UndisInterlockedCompareExchange8
#define _InterlockedCompareExchange8NoFence UndisInterlockedCompareExchange8
#define _InterlockedCompareExchangeNoFence8 UndisInterlockedCompareExchange8
#define _InterlockedCompareExchange16 UndisInterlockedCompareExchange16
#define _InterlockedCompareExchange16Acquire UndisInterlockedCompareExchange16
#define _InterlockedCompareExchangeAcquire16 UndisInterlockedCompareExchange16
#define _InterlockedCompareExchange16Release UndisInterlockedCompareExchange16
#define _InterlockedCompareExchangeRelease16 UndisInterlockedCompareExchange16
#define _InterlockedCompareExchange16NoFence UndisInterlockedCompareExchange16
#define _InterlockedCompareExchangeNoFence16 UndisInterlockedCompareExchange16
#define _InterlockedCompareExchange64 UndisInterlockedCompareExchange64
#define _InterlockedCompareExchange64Acquire UndisInterlockedCompareExchange64
#define _InterlockedCompareExchangeAcquire64 UndisInterlockedCompareExchange64
#define _InterlockedCompareExchange64Release UndisInterlockedCompareExchange64
#define _InterlockedCompareExchangeRelease64 UndisInterlockedCompareExchange64
#define _InterlockedCompareExchange64NoFence UndisInterlockedCompareExchange64
#define _InterlockedCompareExchangeNoFence64 UndisInterlockedCompareExchange64
#define _InterlockedAnd UndisInterlockedAnd
#define _InterlockedAndAcquire UndisInterlockedAnd
#define _InterlockedAndRelease UndisInterlockedAnd
#define _InterlockedAndNoFence UndisInterlockedAnd
#define _InterlockedAnd8 UndisInterlockedAnd8
#define _InterlockedAnd8Acquire UndisInterlockedAnd8
#define _InterlockedAndAcquire8 UndisInterlockedAnd8
#define _InterlockedAnd8Release UndisInterlockedAnd8
#define _InterlockedAndRelease8 UndisInterlockedAnd8
#define _InterlockedAnd8NoFence UndisInterlockedAnd8
#define _InterlockedAndNoFence8 UndisInterlockedAnd8
#define _InterlockedAnd16 UndisInterlockedAnd16
#define _InterlockedAnd16Acquire UndisInterlockedAnd16
#define _InterlockedAndAcquire16 UndisInterlockedAnd16
#define _InterlockedAnd16Release UndisInterlockedAnd16
#define _InterlockedAndRelease16 UndisInterlockedAnd16
#define _InterlockedAnd16NoFence UndisInterlockedAnd16
#define _InterlockedAndNoFence16 UndisInterlockedAnd16
#define _InterlockedAnd64 UndisInterlockedAnd64
#define _InterlockedAnd64Acquire UndisInterlockedAnd64
#define _InterlockedAndAcquire64 UndisInterlockedAnd64
#define _InterlockedAnd64Release UndisInterlockedAnd64
#define _InterlockedAndRelease64 UndisInterlockedAnd64
#define _InterlockedAnd64NoFence UndisInterlockedAnd64
#define _InterlockedAndNoFence64 UndisInterlockedAnd64
#define _InterlockedOr UndisInterlockedOr
#define _InterlockedOrAcquire UndisInterlockedOr
#define _InterlockedOrRelease UndisInterlockedOr
#define _InterlockedOrNoFence UndisInterlockedOr
#define _InterlockedOr8 UndisInterlockedOr8
#define _InterlockedOr8Acquire UndisInterlockedOr8
#define _InterlockedOrAcquire8 UndisInterlockedOr8
#define _InterlockedOr8Release UndisInterlockedOr8
#define _InterlockedOrRelease8 UndisInterlockedOr8
#define _InterlockedOr8NoFence UndisInterlockedOr8
#define _InterlockedOrNoFence8 UndisInterlockedOr8
#define _InterlockedOr16 UndisInterlockedOr16
#define _InterlockedOr16Acquire UndisInterlockedOr16
#define _InterlockedOrAcquire16 UndisInterlockedOr16
#define _InterlockedOr16Release UndisInterlockedOr16
#define _InterlockedOrRelease16 UndisInterlockedOr16
#define _InterlockedOr16NoFence UndisInterlockedOr16
#define _InterlockedOrNoFence16 UndisInterlockedOr16
#define _InterlockedOr64 UndisInterlockedOr64
#define _InterlockedOr64Acquire UndisInterlockedOr64
#define _InterlockedOrAcquire64 UndisInterlockedOr64
#define _InterlockedOr64Release UndisInterlockedOr64
#define _InterlockedOrRelease64 UndisInterlockedOr64
#define _InterlockedOr64NoFence UndisInterlockedOr64
#define _InterlockedOrNoFence64 UndisInterlockedOr64
#define _InterlockedXor UndisInterlockedXor
#define _InterlockedXorAcquire UndisInterlockedXor
#define _InterlockedXorRelease UndisInterlockedXor
#define _InterlockedXorNoFence UndisInterlockedXor
#define _InterlockedXor8 UndisInterlockedXor8
#define _InterlockedXor8Acquire UndisInterlockedXor8
#define _InterlockedXorAcquire8 UndisInterlockedXor8
#define _InterlockedXor8Release UndisInterlockedXor8
#define _InterlockedXorRelease8 UndisInterlockedXor8
#define _InterlockedXor8NoFence UndisInterlockedXor8
#define _InterlockedXorNoFence8 UndisInterlockedXor8
#define _InterlockedXor16 UndisInterlockedXor16
#define _InterlockedXor16Acquire UndisInterlockedXor16
#define _InterlockedXorAcquire16 UndisInterlockedXor16
#define _InterlockedXor16Release UndisInterlockedXor16
#define _InterlockedXorRelease16 UndisInterlockedXor16
#define _InterlockedXor16NoFence UndisInterlockedXor16
#define _InterlockedXorNoFence16 UndisInterlockedXor16
#define _InterlockedXor64 UndisInterlockedXor64
#define _InterlockedXor64Acquire UndisInterlockedXor64
#define _InterlockedXorAcquire64 UndisInterlockedXor64
#define _InterlockedXor64Release UndisInterlockedXor64
#define _InterlockedXorRelease64 UndisInterlockedXor64
#define _InterlockedXor64NoFence UndisInterlockedXor64
#define _InterlockedXorNoFence64 UndisInterlockedXor64
#define _InterlockedExchangePointer UndisInterlockedExchangePointer
#define _InterlockedExchangePointerAcquire UndisInterlockedExchangePointer
#define _InterlockedExchangePointerRelease UndisInterlockedExchangePointer
#define _InterlockedExchangePointerNoFence UndisInterlockedExchangePointer
#define _InterlockedCompareExchangePointer UndisInterlockedCompareExchangePointer
#define _InterlockedCompareExchangePointerAcquire UndisInterlockedCompareExchangePointer
#define _InterlockedCompareExchangePointerRelease UndisInterlockedCompareExchangePointer
#define _InterlockedCompareExchangePointerNoFence UndisInterlockedCompareExchangePointer
#define _InterlockedCompareExchange128 UndisInterlockedCompareExchange128
#define _interlockedbittestandset UndisInterlockedBitTestAndSet
#define _interlockedbittestandset64 UndisInterlockedBitTestAndSet64
#define _interlockedbittestandreset UndisInterlockedBitTestAndReset
#define _interlockedbittestandreset64 UndisInterlockedBitTestAndReset64
#define InterlockedExchangeSizeT(a, v)    ((SIZE_T)UndisInterlockedExchange64((LONG64 volatile *)(a), (LONG64)(v)))
#define InterlockedExchangeAddSizeT(a, v) ((SIZE_T)UndisInterlockedExchangeAdd64((LONG64 volatile *)(a), (LONG64)(v)))
#define InterlockedIncrementSizeT(a)      ((SIZE_T)UndisInterlockedIncrement64((LONG64 volatile *)(a)))
#define InterlockedDecrementSizeT(a)      ((SIZE_T)UndisInterlockedDecrement64((LONG64 volatile *)(a)))

/* Ordered loads and stores: name, type. */
#define UNDIS_ORDERED(N, S, T)                                                                     \
    NT_INLINE T Read##N##Acquire##S(T const volatile *Source)                                      \
    {                                                                                              \
        return __atomic_load_n(Source, __ATOMIC_ACQUIRE);                                          \
    }                                                                                              \
    NT_INLINE T Read##N##NoFence##S(T const volatile *Source)                                      \
    {                                                                                              \
        return __atomic_load_n(Source, __ATOMIC_RELAXED);                                          \
    }                                                                                              \
    NT_INLINE T Read##N##Raw##S(T const volatile *Source)                                          \
    {                                                                                              \
        return __atomic_load_n(Source, __ATOMIC_RELAXED);                                          \
    }                                                                                              \
    NT_INLINE VOID Write##N##Release##S(T volatile *Destination, T Value)                          \
    {                                                                                              \
        __atomic_store_n(Destination, Value, __ATOMIC_RELEASE);                                    \
    }                                                                                              \
    NT_INLINE VOID Write##N##NoFence##S(T volatile *Destination, T Value)                          \
    {                                                                                              \
        __atomic_store_n(Destination, Value, __ATOMIC_RELAXED);                                    \
    }                                                                                              \
    NT_INLINE VOID Write##N##Raw##S(T volatile *Destination, T Value)                              \
    {                                                                                              \
        __atomic_store_n(Destination, Value, __ATOMIC_RELAXED);                                    \
    }
UNDIS_ORDERED(, , LONG)
UNDIS_ORDERED(, 8, CHAR)
UNDIS_ORDERED(, 16, SHORT)
UNDIS_ORDERED(, 64, LONG64)
UNDIS_ORDERED(Boolean, , BOOLEAN)
UNDIS_ORDERED(UChar, , UCHAR)
UNDIS_ORDERED(UShort, , USHORT)
UNDIS_ORDERED(ULong, , ULONG)
UNDIS_ORDERED(Long, , LONG)
UNDIS_ORDERED(Int32, , INT32)
UNDIS_ORDERED(UInt32, , UINT32)
UNDIS_ORDERED(ULong64, , ULONG64)
UNDIS_ORDERED(ULongPtr, , ULONG_PTR)
UNDIS_ORDERED(SizeT, , SIZE_T)
UNDIS_ORDERED(Pointer, , PVOID)

#define ReadPointerAcquire(s)  ReadPointerAcquire((PVOID const volatile *)(s))
#define ReadPointerNoFence(s)  ReadPointerNoFence((PVOID const volatile *)(s))
#define ReadPointerRaw(s)      ReadPointerRaw((PVOID const volatile *)(s))
#define WritePointerRelease(d, v) WritePointerRelease((PVOID volatile *)(d), (PVOID)(v))
#define WritePointerNoFence(d, v) WritePointerNoFence((PVOID volatile *)(d), (PVOID)(v))
#define WritePointerRaw(d, v)  WritePointerRaw((PVOID volatile *)(d), (PVOID)(v))
